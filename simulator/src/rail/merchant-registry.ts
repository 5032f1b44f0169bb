import { createPublicKey, type KeyObject, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '@corridor/gateway/journal/make-folder';
import { Type } from 'typebox';
import { Parse } from 'typebox/value';
import { newKey, RailKeys } from './rail-keys.ts';

/** What the rail knows of a merchant. */
export interface RegisteredMerchant {
  readonly mchid: string;
  readonly appid: string;
  readonly serial: string;
  readonly publicKey: KeyObject;
  /** 32 characters. */
  readonly apiV3Key: string;
}

/** `<dir>/merchants/<mchid>.json`: put there, a merchant is registered, without a restart. */
const MerchantFile = Type.Object({
  mchid: Type.String({ pattern: '^\\d{8,12}$' }),
  appid: Type.String({ minLength: 1 }),
  serial: Type.String({ minLength: 1 }),
  publicKeyPem: Type.String(),
  apiV3Key: Type.String({ minLength: 32, maxLength: 32 }),
});

export function registeredMerchant(dir: string, mchid: string): RegisteredMerchant | null {
  const file = join(dir, 'merchants', `${mchid}.json`);
  if (!/^\d{8,12}$/.test(mchid) || !existsSync(file)) return null;
  const { publicKeyPem, ...rest } = Parse(MerchantFile, JSON.parse(readFileSync(file, 'utf8')));
  return { ...rest, publicKey: createPublicKey(publicKeyPem) };
}

/** Environment by which the platform finds its side of a registration. */
export type MerchantEnvironment = Readonly<
  Record<
    | 'PAYMENT_RAIL'
    | 'PAYMENT_RAIL_MERCHANT_ID'
    | 'PAYMENT_RAIL_APP_ID'
    | 'PAYMENT_RAIL_MERCHANT_SERIAL'
    | 'PAYMENT_RAIL_MERCHANT_KEY'
    | 'PAYMENT_RAIL_API_V3_KEY'
    | 'PAYMENT_RAIL_PLATFORM_KEYS',
    string
  >
>;

export const SANDBOX_MERCHANT_ID = '1900000001';
const SANDBOX_APP_ID = 'wxcorridorsandbox';

/**
 * Registers the platform as the sandbox's merchant, once a folder: the rail's side in `<dir>/merchants`, the merchant's in
 * `<dir>/merchant`. The rail's present public key is put beside it each time.
 */
export function registerSandboxMerchant(dir: string): MerchantEnvironment {
  const own = join(dir, 'merchant');
  const platform = join(own, 'platform');
  for (const folder of [join(dir, 'merchants'), platform]) makeFolder(folder, 0o700);
  const serialFile = join(own, 'serial');
  const keyFile = join(own, 'merchant-key.pem');
  const apiV3KeyFile = join(own, 'api-v3-key');
  const write = (file: string, text: string) => writeFileSync(file, text, { mode: 0o600 });
  if (!existsSync(serialFile)) {
    const key = newKey();
    const apiV3Key = randomBytes(16).toString('hex');
    const merchant = { mchid: SANDBOX_MERCHANT_ID, appid: SANDBOX_APP_ID, serial: key.serial, publicKeyPem: key.publicPem, apiV3Key };
    write(join(dir, 'merchants', `${SANDBOX_MERCHANT_ID}.json`), JSON.stringify(merchant));
    write(keyFile, key.privatePem);
    write(apiV3KeyFile, apiV3Key);
    // Last: without it the registration is made anew.
    write(serialFile, key.serial);
  }
  const keys = new RailKeys(join(dir, 'keys'));
  write(join(platform, `${keys.current.serial}.pem`), keys.publicPem());
  return {
    PAYMENT_RAIL: 'sandbox',
    PAYMENT_RAIL_MERCHANT_ID: SANDBOX_MERCHANT_ID,
    PAYMENT_RAIL_APP_ID: SANDBOX_APP_ID,
    PAYMENT_RAIL_MERCHANT_SERIAL: readFileSync(serialFile, 'utf8'),
    PAYMENT_RAIL_MERCHANT_KEY: keyFile,
    PAYMENT_RAIL_API_V3_KEY: apiV3KeyFile,
    PAYMENT_RAIL_PLATFORM_KEYS: platform,
  };
}

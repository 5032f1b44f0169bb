import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@corridor/testkit/temporary-folder';
import { expect, it } from 'vitest';
import { planSandboxRail } from './sandbox-rail.ts';

const none = { rail: null, isProduction: false, certifierUrl: null };

it('keeps port, merchant and keys from start to start', async () => {
  using folder = temporaryFolder();
  const plan = await planSandboxRail(none, folder.path);
  expect(await planSandboxRail(none, folder.path)).toEqual(plan);
  const key = plan?.twinEnvironment['PAYMENT_RAIL_MERCHANT_KEY'] ?? '';
  expect(readFileSync(key, 'utf8')).toContain('PRIVATE KEY');
  expect(key.startsWith(join(folder.path, 'rail'))).toBe(true);
});

it('makes no sandbox beside a rail that is configured, nor in production', async () => {
  using folder = temporaryFolder();
  const rail = { channel: 'wechatpay', url: '', merchantId: '', appId: '', merchantSerial: '', merchantKeyFile: '' } as const;
  const configured = { ...rail, apiV3KeyFile: '', platformKeysDir: '', callbackUrl: null, checkMs: 2_000, topUpMaxFen: 1n, coolingMs: 0 };
  expect(await planSandboxRail({ ...none, rail: configured }, folder.path)).toBeNull();
  expect(await planSandboxRail({ ...none, isProduction: true }, folder.path)).toBeNull();
});

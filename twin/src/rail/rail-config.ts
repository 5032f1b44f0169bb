import { type Static, Type } from 'typebox';

export const PAYMENT_CHANNELS = ['sandbox', 'wechatpay'] as const;
export type PaymentChannel = (typeof PAYMENT_CHANNELS)[number];

const text = (description: string, pattern = '^.+$') => Type.Optional(Type.String({ pattern, description }));
const CHECK_MS = 2_000;
/** Over a weekend and a day, so that somebody of the principal is there to say no. */
const COOLING_HOURS = 72;
const HOUR_MS = 3_600_000;
/** A thousand million yuan: so much the sandbox takes at most. A provider sets its own limits for each merchant, mostly lower ones. */
const TOP_UP_MAX_FEN = 100_000_000_000;
/** Amounts are asked for with 12 digits at most. */
const ASKED_MAX_FEN = 999_999_999_999;
const httpUrl = '^https?://[^\\s]+$';

/** What the environment says of the payment rail. Secrets are in files, never in a variable, and have no default. */
export const RAIL_ENVIRONMENT = {
  PAYMENT_RAIL: Type.Optional(
    Type.Enum([...PAYMENT_CHANNELS], { description: 'payment rail; none: nothing is paid in or out. "npm start" brings the sandbox' }),
  ),
  PAYMENT_RAIL_URL: text('address of its API, without a slash at its end', httpUrl),
  PAYMENT_RAIL_MERCHANT_ID: text('merchant number (mchid)', '^\\d{8,12}$'),
  PAYMENT_RAIL_APP_ID: text('app that belongs to the merchant (appid)'),
  PAYMENT_RAIL_MERCHANT_SERIAL: text("serial of the merchant's certificate", '^[A-Za-z0-9]+$'),
  PAYMENT_RAIL_MERCHANT_KEY: text("file with the merchant's private key, PEM"),
  PAYMENT_RAIL_API_V3_KEY: text('file with the API v3 key, 32 characters'),
  PAYMENT_RAIL_PLATFORM_KEYS: text("folder of the provider's public keys, <serial>.pem each; a new one is found without a restart"),
  PAYMENT_RAIL_CALLBACK_URL: text(
    'address at which the rail reaches this twin; default http://127.0.0.1:PORT, in production needed',
    httpUrl,
  ),
  PAYMENT_RAIL_CHECK_MS: Type.Optional(
    Type.Integer({
      minimum: 20,
      maximum: 60_000,
      description: `wall ms until the rail is asked about a payment that no callback ended; every time twice as long, up to a minute; default ${CHECK_MS}`,
    }),
  ),
  PAYMENT_TOP_UP_MAX_FEN: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: ASKED_MAX_FEN,
      description: `most that one payment in asks for, fen; the provider's own limit for the merchant; default ${TOP_UP_MAX_FEN}`,
    }),
  ),
  PAYMENT_RECEIVER_COOLING_HOURS: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 720,
      description: `wall hours between the approval of an account for payouts and its first use; default ${COOLING_HOURS}`,
    }),
  ),
};
const RailEnvironment = Type.Object(RAIL_ENVIRONMENT);
export type RailEnvironment = Static<typeof RailEnvironment>;

export interface RailConfig {
  readonly channel: PaymentChannel;
  readonly url: string;
  readonly merchantId: string;
  readonly appId: string;
  readonly merchantSerial: string;
  readonly merchantKeyFile: string;
  readonly apiV3KeyFile: string;
  readonly platformKeysDir: string;
  /** null: this machine. */
  readonly callbackUrl: string | null;
  /** Wall ms until the rail is first asked about a payment. */
  readonly checkMs: number;
  /** Most that one payment in asks for. */
  readonly topUpMaxFen: bigint;
  /** Wall ms between the approval of an account of a principal and its first use. */
  readonly coolingMs: number;
}

const NEEDED = [
  'PAYMENT_RAIL_URL',
  'PAYMENT_RAIL_MERCHANT_ID',
  'PAYMENT_RAIL_APP_ID',
  'PAYMENT_RAIL_MERCHANT_SERIAL',
  'PAYMENT_RAIL_MERCHANT_KEY',
  'PAYMENT_RAIL_API_V3_KEY',
  'PAYMENT_RAIL_PLATFORM_KEYS',
] as const satisfies readonly (keyof RailEnvironment)[];

/** @returns one line per mistake */
export function railMistakes(values: RailEnvironment, isProduction: boolean): string[] {
  if (values.PAYMENT_RAIL === undefined) {
    return NEEDED.filter((name) => values[name] !== undefined).map((name) => `${name} means nothing without PAYMENT_RAIL`);
  }
  const mistakes = NEEDED.filter((name) => values[name] === undefined).map((name) => `${name} is missing: PAYMENT_RAIL needs it`);
  if (!isProduction) return mistakes;
  if (values.PAYMENT_RAIL === 'sandbox')
    mistakes.push('PAYMENT_RAIL=sandbox makes money out of nothing: production takes a licensed provider');
  if (values.PAYMENT_RAIL_CALLBACK_URL === undefined)
    mistakes.push('PAYMENT_RAIL_CALLBACK_URL is missing: the provider has to reach this twin');
  for (const name of ['PAYMENT_RAIL_URL', 'PAYMENT_RAIL_CALLBACK_URL'] as const)
    if (values[name]?.startsWith('http:') === true) mistakes.push(`${name} must be https in production`);
  return mistakes;
}

/** @param values without mistakes */
export function railConfigOf(values: RailEnvironment): RailConfig | null {
  const needed = NEEDED.map((name) => values[name] ?? '');
  const [url = '', merchantId = '', appId = '', merchantSerial = '', merchantKeyFile = '', apiV3KeyFile = '', platformKeysDir = ''] =
    needed;
  if (values.PAYMENT_RAIL === undefined) return null;
  return {
    channel: values.PAYMENT_RAIL,
    url,
    merchantId,
    appId,
    merchantSerial,
    merchantKeyFile,
    apiV3KeyFile,
    platformKeysDir,
    callbackUrl: values.PAYMENT_RAIL_CALLBACK_URL ?? null,
    checkMs: values.PAYMENT_RAIL_CHECK_MS ?? CHECK_MS,
    topUpMaxFen: BigInt(values.PAYMENT_TOP_UP_MAX_FEN ?? TOP_UP_MAX_FEN),
    coolingMs: (values.PAYMENT_RECEIVER_COOLING_HOURS ?? COOLING_HOURS) * HOUR_MS,
  };
}

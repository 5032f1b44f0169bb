import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CallbackFaults, NO_CALLBACK_FAULTS } from '@corridor/simulator/rail/callback-sender';
import { registerSandboxMerchant, SANDBOX_MERCHANT_ID } from '@corridor/simulator/rail/merchant-registry';
import { encryptedResource, signedHeaders } from '@corridor/simulator/rail/rail-crypto';
import { type SandboxRail, startSandboxRail } from '@corridor/simulator/rail/sandbox-rail';
import { temporaryFolder } from '@corridor/testkit/temporary-folder';
import { startTestTwin, type TestTwin } from '@corridor/testkit/test-twin';
import { until } from '@corridor/testkit/until';
import { silentLog } from '../log.ts';

export interface Payment {
  id: string;
  state: string;
  cashierUrl: string | null;
  amountFen: string;
}

/** A callback that somebody sends: what it says, and what is wrong with it. */
export interface Sent {
  readonly content: object;
  readonly id?: string;
  readonly eventType?: string;
  readonly ageMs?: number;
  readonly apiV3Key?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Changes the body after it was signed. */
  readonly tamper?: (body: string) => string;
}

/** A twin and a running sandbox rail that know each other. */
export interface SandboxedTwin extends AsyncDisposable {
  readonly twin: TestTwin;
  readonly rail: SandboxRail;
  topUp(key: string, amountFen: string, carrierId?: string): Promise<Payment>;
  payment(id: string): Promise<Payment>;
  /** Pays at the cashier. @returns the rail's status */
  pay(payment: Payment): Promise<number>;
  stateOf(id: string, state: string): Promise<void>;
  prepaidFen(carrierId?: string): Promise<bigint>;
  /** Signs, encrypts and sends a callback as the rail does. */
  send(sent: Sent): Promise<{ status: number; code: string | null }>;
  /** Puts the rail's present public key where the twin looks for it. */
  shareKey(): void;
  /** Transfers that a key of a payment made. */
  transfers(key: string): Promise<number>;
}

const WAIT_MS = 30_000;
/** As short as it goes: what a lost callback does not tell is asked for soon. */
const CHECK_MS = 50;

export interface SandboxedTwinOptions {
  /** Folder of a built viewer, when pages are looked at. */
  readonly viewerDir?: string;
  /** Environment of the twin beside that of the rail. */
  readonly env?: Readonly<Record<string, string>>;
}

export async function startSandboxedTwin(
  faults: Partial<CallbackFaults> = {},
  { viewerDir, env = {} }: SandboxedTwinOptions = {},
): Promise<SandboxedTwin> {
  await using built = new AsyncDisposableStack();
  const folder = built.use(temporaryFolder());
  const dir = join(folder.path, 'rail');
  const environment = registerSandboxMerchant(dir);
  const rail = await startSandboxRail({
    dir,
    port: 0,
    faults: { ...NO_CALLBACK_FAULTS, ...faults },
    wallNowMs: Date.now,
    log: silentLog(),
  });
  built.defer(() => rail.stop());
  const twin = built.use(
    await startTestTwin({
      ...(viewerDir === undefined ? {} : { viewerDir }),
      env: {
        ...environment,
        PAYMENT_RAIL_URL: rail.url,
        CERTIFIER_URL: `${rail.url}/certifier`,
        PAYMENT_RAIL_CHECK_MS: String(CHECK_MS),
        ...env,
      },
    }),
  );
  const kept = built.move();
  const ownKey = readFileSync(environment.PAYMENT_RAIL_API_V3_KEY, 'utf8');
  const channel = twin.twin.payments?.channel ?? '';
  const payment = async (id: string) => (await twin.get(`/api/v1/payments/${encodeURIComponent(id)}`)).body as Payment;
  return {
    twin,
    rail,
    payment,
    async topUp(key, amountFen, carrierId = 'C1') {
      const { status, body } = await twin.post('/api/v1/payments/top-ups', { carrierId, amountFen, channel, key }, carrierId);
      if (status !== 201) throw new Error(`${status} ${JSON.stringify(body)}`);
      return body;
    },
    pay: async ({ cashierUrl }) => (await fetch(`${cashierUrl}/pay`, { method: 'POST' })).status,
    async stateOf(id, state) {
      await until(`${id} is ${state}`, WAIT_MS, async () => ((await payment(id)).state === state ? true : null));
    },
    async prepaidFen(carrierId = 'C1') {
      const { rows } = await twin.db.query<{ balance_fen: string }>('select balance_fen from account where account_id = $1', [
        `${carrierId}_prepaid`,
      ]);
      return BigInt(rows[0]?.balance_fen ?? 0);
    },
    async send({ content, id = 'N1', eventType = 'TRANSACTION.SUCCESS', ageMs = 0, apiV3Key = ownKey, headers = {}, tamper }) {
      const resource = encryptedResource(content, apiV3Key, 'transaction');
      const body = JSON.stringify({ id, event_type: eventType, resource_type: 'encrypt-resource', resource });
      const signed = { 'content-type': 'application/json', ...signedHeaders(body, rail.keys.current, Date.now() - ageMs), ...headers };
      const response = await fetch(`${twin.twin.url}/api/v1/payments/callbacks/${channel}`, {
        method: 'POST',
        headers: signed,
        body: tamper ? tamper(body) : body,
      });
      const text = await response.text();
      return { status: response.status, code: text === '' ? null : (JSON.parse(text) as { code: string }).code };
    },
    shareKey: () => void registerSandboxMerchant(dir),
    async transfers(key) {
      const { rows } = await twin.db.query('select 1 from transfer where key = $1', [key]);
      return rows.length;
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** What the rail says of a paid trade. */
export const paidTrade = (tradeNo: string, total: number, over: object = {}) => ({
  appid: 'wxcorridorsandbox',
  mchid: SANDBOX_MERCHANT_ID,
  out_trade_no: tradeNo,
  transaction_id: `4200${tradeNo.slice(0, 24)}`,
  trade_state: 'SUCCESS',
  success_time: new Date().toISOString(),
  amount: { total, currency: 'CNY' },
  ...over,
});

import type { NetworkFile } from '@corridor/protocols/network-file';
import type { Logger } from 'pino';
import { Type } from 'typebox';
import { Check } from 'typebox/value';
import { pause, type TwinApi, TwinApiError } from './twin-api.ts';

const CHECK_EVERY_WALL_MS = 10_000;
/** Below this share of its opening top-up a carrier pays in again. */
const LOW_RATIO_PERCENT = 25n;
const PAY_MS_MAX = 10_000;
const PaymentAnswer = Type.Object({ id: Type.String(), state: Type.String(), cashierUrl: Type.Union([Type.String(), Type.Null()]) });

/** Keeps carriers solvent, as their treasurers would: asks for a payment and pays it at the cashier of the payment rail. */
export async function keepToppedUp({
  api,
  network,
  signal,
  log,
}: {
  api: TwinApi;
  network: NetworkFile;
  signal: AbortSignal;
  log: Logger;
}): Promise<void> {
  /** Payment under way of a carrier: no second one beside it. */
  const open = new Map<string, string>();
  while (!signal.aborted) {
    for (const { carrierId, amountFen } of network.openingTopUps) {
      try {
        await topUpWhenLow(api, { carrierId, amountFen: BigInt(amountFen), open, log });
      } catch (cause) {
        if (!(cause instanceof TwinApiError)) throw cause;
        log.warn({ carrierId, reason: cause.message }, 'not topped up this time');
      }
    }
    await pause(CHECK_EVERY_WALL_MS, signal);
  }
}

interface Carrier {
  carrierId: string;
  amountFen: bigint;
  open: Map<string, string>;
  log: Logger;
}

async function topUpWhenLow(api: TwinApi, { carrierId, amountFen, open, log }: Carrier): Promise<void> {
  const openId = open.get(carrierId);
  if (openId !== undefined) {
    const payment = paymentOf(await api.get(`/api/v1/payments/${encodeURIComponent(openId)}`));
    if (payment.state === 'REQUESTED') return pay(payment.cashierUrl);
    open.delete(carrierId);
  }
  const account = (await api.get(`/api/v1/accounts/${carrierId}_prepaid`)) as { balanceFen?: unknown } | null;
  if (typeof account?.balanceFen !== 'string' || !/^-?\d+$/.test(account.balanceFen)) {
    throw new TwinApiError(`account ${carrierId}_prepaid shows no balance`, { status: null, problemCode: null });
  }
  if (BigInt(account.balanceFen) * 100n >= amountFen * LOW_RATIO_PERCENT) return;
  const ask = { carrierId, amountFen: amountFen.toString(), channel: 'sandbox' };
  const { id, cashierUrl } = paymentOf(await api.post('/api/v1/payments/top-ups', ask));
  open.set(carrierId, id);
  await pay(cashierUrl);
  log.info({ carrierId, amountFen: amountFen.toString(), paymentId: id }, 'paid at the cashier');
}

/** Paying twice is paying once. @throws TwinApiError when the cashier is not there: the next look tries again */
async function pay(cashierUrl: string | null): Promise<void> {
  if (cashierUrl === null) return;
  const failed = (why: string, cause?: unknown) => new TwinApiError(`the cashier ${why}`, { status: null, problemCode: null, cause });
  let response: Response;
  try {
    response = await fetch(`${cashierUrl}/pay`, { method: 'POST', signal: AbortSignal.timeout(PAY_MS_MAX) });
    await response.arrayBuffer();
  } catch (cause) {
    throw failed('is not reached', cause);
  }
  if (!response.ok) throw failed(`answers ${response.status}`);
}

function paymentOf(answer: unknown): { id: string; state: string; cashierUrl: string | null } {
  if (!Check(PaymentAnswer, answer)) throw new TwinApiError('the twin shows no payment', { status: null, problemCode: null });
  return answer;
}

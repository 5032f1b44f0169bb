import type { NetworkFile } from '@corridor/protocols/network-file';
import type { Logger } from 'pino';
import { pause, type TwinApi, TwinApiError } from './twin-api.ts';

const CHECK_EVERY_WALL_MS = 10_000;
/** Below this share of its opening top-up a carrier pays in again. */
const LOW_RATIO_PERCENT = 25n;

/** Keeps carriers solvent through the sandbox payment rail, as their treasurers would. */
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
  while (!signal.aborted) {
    for (const { carrierId, amountFen } of network.openingTopUps) {
      try {
        await topUpWhenLow(api, carrierId, BigInt(amountFen), log);
      } catch (cause) {
        if (!(cause instanceof TwinApiError)) throw cause;
        log.warn({ carrierId, reason: cause.message }, 'balance not checked');
      }
    }
    await pause(CHECK_EVERY_WALL_MS, signal);
  }
}

async function topUpWhenLow(api: TwinApi, carrierId: string, amountFen: bigint, log: Logger): Promise<void> {
  const account = (await api.get(`/api/v1/accounts/${carrierId}_prepaid`)) as { balanceFen?: unknown } | null;
  if (typeof account?.balanceFen !== 'string' || !/^-?\d+$/.test(account.balanceFen)) {
    throw new TwinApiError(`account ${carrierId}_prepaid shows no balance`, { status: null, problemCode: null });
  }
  if (BigInt(account.balanceFen) * 100n >= amountFen * LOW_RATIO_PERCENT) return;
  await api.post('/api/v1/payments/top-ups', { carrierId, amountFen: amountFen.toString(), channel: 'sandbox' });
  log.info({ carrierId, amountFen: amountFen.toString() }, 'topped up');
}

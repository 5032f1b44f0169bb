import { accountOf } from '@corridor/actors/ledger/transfer';
import type { PaymentContext } from './payment-context.ts';
import { PaymentNotBookedError } from './payment-refused.ts';
import {
  type Day,
  findReconciliation,
  mirrorTransfers,
  ourMovements,
  paymentsWithoutTransfer,
  type ReconciliationRow,
  saveReconciliation,
} from './reconciliation.queries.ts';
import { type Difference, netFenOf, reconcile } from './reconciliation.rules.ts';

const DAY_MS = 86_400_000;
/** The rail's days are those of Asia/Shanghai, which has no summer time. */
const OFFSET_MS = 8 * 3_600_000;
/** The bill of a day is made in the morning after it, ms after midnight of the rail. */
const BILL_READY_MS = 10 * 3_600_000;

export const railDateOf = (wallMs: number): string => new Date(wallMs + OFFSET_MS).toISOString().slice(0, 10);

/** @param billDate `YYYY-MM-DD` */
export function railDayOf(billDate: string): Day {
  const fromMs = Date.parse(`${billDate}T00:00:00+08:00`);
  return { fromMs, untilMs: fromMs + DAY_MS };
}

/** Compares what the rail moved on a day with what we hold for true, and keeps every difference. */
export class Reconciliation {
  readonly #context: PaymentContext;

  constructor(context: PaymentContext) {
    this.#context = context;
  }

  find(billDate: string): Promise<ReconciliationRow | null> {
    const { database, platformId, rail } = this.#context;
    return findReconciliation(database.pool, platformId, rail.channel, billDate);
  }

  /** Compares a day, raises an alarm for it or ends the one there is. @throws RailUnreachableError, RailRefusedError */
  async compare(billDate: string): Promise<readonly Difference[]> {
    const { database, platformId, rail, writer, wallNowMs, log } = this.#context;
    const { channel } = rail;
    const bill = await rail.bill(billDate);
    const day = railDayOf(billDate);
    const numbers = bill.map(({ ourNo }) => ourNo);
    const ours = await ourMovements(database.pool, platformId, { channel, day, numbers });
    const mirror = await mirrorTransfers(database.pool, platformId, { accountId: accountOf.rail(channel), day });
    const unbooked = await paymentsWithoutTransfer(database.pool, platformId, { channel, day });
    const differences = [...reconcile(bill, ours, mirror), ...unbooked.map(withoutLedger)];
    await saveReconciliation(database.pool, platformId, {
      channel,
      billDate,
      comparedAtMs: wallNowMs(),
      billRows: bill.length,
      billNetFen: netFenOf(bill),
      bookedNetFen: netFenOf(ours.filter(({ isConfirmed, isOfDay }) => isConfirmed && isOfDay)),
      differences,
    });
    const detail = `${differences.length} differences to the bill of ${billDate}: ${[...new Set(differences.map(({ kind }) => kind))].join(', ')}`;
    const intent = { type: 'payment.reconciled', channel, billDate, differences: differences.length, detail } as const;
    const answer = await writer.ask(intent, platformId);
    if (!answer.ok) throw new PaymentNotBookedError(`the alarm of ${billDate}: ${answer.code}`);
    log.info({ billDate, rows: bill.length, differences: differences.length }, 'the bill of the payment rail was compared');
    return differences;
  }

  /** Compares yesterday once its bill is there, unless that was done. */
  async compareYesterday(): Promise<void> {
    const { wallNowMs } = this.#context;
    const today = railDayOf(railDateOf(wallNowMs()));
    if (wallNowMs() < today.fromMs + BILL_READY_MS) return;
    const yesterday = railDateOf(today.fromMs - 1);
    if ((await this.find(yesterday)) === null) await this.compare(yesterday);
  }
}

const withoutLedger = ({ payment_id, amount_fen }: { payment_id: string; amount_fen: bigint }): Difference => ({
  kind: 'PAYMENT_WITHOUT_LEDGER',
  number: payment_id,
  paymentId: payment_id,
  oursFen: amount_fen,
  theirsFen: null,
  detail: 'confirmed, and in no transfer',
});

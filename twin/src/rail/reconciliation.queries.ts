import type { Db } from '../db/db.ts';
import { jsonOf } from '../writer/json-rows.ts';
import type { Difference, MirrorTransfer, OurMovement } from './reconciliation.rules.ts';

export interface Day {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Movements of a day, and those of any day that have one of `numbers`. */
export async function ourMovements(
  db: Db,
  platformId: string,
  { channel, day, numbers }: { channel: string; day: Day; numbers: readonly string[] },
): Promise<OurMovement[]> {
  const { rows } = await db.query<{
    kind: OurMovement['kind'];
    our_no: string;
    payment_id: string;
    amount_fen: bigint;
    is_confirmed: boolean;
    is_of_day: boolean;
  }>({
    text: `select 'TOP_UP' as kind, trade_no as our_no, payment_id, amount_fen, state = 'CONFIRMED' as is_confirmed,
                  coalesce(paid_at >= $3 and paid_at < $4, false) as is_of_day
             from payment where platform_id = $1 and channel = $2 and direction = 'TOP_UP' and trade_no is not null
              and ((paid_at >= $3 and paid_at < $4) or trade_no = any($5::text[]))
           union all
           select case s.kind when 'REFUND' then 'REFUND' else 'PAYOUT' end, s.share_no, s.payment_id, s.amount_fen, s.state = 'SUCCESS',
                  coalesce(s.finished_at >= $3 and s.finished_at < $4, false)
             from payment_share s join payment p using (platform_id, payment_id) where s.platform_id = $1 and p.channel = $2
              and ((s.finished_at >= $3 and s.finished_at < $4) or s.share_no = any($5::text[]))`,
    values: [platformId, channel, new Date(day.fromMs), new Date(day.untilMs), numbers],
  });
  return rows.map((row) => ({
    kind: row.kind,
    ourNo: row.our_no,
    paymentId: row.payment_id,
    amountFen: row.amount_fen,
    isConfirmed: row.is_confirmed,
    isOfDay: row.is_of_day,
  }));
}

/** Transfers of a wall day on the account that mirrors the rail, each with its payment. */
export async function mirrorTransfers(
  db: Db,
  platformId: string,
  { accountId, day }: { accountId: string; day: Day },
): Promise<MirrorTransfer[]> {
  const { rows } = await db.query<{ key: string; amount_fen: bigint; payment_fen: bigint | null }>({
    text: `select t.key, t.amount_fen, p.amount_fen as payment_fen
             from transfer t left join payment p
               on p.platform_id = t.platform_id and p.transfer_key = t.key and p.state = 'CONFIRMED'
            where t.platform_id = $1 and $2 in (t.debit_account_id, t.credit_account_id) and t.recorded_at >= $3 and t.recorded_at < $4
            order by t.transfer_no`,
    values: [platformId, accountId, new Date(day.fromMs), new Date(day.untilMs)],
  });
  return rows.map((row) => ({ key: row.key, amountFen: row.amount_fen, paymentFen: row.payment_fen }));
}

/** Payments that are confirmed and paid on that day, and in no transfer. */
export async function paymentsWithoutTransfer(
  db: Db,
  platformId: string,
  { channel, day }: { channel: string; day: Day },
): Promise<{ payment_id: string; amount_fen: bigint }[]> {
  const { rows } = await db.query<{ payment_id: string; amount_fen: bigint }>({
    text: `select p.payment_id, p.amount_fen from payment p left join transfer t on t.platform_id = p.platform_id and t.key = p.transfer_key
            where p.platform_id = $1 and p.channel = $2 and p.state = 'CONFIRMED' and p.paid_at >= $3 and p.paid_at < $4 and t.key is null
            order by p.payment_id`,
    values: [platformId, channel, new Date(day.fromMs), new Date(day.untilMs)],
  });
  return rows;
}

export interface ReconciliationRow {
  [column: string]: unknown;
  channel: string;
  bill_date: string;
  compared_at: Date;
  bill_rows: number;
  bill_net_fen: bigint;
  booked_net_fen: bigint;
  differences: readonly StoredDifference[];
}
/** Amounts are text in JSON. */
export type StoredDifference = Omit<Difference, 'oursFen' | 'theirsFen'> & { oursFen: string | null; theirsFen: string | null };

export async function saveReconciliation(
  db: Db,
  platformId: string,
  run: {
    channel: string;
    billDate: string;
    comparedAtMs: number;
    billRows: number;
    billNetFen: bigint;
    bookedNetFen: bigint;
    differences: readonly Difference[];
  },
): Promise<void> {
  await db.query({
    text: `insert into payment_reconciliation (platform_id, channel, bill_date, compared_at, bill_rows, bill_net_fen, booked_net_fen, differences)
           values ($1, $2, $3, $4, $5, $6, $7, $8)
           on conflict (platform_id, channel, bill_date) do update set compared_at = excluded.compared_at, bill_rows = excluded.bill_rows,
             bill_net_fen = excluded.bill_net_fen, booked_net_fen = excluded.booked_net_fen, differences = excluded.differences`,
    values: [
      platformId,
      run.channel,
      run.billDate,
      new Date(run.comparedAtMs),
      run.billRows,
      run.billNetFen,
      run.bookedNetFen,
      jsonOf(run.differences),
    ],
  });
}

export async function findReconciliation(db: Db, platformId: string, channel: string, billDate: string): Promise<ReconciliationRow | null> {
  const { rows } = await db.query<ReconciliationRow>({
    text: `select channel, bill_date::text, compared_at, bill_rows, bill_net_fen, booked_net_fen, differences
             from payment_reconciliation where platform_id = $1 and channel = $2 and bill_date = $3::date`,
    values: [platformId, channel, billDate],
  });
  return rows[0] ?? null;
}

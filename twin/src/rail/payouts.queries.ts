import type { Db } from '../db/db.ts';
import type { PayoutReceiver } from './payment-rail.ts';

export interface ShareRow {
  [column: string]: unknown;
  payment_id: string;
  part_no: number;
  share_no: string;
  /** SHARE: to the receiver's account; REFUND: back to the payment that it came in by. */
  kind: 'SHARE' | 'REFUND';
  trade_payment_id: string;
  transaction_id: string;
  amount_fen: bigint;
  state: 'PENDING' | 'SUCCESS' | 'FAILED';
  detail: string | null;
  /** Our number of the trade, and all that came in by it. */
  trade_no: string;
  trade_fen: bigint;
}

export async function sharesOf(db: Db, platformId: string, paymentId: string): Promise<ShareRow[]> {
  const { rows } = await db.query<ShareRow>({
    text: `select s.payment_id, s.part_no, s.share_no, s.kind, s.trade_payment_id, s.transaction_id, s.amount_fen, s.state, s.detail, t.trade_no,
                  t.amount_fen as trade_fen
             from payment_share s join payment t on t.platform_id = s.platform_id and t.payment_id = s.trade_payment_id
            where s.platform_id = $1 and s.payment_id = $2 order by s.part_no`,
    values: [platformId, paymentId],
  });
  return rows;
}

export async function paymentOfShare(db: Db, platformId: string, shareNo: string): Promise<string | null> {
  const { rows } = await db.query<{ payment_id: string }>({
    text: 'select payment_id from payment_share where platform_id = $1 and share_no = $2',
    values: [platformId, shareNo],
  });
  return rows[0]?.payment_id ?? null;
}

export interface Source {
  readonly paymentId: string;
  readonly transactionId: string;
  /** Who paid it in, and when by the rail's clock, wall ms. */
  readonly principalId: string;
  readonly paidAtMs: number;
  readonly leftFen: bigint;
}

/** Trades of which not everything was paid out, oldest first. */
export async function sourcesOf(db: Db, platformId: string, channel: string): Promise<Source[]> {
  const { rows } = await db.query<{ payment_id: string; provider_ref: string; principal_id: string; paid_at: Date; left_fen: bigint }>({
    text: `select p.payment_id, p.provider_ref, p.principal_id, p.paid_at, (p.amount_fen - coalesce(s.fen, 0))::bigint as left_fen
             from payment p left join (
               select trade_payment_id, sum(amount_fen) as fen from payment_share where platform_id = $1 and state <> 'FAILED'
                group by trade_payment_id) s on s.trade_payment_id = p.payment_id
            where p.platform_id = $1 and p.channel = $2 and p.direction = 'TOP_UP' and p.state = 'CONFIRMED' and p.provider_ref is not null
              and p.amount_fen > coalesce(s.fen, 0)
            order by p.paid_at, p.requested_at, p.payment_id`,
    values: [platformId, channel],
  });
  return rows.map((row) => ({
    paymentId: row.payment_id,
    transactionId: row.provider_ref,
    principalId: row.principal_id,
    paidAtMs: row.paid_at.getTime(),
    leftFen: row.left_fen,
  }));
}

export async function insertShare(
  db: Db,
  platformId: string,
  share: Omit<ShareRow, 'state' | 'detail' | 'trade_no' | 'trade_fen'>,
): Promise<void> {
  await db.query({
    text: `insert into payment_share (platform_id, payment_id, part_no, share_no, trade_payment_id, transaction_id, amount_fen, kind, state)
           values ($1, $2, $3, $4, $5, $6, $7, $8, 'PENDING')`,
    values: [
      platformId,
      share.payment_id,
      share.part_no,
      share.share_no,
      share.trade_payment_id,
      share.transaction_id,
      share.amount_fen,
      share.kind,
    ],
  });
}

export async function noteShare(
  db: Db,
  platformId: string,
  shareNo: string,
  note: { state: ShareRow['state']; providerRef: string | null; detail: string | null; finishedAtMs: number | null },
): Promise<void> {
  await db.query({
    text: `update payment_share set state = $3, provider_ref = $4, detail = $5, finished_at = $6
            where platform_id = $1 and share_no = $2 and state = 'PENDING'`,
    values: [
      platformId,
      shareNo,
      note.state,
      note.providerRef,
      note.detail,
      note.finishedAtMs === null ? null : new Date(note.finishedAtMs),
    ],
  });
}

/** @param doubt why the rail's word on a part is not its end; null: there is none, or no more */
export async function noteDoubt(db: Db, platformId: string, shareNo: string, doubt: string | null): Promise<void> {
  await db.query({
    text: "update payment_share set detail = $3 where platform_id = $1 and share_no = $2 and state = 'PENDING'",
    values: [platformId, shareNo, doubt],
  });
}

export async function receiverOf(db: Db, platformId: string, principalId: string, channel: string): Promise<PayoutReceiver | null> {
  const { rows } = await db.query<{ account: string; name: string }>({
    text: 'select account, name from payment_receiver where platform_id = $1 and principal_id = $2 and channel = $3',
    values: [platformId, principalId, channel],
  });
  return rows[0] ?? null;
}

export async function saveReceiver(
  db: Db,
  platformId: string,
  receiver: PayoutReceiver & { principalId: string; channel: string },
): Promise<void> {
  await db.query({
    text: `insert into payment_receiver (platform_id, principal_id, channel, account, name) values ($1, $2, $3, $4, $5)
           on conflict (platform_id, principal_id, channel) do update set account = excluded.account, name = excluded.name`,
    values: [platformId, receiver.principalId, receiver.channel, receiver.account, receiver.name],
  });
}

/** Income of a principal less what is on its way out to it; null: there is no income account. */
export async function incomeLeftFen(db: Db, platformId: string, principalId: string): Promise<bigint | null> {
  const { rows } = await db.query<{ left_fen: bigint }>({
    text: `select (a.balance_fen - coalesce((select sum(p.amount_fen) from payment p where p.platform_id = $1 and p.principal_id = $2
               and p.direction = 'PAYOUT' and p.state = 'REQUESTED'), 0))::bigint as left_fen
             from account a where a.platform_id = $1 and a.principal_id = $2 and a.kind = 'INCOME'`,
    values: [platformId, principalId],
  });
  return rows[0]?.left_fen ?? null;
}

/** What a carrier may take back now. */
export async function balanceLeftFen(db: Db, platformId: string, carrierId: string): Promise<bigint> {
  const { rows } = await db.query<{ balance_fen: bigint }>({
    text: `select balance_fen from account where platform_id = $1 and principal_id = $2 and kind = 'PREPAID'`,
    values: [platformId, carrierId],
  });
  return rows[0]?.balance_fen ?? 0n;
}

/** Payouts of a rail are allotted one after the other, also by two processes. */
export async function lockPayouts(db: Db): Promise<void> {
  await db.query({ text: 'select pg_advisory_xact_lock($1)', values: [4_711_202_620] });
}

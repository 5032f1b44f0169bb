import type { Db } from '@corridor/twin/db/db';

/** What is exported: whose, or all of the platform's, and of which span of scope time. */
export interface ExportScope {
  readonly platformId: string;
  /** null: everybody's. */
  readonly principalId: string | null;
  /** UTC, included. */
  readonly from: string;
  /** UTC, not included. */
  readonly until: string;
}

export interface ExportedAccount {
  readonly id: string;
  readonly principalId: string | null;
  readonly kind: string;
  /** Credits less debits before `from`, and before `until` [fen]. */
  readonly openingFen: bigint;
  readonly closingFen: bigint;
}

export interface ExportedTransfer {
  readonly no: bigint;
  readonly at: Date;
  readonly kind: string;
  readonly key: string;
  readonly debitAccountId: string;
  readonly creditAccountId: string;
  readonly amountFen: bigint;
  readonly orderId: string | null;
}

interface TransferRow {
  [column: string]: unknown;
  transfer_no: bigint;
  at: Date;
  kind: string;
  key: string;
  debit_account_id: string;
  credit_account_id: string;
  amount_fen: bigint;
  order_id: string | null;
}

/** Transfers read at once. */
const CHUNK = 10_000;

/** Accounts of the scope in order of their ids, with their balances at both ends. */
export async function exportedAccounts(db: Db, { platformId, principalId, from, until }: ExportScope): Promise<ExportedAccount[]> {
  const { rows } = await db.query<{ account_id: string; principal_id: string | null; kind: string; opening: bigint; closing: bigint }>({
    text: `select a.account_id, a.principal_id, a.kind, coalesce(sum(m.fen) filter (where m.at < $3), 0)::bigint as opening,
                  coalesce(sum(m.fen), 0)::bigint as closing
             from account a
             left join lateral (select amount_fen as fen, at from transfer where platform_id = a.platform_id and credit_account_id = a.account_id and at < $4
                                union all
                                select -amount_fen, at from transfer where platform_id = a.platform_id and debit_account_id = a.account_id and at < $4) m on true
            where a.platform_id = $1 and ($2::text is null or a.principal_id = $2)
            group by a.account_id, a.principal_id, a.kind order by a.account_id`,
    values: [platformId, principalId, from, until],
  });
  return rows.map((row) => ({
    id: row.account_id,
    principalId: row.principal_id,
    kind: row.kind,
    openingFen: row.opening,
    closingFen: row.closing,
  }));
}

/** Transfers of the scope by time, those of one instant as they were booked. */
export async function* exportedTransfers(db: Db, { platformId, principalId, from, until }: ExportScope): AsyncGenerator<ExportedTransfer> {
  let after: readonly [string, bigint] = [from, -1n];
  for (;;) {
    const { rows } = await db.query<TransferRow>({
      text: `select transfer_no, at, kind, key, debit_account_id, credit_account_id, amount_fen, order_id from transfer t
              where platform_id = $1 and (at, transfer_no) > ($3::timestamptz, $4::bigint) and at < $5
                and ($2::text is null or exists (select from account a where a.platform_id = t.platform_id and a.principal_id = $2
                                                   and a.account_id in (t.debit_account_id, t.credit_account_id)))
              order by at, transfer_no limit ${CHUNK}`,
      values: [platformId, principalId, after[0], after[1], until],
    });
    for (const row of rows) {
      yield {
        no: row.transfer_no,
        at: row.at,
        kind: row.kind,
        key: row.key,
        debitAccountId: row.debit_account_id,
        creditAccountId: row.credit_account_id,
        amountFen: row.amount_fen,
        orderId: row.order_id,
      };
    }
    const last = rows.at(-1);
    if (last === undefined) return;
    after = [last.at.toISOString(), last.transfer_no];
  }
}

import type { Db } from '../db/db.ts';
import type { StatementContent } from './statement-content.ts';

export interface StatementRow {
  [column: string]: unknown;
  statement_id: string;
  principal_id: string;
  period: string;
  agreement_id: string | null;
  period_from: Date;
  period_until: Date;
  payable_at: Date;
  state: 'FROZEN' | 'PAID' | 'CARRIED' | 'DUE';
  total_fen: bigint;
  content_hash: string;
  frozen_at: Date;
  paid_at: Date | null;
}

const COLUMNS = `statement_id, principal_id, period, agreement_id, period_from, period_until, payable_at, state, total_fen,
  encode(content_hash, 'hex') as content_hash, frozen_at, paid_at`;

/** The newest statement of a principal; null: there is none. */
export async function lastStatement(db: Db, platformId: string, principalId: string): Promise<StatementRow | null> {
  const { rows } = await db.query<StatementRow>({
    text: `select ${COLUMNS} from statement where platform_id = $1 and principal_id = $2 order by period_until desc limit 1`,
    values: [platformId, principalId],
  });
  return rows[0] ?? null;
}

export async function findStatement(db: Db, platformId: string, statementId: string): Promise<StatementRow | null> {
  const { rows } = await db.query<StatementRow>({
    text: `select ${COLUMNS} from statement where platform_id = $1 and statement_id = $2`,
    values: [platformId, statementId],
  });
  return rows[0] ?? null;
}

export async function contentOf(db: Db, platformId: string, statementId: string): Promise<StatementContent | null> {
  const { rows } = await db.query<{ content: StatementContent }>({
    text: 'select content from statement where platform_id = $1 and statement_id = $2',
    values: [platformId, statementId],
  });
  return rows[0]?.content ?? null;
}

/** Newest first. @param principalId null: of all */
export async function listStatements(
  db: Db,
  platformId: string,
  query: { principalId: string | null; limit: number; after: readonly string[] | null },
): Promise<StatementRow[]> {
  const { rows } = await db.query<StatementRow>({
    text: `select ${COLUMNS} from statement where platform_id = $1 and ($2::text is null or principal_id = $2)
              and ($3::timestamptz is null or (period_until, statement_id) < ($3, $4))
            order by period_until desc, statement_id desc limit $5`,
    values: [platformId, query.principalId, query.after?.[0] ?? null, query.after?.[1] ?? null, query.limit],
  });
  return rows;
}

export interface PayableStatementRow extends StatementRow {
  /** An earlier statement of the principal is to be paid in first: income of later periods does not stand in for what is due. */
  is_held: boolean;
}

/** Statements that are to be paid out by then and are not confirmed yet, oldest first. */
export async function payableStatements(db: Db, platformId: string, atMs: number): Promise<PayableStatementRow[]> {
  const { rows } = await db.query<PayableStatementRow>({
    text: `select ${COLUMNS}, exists (select from statement d where d.platform_id = $1 and d.principal_id = s.principal_id and d.state = 'DUE'
                                        and d.period_until <= s.period_from) as is_held
             from statement s where platform_id = $1 and state = 'FROZEN' and payable_at <= $2 order by payable_at, statement_id`,
    values: [platformId, new Date(atMs).toISOString()],
  });
  return rows;
}

/** Whether what a statement carries is being paid in, or was: the next one waits until it is known how that ends. */
export async function isCarriedPaidIn(db: Db, platformId: string, statementId: string): Promise<boolean> {
  const { rows } = await db.query({
    text: `select 1 from payment where platform_id = $1 and statement_id = $2 and direction = 'TOP_UP' and state in ('REQUESTED', 'CONFIRMED') limit 1`,
    values: [platformId, statementId],
  });
  return rows.length > 0;
}

/** Statements below zero that were payable by then and are not paid in. */
export async function overdueStatements(db: Db, platformId: string, payableUntilMs: number): Promise<string[]> {
  const { rows } = await db.query<{ statement_id: string }>({
    text: `select statement_id from statement where platform_id = $1 and state = 'DUE' and payable_at <= $2 order by statement_id`,
    values: [platformId, new Date(payableUntilMs).toISOString()],
  });
  return rows.map(({ statement_id }) => statement_id);
}

/** Statements that the rail paid out, or that were paid in, and that are not marked yet. */
export async function paidOutStatements(db: Db, platformId: string): Promise<string[]> {
  const { rows } = await db.query<{ statement_id: string }>({
    text: `select s.statement_id from statement s join payment p on p.platform_id = s.platform_id and p.statement_id = s.statement_id
            where s.platform_id = $1 and p.state = 'CONFIRMED'
              and ((s.state = 'FROZEN' and p.direction = 'PAYOUT') or (p.direction = 'TOP_UP' and (s.state = 'DUE' or (s.state = 'CARRIED'
                and not exists (select from statement later where later.platform_id = s.platform_id and later.principal_id = s.principal_id
                                   and later.period_until > s.period_until)))))
            order by s.statement_id`,
    values: [platformId],
  });
  return rows.map(({ statement_id }) => statement_id);
}

/**
 * Cleared orders of which every payee's own statement, that of the period in which it was cleared, is paid, or carried: what a payee owes
 * of another period is nothing to the others. One whose actor still waits for the meter is left until
 * that is over.
 */
export async function ordersToSettle(db: Db, platformId: string, limit: number): Promise<string[]> {
  const { rows } = await db.query<{ order_id: string }>({
    text: `with through as (
             select principal_id, max(period_until) as at from statement where platform_id = $1 group by 1),
           open as (
             select principal_id, period_from, period_until from statement where platform_id = $1 and state in ('FROZEN', 'DUE'))
           select o.order_id from swap_order o
            where o.platform_id = $1 and o.state = 'CLEARED'
              and exists (select from clearing_entry c where c.platform_id = $1 and c.order_id = o.order_id)
              and not exists (select from clearing_entry c left join through p on p.principal_id = c.principal_id
                               where c.platform_id = $1 and c.order_id = o.order_id and c.net_fen <> 0
                                 and (p.at is null or c.cleared_at >= p.at
                                      or exists (select from open s where s.principal_id = c.principal_id
                                                                      and c.cleared_at >= s.period_from and c.cleared_at < s.period_until)))
              and not exists (select from actor_snapshot a where a.platform_id = $1 and a.machine = 'order' and a.id = o.order_id)
            order by o.order_id limit $2`,
    values: [platformId, limit],
  });
  return rows.map(({ order_id }) => order_id);
}

/** Scope time up to which everything is written [ms]. */
export async function writtenUntilMs(db: Db, platformId: string): Promise<number> {
  const { rows } = await db.query<{ at: Date | null }>({
    text: 'select max(scope_at) as at from ingest_position where platform_id = $1',
    values: [platformId],
  });
  return rows[0]?.at?.getTime() ?? 0;
}

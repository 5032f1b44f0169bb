import type { Db } from '../db/db.ts';

/** A principal and a half-open span, RFC 3339. */
export interface PeriodOf {
  readonly platformId: string;
  readonly principalId: string;
  readonly from: string;
  readonly until: string;
}
const valuesOf = ({ platformId, principalId, from, until }: PeriodOf) => [platformId, principalId, from, until];

export interface OrderEntryRow {
  [column: string]: unknown;
  order_id: string;
  station_id: string;
  truck_id: string;
  role: string;
  gross_fen: bigint;
  commission_fen: bigint;
  net_fen: bigint;
  cleared_at: Date;
  energy_wh: bigint;
}

/** First clearing of a principal, as it was. */
export async function earnedEntries(db: Db, period: PeriodOf): Promise<OrderEntryRow[]> {
  const { rows } = await db.query<OrderEntryRow>({
    text: `select c.order_id, o.station_id, o.truck_id, c.role, c.gross_fen, c.commission_fen, c.net_fen, c.cleared_at,
                  coalesce(o.energy_out_wh, 0) - coalesce(o.energy_in_wh, 0) as energy_wh
             from clearing_entry c join swap_order o using (platform_id, order_id)
            where c.platform_id = $1 and c.principal_id = $2 and c.cleared_at >= $3 and c.cleared_at < $4
            order by c.cleared_at, c.order_id, c.role`,
    values: valuesOf(period),
  });
  return rows;
}

/** What a carrier paid for orders; each has one share of the platform, which tells when it was cleared. */
export async function paidEntries(db: Db, period: PeriodOf): Promise<OrderEntryRow[]> {
  const { rows } = await db.query<OrderEntryRow>({
    text: `select o.order_id, o.station_id, o.truck_id, 'CARRIER' as role, -o.payable_fen as gross_fen, 0::bigint as commission_fen,
                  -o.payable_fen as net_fen, c.cleared_at, coalesce(o.energy_out_wh, 0) - coalesce(o.energy_in_wh, 0) as energy_wh
             from clearing_entry c join swap_order o using (platform_id, order_id)
            where c.platform_id = $1 and c.role = 'PLATFORM' and o.carrier_id = $2 and c.cleared_at >= $3 and c.cleared_at < $4
            order by c.cleared_at, o.order_id`,
    values: valuesOf(period),
  });
  return rows;
}

export interface PeriodLineRow {
  [column: string]: unknown;
  order_id: string;
  line_no: number;
  component: string;
  amount_fen: bigint;
  tax_rate_basis_points: number;
}

/** @param beneficiaryId null: all lines, of orders that it pays for */
export async function linesOfOrders(
  db: Db,
  platformId: string,
  orderIds: readonly string[],
  beneficiaryId: string | null,
): Promise<PeriodLineRow[]> {
  const { rows } = await db.query<PeriodLineRow>({
    text: `select order_id, line_no, component, amount_fen, tax_rate_basis_points from order_line
            where platform_id = $1 and order_id = any($2) and ($3::text is null or beneficiary_id = $3) order by order_id, line_no`,
    values: [platformId, orderIds, beneficiaryId],
  });
  return rows;
}

/** Energy of PV lots, issued less returned, by order and the station that charged it. */
export async function pvOfOrders(
  db: Db,
  platformId: string,
  orderIds: readonly string[],
): Promise<{ order_id: string; station_id: string; pv_wh: bigint }[]> {
  const { rows } = await db.query<{ order_id: string; station_id: string; pv_wh: bigint }>({
    text: `select order_id, lot->>'stationId' as station_id, sum(sign * (lot->>'energyWh')::bigint)::bigint as pv_wh
             from (select order_id, 1 as sign, json_array_elements(basis->'out'->'lots') as lot from order_basis
                    where platform_id = $1 and order_id = any($2) and json_typeof(basis->'out') = 'object'
                   union all
                   select order_id, -1, json_array_elements(basis->'in'->'lots') from order_basis
                    where platform_id = $1 and order_id = any($2)) lots
            where lot->>'source' = 'PV' group by 1, 2 order by 1, 2`,
    values: [platformId, orderIds],
  });
  return rows;
}

export interface CorrectionEntryRow {
  [column: string]: unknown;
  correction_id: string;
  /** null: of a charge. */
  order_id: string | null;
  /** null: of an order. */
  charge_id: string | null;
  /** Of the order; null: of a charge. */
  station_id: string | null;
  truck_id: string | null;
  cause: string;
  reason: string;
  booked_at: Date;
  gross_fen: bigint;
  commission_fen: bigint;
  net_fen: bigint;
}

/** Corrections of a principal, each role by itself; of a carrier, what they changed in what it pays. */
export async function correctionEntries(db: Db, period: PeriodOf, isCarrier: boolean): Promise<CorrectionEntryRow[]> {
  const own = isCarrier
    ? `select c.*, -c.payable_fen as gross_fen, 0::bigint as commission_fen, -c.payable_fen as net_fen from correction c
        where c.platform_id = $1 and c.carrier_id = $2`
    : `select c.*, e.gross_fen, e.commission_fen, e.net_fen from correction c join correction_entry e using (platform_id, correction_id)
        where c.platform_id = $1 and e.principal_id = $2`;
  const { rows } = await db.query<CorrectionEntryRow>({
    text: `select k.correction_id, k.order_id, k.charge_id, o.station_id, o.truck_id, k.cause, k.reason, k.booked_at, k.gross_fen, k.commission_fen, k.net_fen
             from (${own}) k left join swap_order o using (platform_id, order_id)
            where k.booked_at >= $3 and k.booked_at < $4 order by k.booked_at, k.correction_id, k.gross_fen`,
    values: valuesOf(period),
  });
  return rows;
}

export async function correctionLinesOf(
  db: Db,
  platformId: string,
  correctionIds: readonly string[],
  beneficiaryId: string,
): Promise<{ correction_id: string; component: string; amount_fen: bigint }[]> {
  const { rows } = await db.query<{ correction_id: string; component: string; amount_fen: bigint }>({
    text: `select correction_id, component, amount_fen from correction_line
            where platform_id = $1 and correction_id = any($2) and beneficiary_id = $3 order by correction_id, line_no`,
    values: [platformId, correctionIds, beneficiaryId],
  });
  return rows;
}

/**
 * A payment `t` for a statement below zero is what settled it: the first that was booked, unless a later statement had begun with what is
 * carried by then, which is paid less by it.
 */
const IS_SETTLING = `t.key like 'statement:%:collect:%' and not exists (
     select from payment own
       join payment other on other.platform_id = own.platform_id and other.statement_id = own.statement_id and other.direction = 'TOP_UP'
       join transfer earlier on earlier.platform_id = other.platform_id and earlier.key = other.payment_id
      where own.platform_id = t.platform_id and own.payment_id = t.key and earlier.transfer_no < t.transfer_no)
     and not exists (
     select from payment own
       join statement s on s.platform_id = own.platform_id and s.statement_id = own.statement_id and s.state = 'CARRIED'
       join statement later on later.platform_id = s.platform_id and later.principal_id = s.principal_id and later.period_until > s.period_until
      where own.platform_id = t.platform_id and own.payment_id = t.key)`;

/**
 * Every change of the principal's accounts, but what a statement itself moves: its splits, and the one payment by which it was paid in.
 * Another order of the same statement that was paid all the same is money like any other. The clearing account is the platform's by
 * name only: what passes it is nobody's income.
 */
const OWN_MOVEMENTS = `
  select t.transfer_no, t.key, t.kind, t.at,
         (case when c.principal_id = $2 and c.kind <> 'CLEARING' then t.amount_fen else 0 end
          - case when d.principal_id = $2 and d.kind <> 'CLEARING' then t.amount_fen else 0 end)::bigint as fen
    from transfer t
    join account d on d.platform_id = t.platform_id and d.account_id = t.debit_account_id
    join account c on c.platform_id = t.platform_id and c.account_id = t.credit_account_id
   where t.platform_id = $1 and t.kind <> 'SETTLEMENT_OUT' and t.key not like 'statement:%:split:%' and not (${IS_SETTLING})
     and ((d.principal_id = $2 and d.kind <> 'CLEARING') or (c.principal_id = $2 and c.kind <> 'CLEARING'))`;

export interface MovedSums {
  /** All of them. */
  readonly allFen: bigint;
  readonly ordersFen: bigint;
  readonly correctionsFen: bigint;
}

/** What the ledger says: the other side of what entries and corrections say. */
export async function movedInPeriod(db: Db, period: PeriodOf): Promise<MovedSums> {
  const { rows } = await db.query<{ all_fen: bigint; orders_fen: bigint; corrections_fen: bigint }>({
    text: `select coalesce(sum(fen), 0)::bigint as all_fen, coalesce(sum(fen) filter (where key like 'order:%'), 0)::bigint as orders_fen,
                  coalesce(sum(fen) filter (where key like 'correction:%'), 0)::bigint as corrections_fen
             from (${OWN_MOVEMENTS} and t.at >= $3 and t.at < $4) m`,
    values: valuesOf(period),
  });
  const [row] = rows;
  return { allFen: row?.all_fen ?? 0n, ordersFen: row?.orders_fen ?? 0n, correctionsFen: row?.corrections_fen ?? 0n };
}

export async function otherMovements(db: Db, period: PeriodOf): Promise<{ key: string; kind: string; at: Date; fen: bigint }[]> {
  const { rows } = await db.query<{ key: string; kind: string; at: Date; fen: bigint }>({
    text: `select key, kind, at, fen from (${OWN_MOVEMENTS} and t.at >= $3 and t.at < $4) m
            where key not like 'order:%' and key not like 'correction:%' and fen <> 0 order by transfer_no`,
    values: valuesOf(period),
  });
  return rows;
}

/** When the first thing happened to a principal's money since then; null: nothing did. */
export async function firstMovementMs(db: Db, platformId: string, principalId: string, fromMs: number): Promise<number | null> {
  const { rows } = await db.query<{ at: Date | null }>({
    text: `select min(at) as at from (
             select min(at) as at from (${OWN_MOVEMENTS} and t.at >= $3) m where fen <> 0
             union all
             select min(s.period_until) - interval '1 millisecond' from settlement_split p join statement s using (platform_id, statement_id)
              where p.platform_id = $1 and p.partner_id = $2 and p.included_in is null and p.partner_id <> s.principal_id) f`,
    values: [platformId, principalId, new Date(fromMs).toISOString()],
  });
  return rows[0]?.at?.getTime() ?? null;
}

export interface ReceivedRow {
  [column: string]: unknown;
  statement_id: string;
  rule_no: number;
  principal_id: string;
  kind: string;
  amount_fen: bigint;
  derivation: string;
}

/** Splits of closed statements that came into none of the partner's yet. */
export async function receivedSplits(db: Db, period: PeriodOf): Promise<ReceivedRow[]> {
  const { rows } = await db.query<ReceivedRow>({
    text: `select p.statement_id, p.rule_no, s.principal_id, p.kind, p.amount_fen, p.derivation
             from settlement_split p join statement s using (platform_id, statement_id)
            where p.platform_id = $1 and p.partner_id = $2 and p.included_in is null and p.partner_id <> s.principal_id and s.period_until <= $3
            order by s.period_until, p.statement_id, p.rule_no`,
    values: [period.platformId, period.principalId, period.until],
  });
  return rows;
}

import type { Incident } from '@corridor/actors/charge/penalty-charge';
import type { ExpiredPackage } from '@corridor/actors/rerate/rerate-packages';
import { type IncidentRow, incidentOf, operatorThen } from '../charges/incident-row.ts';
import type { Db } from '../db/db.ts';
import type { BilledSpan } from './stored-orders.ts';

/** What a truck did in a span, with who was paid for it, or would have been: whose the station was then. */
export interface StoredIncident {
  readonly incident: Incident;
  /** undefined: nothing is recorded of that. */
  readonly operatorId: string | undefined;
  /** There is a charge of it. */
  readonly isBooked: boolean;
}

/**
 * Trucks that did not come, whether there was a penalty for that or not, and those that kept the bay, as far as that was noted: both by the
 * instant that they are rated by, as their corrections are, and swaps after which nothing was noted.
 */
export async function incidentsIn(
  db: Db,
  { platformId, from, until }: BilledSpan,
  carrierIds: readonly string[],
): Promise<StoredIncident[]> {
  if (carrierIds.length === 0) return [];
  const { rows } = await db.query<IncidentRow & { is_booked: boolean }>({
    text: `with incident as (
           select 'NO_SHOW' as kind, order_id, station_id, truck_id, carrier_id, created_at as rated_at, null::bigint as stayed_ms
             from swap_order
            where platform_id = $1 and carrier_id = any($2) and state = 'CANCELLED' and reason = 'RESERVATION_EXPIRED'
              and created_at >= $3 and created_at < $4
           union all
           select kind, order_id, station_id, truck_id, carrier_id, rated_at, stayed_ms from penalty_incident
            where platform_id = $1 and carrier_id = any($2) and kind = 'OVERSTAY' and rated_at >= $3 and rated_at < $4)
           select i.*, c.charge_id is not null as is_booked,
                  coalesce((select e.principal_id from charge_entry e
                             where e.platform_id = $1 and e.charge_id = c.charge_id and e.role = 'STATION_OPERATOR'),
                           ${operatorThen('i.station_id', 'i.rated_at')}) as operator_id
             from incident i left join charge c on c.platform_id = $1 and c.kind = i.kind and c.order_id = i.order_id
            order by i.kind, i.order_id`,
    values: [platformId, carrierIds, from, until],
  });
  return rows.map((row) => ({ incident: incidentOf(row), operatorId: row.operator_id ?? undefined, isBooked: row.is_booked }));
}

/**
 * Swaps after which a truck had to leave the bay, and nothing was noted of its stay, by carrier and local day of their end. After one that did
 * not complete, or whose truck the next one found gone, no stay is ever charged.
 */
export async function staysNotNoted(
  db: Db,
  { platformId, from, until }: BilledSpan,
  carrierIds: readonly string[],
): Promise<{ carrierId: string; day: string; swaps: number }[]> {
  if (carrierIds.length === 0) return [];
  const { rows } = await db.query<{ carrier_id: string; day: string; swaps: number }>({
    text: `select o.carrier_id, to_char(s.ended_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD') as day, count(*)::integer as swaps
             from swap s join swap_order o using (platform_id, order_id)
            where s.platform_id = $1 and o.carrier_id = any($2) and s.ended_at >= $3 and s.ended_at < $4
              and s.state = 'COMPLETED' and s.reason is distinct from 'TRUCK_LEFT'
              and o.state not in ('CREATED', 'QUOTED', 'HELD', 'REJECTED', 'CANCELLED')
              and not exists (select from penalty_incident i where i.platform_id = s.platform_id and i.kind = 'OVERSTAY' and i.order_id = s.order_id)
            group by 1, 2 order by 1, 2`,
    values: [platformId, carrierIds, from, until],
  });
  return rows.map(({ carrier_id: carrierId, day, swaps }) => ({ carrierId, day, swaps }));
}

/** Packages that were over in a span, with what was left of them. */
export async function packagesExpiredIn(db: Db, { platformId, from, until }: BilledSpan): Promise<ExpiredPackage[]> {
  const { rows } = await db.query<{ carrier_id: string; issuer_id: string; bought_on: string; amount_fen: bigint }>({
    text: `select d.principal_id as carrier_id, c.principal_id as issuer_id, t.amount_fen,
                  to_char(b.at at time zone 'Asia/Shanghai', 'YYYY-MM-DD') as bought_on
             from transfer t
             join account d on d.platform_id = t.platform_id and d.account_id = t.debit_account_id
             join account c on c.platform_id = t.platform_id and c.account_id = t.credit_account_id
             join transfer b on b.platform_id = t.platform_id and b.key = left(t.key, -length(':expiry')) and b.kind = 'PACKAGE_PURCHASE'
            where t.platform_id = $1 and t.kind = 'PACKAGE_EXPIRY' and t.at >= $2 and t.at < $3 order by t.transfer_no`,
    values: [platformId, from, until],
  });
  return rows.map((row) => ({ carrierId: row.carrier_id, issuerId: row.issuer_id, boughtOn: row.bought_on, amountFen: row.amount_fen }));
}

/** Deposits for energy on board that were taken in a span, each by its carrier and local day. */
export async function depositsTakenIn(db: Db, { platformId, from, until }: BilledSpan): Promise<{ carrierId: string; day: string }[]> {
  const { rows } = await db.query<{ carrier_id: string; day: string }>({
    text: `select d.principal_id as carrier_id, to_char(t.at at time zone 'Asia/Shanghai', 'YYYY-MM-DD') as day
             from transfer t join account d on d.platform_id = t.platform_id and d.account_id = t.debit_account_id
            where t.platform_id = $1 and t.kind = 'ENERGY_DEPOSIT' and t.at >= $2 and t.at < $3 order by t.transfer_no`,
    values: [platformId, from, until],
  });
  return rows.map(({ carrier_id: carrierId, day }) => ({ carrierId, day }));
}

/** Corrections, until now, of bills of a span: of its swaps, of penalties rated in it, and of rents of its months. */
export async function correctionsOfBillsIn(db: Db, { platformId, from, until }: BilledSpan): Promise<number> {
  const { rows } = await db.query<{ corrections: number }>({
    text: `select (select count(*) from order_basis b join correction k using (platform_id, order_id)
                    where b.platform_id = $1 and b.billed_at >= $2 and b.billed_at < $3)::integer
                  + (select count(*) from correction k join charge c using (platform_id, charge_id)
                      where k.platform_id = $1
                        and case when c.kind = 'MONTHLY_RENT'
                              then ((c.basis->>'month') || '-01')::date::timestamp at time zone 'Asia/Shanghai' < $3
                                   and (((c.basis->>'month') || '-01')::date + interval '1 month')::timestamp at time zone 'Asia/Shanghai' > $2
                              else to_timestamp((c.basis->>'ratedAtMs')::numeric / 1000) >= $2
                                   and to_timestamp((c.basis->>'ratedAtMs')::numeric / 1000) < $3 end)::integer as corrections`,
    values: [platformId, from, until],
  });
  return rows[0]?.corrections ?? 0;
}

import type { Incident } from '@corridor/actors/charge/penalty-charge';
import type { RentedTruck } from '@corridor/actors/charge/rent-charge';
import type { Db } from '../db/db.ts';
import { type IncidentRow, incidentOf, operatorThen } from './incident-row.ts';

/** A page ends between equals: with the whole of the instant. */
type OpenRow = IncidentRow & { incurred_at: string };

const PAGE = 200;

/** `operatorId`: whose the station was when it happened, which may have been sold since; undefined: nothing is recorded of that. */
export interface OpenIncident {
  readonly incident: Incident;
  readonly operatorId: string | undefined;
}

/** Incidents of a carrier without a charge, the oldest first: all of them, so that those that nobody can rate keep no others waiting. */
export async function* openIncidents(db: Db, platformId: string, carrierId: string): AsyncGenerator<OpenIncident, void, undefined> {
  let page: OpenRow[] = [];
  do {
    const last = page.at(-1);
    ({ rows: page } = await db.query<OpenRow>({
      text: `select i.kind, i.order_id, i.station_id, i.truck_id, i.carrier_id, i.rated_at, i.stayed_ms, i.incurred_at::text,
                    ${operatorThen('i.station_id', 'i.rated_at')} as operator_id
               from penalty_incident i
              where i.platform_id = $1 and i.carrier_id = $2
                and ($4::timestamptz is null or (i.incurred_at, i.order_id, i.kind) > ($4, $5, $6))
                and not exists (select from charge c where c.platform_id = i.platform_id and c.kind = i.kind and c.order_id = i.order_id)
              order by i.incurred_at, i.order_id, i.kind limit $3`,
      values: [platformId, carrierId, PAGE, last?.incurred_at ?? null, last?.order_id ?? null, last?.kind ?? null],
    }));
    for (const row of page) yield { incident: incidentOf(row), operatorId: row.operator_id ?? undefined };
  } while (page.length === PAGE);
}

/**
 * Orders whose penalty nobody could rate, as far as the platform has not closed the alarm of that.
 * @param of who would pay it, or whose the station was when it happened
 */
export async function unratedPenalties(
  db: Db,
  platformId: string,
  of: { readonly carrierId: string } | { readonly operatorId: string },
): Promise<string[]> {
  const [whose, principalId] =
    'carrierId' in of ? ['i.carrier_id', of.carrierId] : [operatorThen('i.station_id', 'i.rated_at'), of.operatorId];
  const { rows } = await db.query<{ order_id: string }>({
    text: `select distinct i.order_id from penalty_incident i
             join alarm a on a.platform_id = i.platform_id and a.code = 'PENALTY_NOT_RATED' and a.scope_id = i.order_id
            where i.platform_id = $1 and ${whose} = $2 and a.cleared_at is null and a.closed_at is null
              and not exists (select from charge c where c.platform_id = i.platform_id and c.kind = i.kind and c.order_id = i.order_id)
            order by i.order_id`,
    values: [platformId, principalId],
  });
  return rows.map(({ order_id }) => order_id);
}

/** Whether the platform was ever told that nobody could rate a penalty of an order. */
export async function isUnratedTold(db: Db, platformId: string, orderId: string): Promise<boolean> {
  const { rows } = await db.query({
    text: `select from alarm where platform_id = $1 and code = 'PENALTY_NOT_RATED' and scope_id = $2 limit 1`,
    values: [platformId, orderId],
  });
  return rows.length > 0;
}

/** Rents of a carrier that are in the books, by the ids of their charges. */
export async function chargedRents(db: Db, platformId: string, carrierId: string): Promise<ReadonlySet<string>> {
  const { rows } = await db.query<{ charge_id: string }>({
    text: `select charge_id from charge where platform_id = $1 and carrier_id = $2 and kind = 'MONTHLY_RENT'`,
    values: [platformId, carrierId],
  });
  return new Set(rows.map(({ charge_id }) => charge_id));
}

/** First local month in which a carrier had a truck, `2026-11`; null: it has none. */
export async function firstMonthOf(db: Db, platformId: string, carrierId: string): Promise<string | null> {
  const { rows } = await db.query<{ month: string | null }>({
    text: `select to_char(min(valid_from) at time zone 'Asia/Shanghai', 'YYYY-MM') as month from ownership
            where platform_id = $1 and asset_kind = 'TRUCK' and principal_id = $2`,
    values: [platformId, carrierId],
  });
  return rows[0]?.month ?? null;
}

interface RentedRow {
  [column: string]: unknown;
  truck_id: string;
  carrier_id: string;
  from_date: string;
  until_date: string | null;
  stay: number;
  pack_id: string;
  nominal_wh: bigint;
}

/**
 * Trucks that a carrier had in a local month, each with the pack that it had when the month, or its time with the carrier, ended; a
 * truck that had none in that time rents none. A day belongs to who had the truck when it began, or got it on it.
 */
export async function rentedTrucks(db: Db, platformId: string, carrierId: string, month: string): Promise<RentedTruck[]> {
  const { rows } = await db.query<RentedRow>({
    text: `with span as (select ($3 || '-01')::date::timestamp at time zone 'Asia/Shanghai' as begins,
                                (($3 || '-01')::date + interval '1 month')::timestamp at time zone 'Asia/Shanghai' as ends)
           select o.asset_id as truck_id, o.principal_id as carrier_id, to_char(o.valid_from at time zone 'Asia/Shanghai', 'YYYY-MM-DD') as from_date,
                  to_char((o.valid_until at time zone 'Asia/Shanghai')::date - 1, 'YYYY-MM-DD') as until_date, p.pack_id, y.nominal_wh,
                  (select count(*) from ownership e
                    where e.platform_id = o.platform_id and e.asset_kind = o.asset_kind and e.asset_id = o.asset_id and e.principal_id = o.principal_id
                      and (e.valid_until is null or e.valid_until > span.begins) and (e.valid_from = o.valid_from or e.valid_from < o.valid_from
                        and (e.valid_until at time zone 'Asia/Shanghai')::date > (e.valid_from at time zone 'Asia/Shanghai')::date))::integer as stay
             from ownership o cross join span
             join lateral (select c.pack_id from custody c
                            where c.platform_id = o.platform_id and c.place_kind = 'TRUCK' and c.place_id = o.asset_id
                              and c.since < least(span.ends, coalesce(o.valid_until, span.ends)) and (c.until is null or c.until > o.valid_from)
                            order by c.since desc, c.custody_no desc limit 1) h on true
             join pack p on p.platform_id = o.platform_id and p.pack_id = h.pack_id
             join pack_type y on y.platform_id = p.platform_id and y.type_code = p.type_code
            where o.platform_id = $1 and o.asset_kind = 'TRUCK' and o.principal_id = $2 and o.valid_from < span.ends
              and (o.valid_until is null or o.valid_until > span.begins)
            order by o.asset_id, o.valid_from`,
    values: [platformId, carrierId, month],
  });
  return rows.map((row) => ({
    truckId: row.truck_id,
    carrierId: row.carrier_id,
    packId: row.pack_id,
    nominalWh: Number(row.nominal_wh),
    fromDate: row.from_date,
    untilDate: row.until_date,
    stay: row.stay,
  }));
}

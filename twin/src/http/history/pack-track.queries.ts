import type { PackPlace } from '@corridor/actors/network/actor-event';
import type { QualityFlag } from '@corridor/protocols/envelope';
import type { Db } from '../../db/db.ts';
import type { Interval, Stay } from './held-stays.ts';

/** A fix that is where the truck cannot be. */
const DRIFTED: QualityFlag = 'GPS_DRIFT';

interface Span {
  readonly platformId: string;
  readonly packId: string;
  readonly fromMs: number;
  readonly untilMs: number;
}

/**
 * Where a pack was, oldest first, of all parties: to be cut to what the caller may see. A stay that ends after the span is told as going on.
 * @param limit the last ones
 */
export async function readStays(db: Db, { platformId, packId, fromMs, untilMs }: Span, limit: number): Promise<Stay[]> {
  const { rows } = await db.query<{
    place_kind: PackPlace['kind'];
    place_id: string;
    since: Date;
    until: Date | null;
    order_id: string | null;
  }>({
    // From the one that the span begins in: of what was before nothing is read.
    text: `select place_kind, place_id, since, case when until <= $4 then until end as until, order_id from custody
            where platform_id = $1 and pack_id = $2 and since <= $4 and (until is null or until > greatest(since, $3))
              and since >= coalesce((select max(b.since) from custody b where b.platform_id = $1 and b.pack_id = $2 and b.since <= $3), '-infinity')
            order by since desc, custody_no desc limit $5`,
    values: [platformId, packId, new Date(fromMs), new Date(untilMs), limit],
  });
  return rows.toReversed().map(({ place_kind, place_id, since, until, order_id }) => ({
    place: { kind: place_kind, id: place_id },
    fromMs: since.getTime(),
    untilMs: until?.getTime() ?? null,
    orderId: order_id,
  }));
}

export interface Charge {
  readonly fromSocPercent: number | null;
  readonly untilSocPercent: number | null;
}

/** First and last charge that was reported within each interval, in their order: two looks into the index for each. */
export async function readCharges(db: Db, { platformId, packId, untilMs }: Span, intervals: readonly Interval[]): Promise<Charge[]> {
  const within = `select soc_percent from telemetry_pack t
                   where t.platform_id = $1 and t.pack_id = $2 and t.ts_event >= s.from_at and t.ts_event < s.until_at and t.soc_percent is not null`;
  const { rows } = await db.query<{ first: number | null; last: number | null }>({
    text: `select (${within} order by t.ts_event limit 1) as first, (${within} order by t.ts_event desc limit 1) as last
             from unnest($3::timestamptz[], $4::timestamptz[]) with ordinality as s (from_at, until_at, no) order by s.no`,
    values: [
      platformId,
      packId,
      intervals.map(({ fromMs }) => new Date(fromMs)),
      intervals.map((each) => new Date(each.untilMs ?? untilMs + 1)),
    ],
  });
  return rows.map(({ first, last }) => ({ fromSocPercent: first, untilSocPercent: last }));
}

/** A truck while it had the pack, within the span; its end is not included. */
export interface Ride {
  readonly truckId: string;
  readonly fromMs: number;
  readonly untilMs: number;
}

export interface RidePoint {
  readonly ride: number;
  readonly atMs: number;
  readonly chainageM: number;
}

/**
 * Positions of trucks on the road, of each ride the first of each interval and the last of all, in their order. A look into the index for
 * each interval: of 30 days nothing else is read. Left out is what cannot be: a fix that drifted.
 */
export async function readRides(db: Db, platformId: string, rides: readonly Ride[], widthMs: number): Promise<RidePoint[]> {
  const reading = `select t.ts_event, t.chainage_m from telemetry_truck t
                    where t.platform_id = $1 and t.truck_id = r.truck_id and t.chainage_m is not null and not (t.q @> array[$6::text])`;
  const { rows } = await db.query<{ ride: bigint; ts_event: Date; chainage_m: number }>({
    text: `with ride as materialized (
              select no, truck_id, from_at, until_at
                from unnest($2::text[], $3::timestamptz[], $4::timestamptz[]) with ordinality as r (truck_id, from_at, until_at, no))
            select r.no - 1 as ride, p.ts_event, p.chainage_m
              from ride r
             cross join generate_series(r.from_at, r.until_at, make_interval(secs => $5::float8 / 1000)) as g (at)
             cross join lateral (${reading} and t.ts_event >= g.at and t.ts_event < g.at + make_interval(secs => $5::float8 / 1000)
                                    and t.ts_event < r.until_at order by t.ts_event limit 1) p
            union
            select r.no - 1, p.ts_event, p.chainage_m
              from ride r
             cross join lateral (${reading} and t.ts_event >= r.from_at and t.ts_event < r.until_at order by t.ts_event desc limit 1) p
             order by 1, 2`,
    values: [
      platformId,
      rides.map(({ truckId }) => truckId),
      rides.map(({ fromMs }) => new Date(fromMs)),
      rides.map(({ untilMs }) => new Date(untilMs)),
      widthMs,
      DRIFTED,
    ],
  });
  return rows.map(({ ride, ts_event, chainage_m }) => ({ ride: Number(ride), atMs: ts_event.getTime(), chainageM: chainage_m }));
}

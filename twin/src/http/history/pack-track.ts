import { type PackStay, type PackTrack, STAYS_MAX } from '@corridor/protocols/http/pack-track';
import type { LiveFacts } from '../../projection/live-facts.ts';
import type { Rights } from '../../projection/rights.ts';
import { type Stay, type StaysOf, stationOf, staysFor } from './held-stays.ts';
import { type Charge, type Ride, type RidePoint, readCharges, readRides, readStays } from './pack-track.queries.ts';

export interface PackTrackOf extends StaysOf {
  /** On the road, at most so many, and the last of each ride. */
  readonly points: number;
}

/** Where a pack was, as far as the caller may know. */
export async function packTrackFor(rights: Rights, of: PackTrackOf): Promise<PackTrack> {
  const { database, platformId, packId, fromMs, untilMs } = of;
  // Whose a place was is asked of each stay, so all are read, and charges and rides of those that are seen.
  const known = await readStays(database.pool, of, STAYS_MAX + 1);
  const stays = await staysFor(rights, known.slice(-STAYS_MAX), of);
  const rides = ridesOf(stays, of);
  const riddenMs = rides.reduce((sum, ride) => sum + ride.untilMs - ride.fromMs, 0);
  const widthMs = Math.max(1_000, Math.ceil(riddenMs / of.points));
  const [charges, points] = await Promise.all([
    stays.length === 0 ? [] : readCharges(database.pool, of, stays),
    rides.length === 0 ? [] : readRides(database.pool, platformId, rides, widthMs),
  ]);
  return {
    packId,
    from: timeOf(fromMs),
    until: timeOf(untilMs),
    widthMs,
    stays: stays.map((stay, no) => {
      const { fromSocPercent = null, untilSocPercent = null }: Partial<Charge> = charges[no] ?? {};
      const ridden = points.filter(({ ride }) => rides[ride]?.stay === stay);
      return { ...stayView(stay, rights, of.live), fromSocPercent, untilSocPercent, ...roadOf(ridden, rights) };
    }),
    truncated: known.length > STAYS_MAX,
  };
}

function ridesOf(stays: readonly Stay[], { fromMs, untilMs }: PackTrackOf): (Ride & { stay: Stay })[] {
  return stays.flatMap((stay) =>
    stay.place.kind === 'TRUCK'
      ? [{ stay, truckId: stay.place.id, fromMs: Math.max(stay.fromMs, fromMs), untilMs: stay.untilMs ?? untilMs + 1 }]
      : [],
  );
}

function stayView({ place, fromMs, untilMs, orderId }: Stay, rights: Rights, live: LiveFacts) {
  // The owner of a pack sees which truck has it, not whose that is.
  const seesPlate = place.kind === 'TRUCK' && rights.kind !== 'BATTERY_OWNER';
  return {
    from: timeOf(fromMs),
    until: untilMs === null ? null : timeOf(untilMs),
    place,
    stationId: stationOf(place, live),
    plate: seesPlate ? (live.reference.truck(place.id)?.plate ?? null) : null,
    orderId,
  };
}

/** An owner follows his pack, not the driver: to a kilometre, as in the scene. */
function roadOf(points: readonly RidePoint[], rights: Rights): Pick<PackStay, 'at' | 'chainageM'> {
  const shown = ({ chainageM }: RidePoint) => (rights.kind === 'BATTERY_OWNER' ? Math.round(chainageM / COARSE_M) * COARSE_M : chainageM);
  return { at: points.map(({ atMs }) => timeOf(atMs)), chainageM: points.map(shown) };
}

const COARSE_M = 1_000;
const timeOf = (ms: number): string => new Date(ms).toISOString();

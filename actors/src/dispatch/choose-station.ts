import { canReach } from './reach.ts';

/** A station ahead on the truck's way, turning at the ends of the road included. */
export type StationAhead = {
  stationId: string;
  /** Distance to drive, m. */
  distanceM: number;
  /** Greatest cumulative energy on the way there, Wh. */
  peakWh: number;
  readyPacks: number;
  /** Wait of a truck that arrives then, ms. */
  estWaitMs: number;
  operative: boolean;
};

export type StationChoice<S extends StationAhead = StationAhead> =
  /** `belowReserve`: even the nearest one costs some of the reserve. */
  { kind: 'STATION'; station: S; belowReserve: boolean } | { kind: 'NONE'; reason: 'NO_STATION_AHEAD' };

/** One minute of waiting weighs as much as this much further progress on the pack on board. */
const WAIT_WORTH_M_PER_MIN = 2_000;
/** A station without a ready pack makes one in about this time. */
const NO_PACK_WAIT_MS = 20 * 60_000;

/**
 * The farthest station that the pack still reaches (fewest swaps), less what the wait there is worth.
 * @param stations in any order
 * @param contentWh of the pack on board
 */
export function chooseStation<S extends StationAhead>({
  stations,
  contentWh,
  nominalWh,
}: {
  stations: readonly S[];
  contentWh: number;
  nominalWh: number;
}): StationChoice<S> {
  const reachable = stations.filter(({ operative, peakWh }) => operative && canReach({ contentWh, peakWh, nominalWh }));
  const best = reachable.reduce<S | null>((best, station) => (best === null || worthM(station) > worthM(best) ? station : best), null);
  if (best) return { kind: 'STATION', station: best, belowReserve: false };
  const byDistance = [...stations].sort((one, other) => one.distanceM - other.distanceM);
  const nearest = byDistance.find(({ operative, peakWh }) => operative && peakWh <= contentWh) ?? byDistance[0];
  return nearest ? { kind: 'STATION', station: nearest, belowReserve: true } : { kind: 'NONE', reason: 'NO_STATION_AHEAD' };
}

function worthM({ distanceM, readyPacks, estWaitMs }: StationAhead): number {
  const waitMs = estWaitMs + (readyPacks === 0 ? NO_PACK_WAIT_MS : 0);
  return distanceM - (waitMs / 60_000) * WAIT_WORTH_M_PER_MIN;
}

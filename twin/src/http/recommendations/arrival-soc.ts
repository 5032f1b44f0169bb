import { arrivalSocPercentOf } from '@corridor/actors/dispatch/recommend-stations';
import { waysToStations } from '@corridor/actors/dispatch/stations-ahead';
import { GROSS_MASS_KG_MAX } from '@corridor/actors/order/order-config';
import type { TruckView } from '@corridor/protocols/http/scene';
import type { StationDefinition, TruckDefinition } from '@corridor/protocols/network-file';
import type { LiveFacts } from '../../projection/live-facts.ts';
import { truckView } from '../../projection/truck-view.ts';
import type { Driving } from '../../restore/restore-core.ts';
import { packOnBoard } from './pack-on-board.ts';

/**
 * A truck so near to a station stands at it: what it still drives is half a percent of a pack, and one that was located just behind it would be
 * taken for one that has yet to turn at the end of the road (assumption) [m].
 */
const STANDS_WITHIN_M = 1_000;
/** A truck that was heard of longer ago may stand in front of the bay by now: about the longest tunnel (assumption) [scope ms]. */
const REPORT_AGE_MS_MAX = 300_000;

/**
 * SOC with which a truck on its way should arrive at a station, as the recommendations tell it [%].
 * @returns null when it stands there or does not reach it, or when the way to it, where it is by now or what the pack holds is not known
 */
export function arrivalSocPercentAt(
  station: StationDefinition,
  definition: TruckDefinition,
  { live, driving }: { live: LiveFacts; driving: Driving },
): number | null {
  const view = truckView(definition, live);
  const { chainageM, direction, grossMassKg, packId, socPercent, reportedAt } = view;
  const pack = packId === null ? null : packOnBoard(packId, socPercent, live);
  if (pack === null || chainageM === null || direction === null || standsAt(station, view)) return null;
  if (reportedAt === null || live.nowMs() - Date.parse(reportedAt) > REPORT_AGE_MS_MAX) return null;
  const way = waysToStations([station], { chainageM, direction, massKg: grossMassKg ?? GROSS_MASS_KG_MAX }, driving).get(station.id);
  return way === undefined || way.peakWh > pack.contentWh ? null : arrivalSocPercentOf(pack, way);
}

function standsAt({ id, chainageM }: StationDefinition, truck: TruckView): boolean {
  const isInside = truck.vehicleState === 'QUEUEING' || truck.vehicleState === 'IN_BAY';
  if (isInside && truck.destinationStationId === id) return true;
  return truck.chainageM !== null && Math.abs(truck.chainageM - chainageM) <= STANDS_WITHIN_M;
}

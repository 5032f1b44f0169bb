import type { LiveFacts } from './live-facts.ts';

/** Pack of a station that an order under way keeps for this truck; the station counts it to nobody else's ready ones. null: none. */
export function keptPackOf(truckId: string, stationId: string, { facts }: LiveFacts): string | null {
  const orderId = facts.orderOfTruck(truckId);
  const order = orderId === null ? undefined : facts.orders.get(orderId);
  return order?.stationId === stationId ? order.issuePackId : null;
}

/** Of those that stand in a station's queue, how many have a pack kept for them there, by station. */
export function waitingWithPack(live: LiveFacts): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [truckId, { data }] of live.reports.truck) {
    const { vehicleState, destinationStationId } = data;
    if (vehicleState !== 'QUEUEING' || destinationStationId === null || keptPackOf(truckId, destinationStationId, live) === null) continue;
    counts.set(destinationStationId, (counts.get(destinationStationId) ?? 0) + 1);
  }
  return counts;
}

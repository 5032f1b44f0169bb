import { chargeDurationMs } from '@corridor/actors/pack/charge-curve';
import type { QueueView } from '@corridor/protocols/http/queue-view';
import type { TruckView } from '@corridor/protocols/http/scene';
import { slotIdOf } from '@corridor/protocols/ids';
import type { StationDefinition } from '@corridor/protocols/network-file';
import { keptPackOf } from '../../projection/kept-pack.ts';
import type { LiveFacts } from '../../projection/live-facts.ts';
import type { Rights } from '../../projection/rights.ts';
import { distanceLeftM, maskTruck, truckView } from '../../projection/truck-view.ts';

/** Cells of a pack that says nothing of them are taken as warm enough (assumption). */
const CELLS_C = 25;

export interface QueueFacts {
  readonly live: LiveFacts;
  /** Since when a truck stands in a queue, scope ms; null: it does not, or nobody knows. */
  readonly queueingSinceMs: (truckId: string) => number | null;
}

/** Of each station who waits and who comes, as far as the caller may see them, and what is there for them. Each truck is looked at once. */
export function queuesAt(stations: readonly StationDefinition[], rights: Rights, facts: QueueFacts): QueueView[] {
  const { live } = facts;
  const byDestination = Map.groupBy(
    [...live.reference.trucks()].map((truck) => truckView(truck, live)),
    ({ destinationStationId }) => destinationStationId,
  );
  return stations.map((station) => queueAt(station, byDestination.get(station.id) ?? [], rights, facts));
}

function queueAt(
  station: StationDefinition,
  heading: readonly TruckView[],
  rights: Rights,
  { live, queueingSinceMs }: QueueFacts,
): QueueView {
  const keptPackId = ({ id }: TruckView): string | null => keptPackOf(id, station.id, live);
  /** A kept pack is none of the ready ones: who has one takes none of them. */
  const takenBy = (trucks: readonly TruckView[]): number => trucks.filter((truck) => keptPackId(truck) === null).length;
  const sinceMs = ({ id }: TruckView): number => queueingSinceMs(id) ?? Number.POSITIVE_INFINITY;
  const waiting = heading
    .filter(({ vehicleState }) => vehicleState === 'QUEUEING')
    .toSorted((one, other) => (sinceMs(one) === sinceMs(other) ? byId(one, other) : sinceMs(one) - sinceMs(other)));
  const coming = heading
    .filter(({ vehicleState, etaAt }) => vehicleState === 'DRIVING' && etaAt !== null)
    .toSorted((one, other) => Date.parse(one.etaAt ?? '') - Date.parse(other.etaAt ?? '') || byId(one, other));
  const readyNow = live.reports.station.get(station.id)?.data.readyPacks ?? null;
  const nextReady = chargingAt(station, live);
  return {
    stationId: station.id,
    readyNow,
    waiting: waiting.map((truck, index) => ({
      truckId: truck.id,
      plate: truck.plate,
      position: index + 1,
      since: Number.isFinite(sinceMs(truck)) ? new Date(sinceMs(truck)).toISOString() : null,
      reservedPackId: keptPackId(truck),
    })),
    underWay: coming.flatMap((truck, index) => {
      const shown = maskTruck(truck, rights, live);
      if (shown === null || truck.etaAt === null) return [];
      const etaAt = truck.etaAt;
      const readyThen = readyNow === null ? null : readyNow + nextReady.filter(({ at }) => at <= etaAt).length;
      const reservedPackId = keptPackId(truck);
      const isCounted = readyThen !== null && reservedPackId === null;
      return [
        {
          truckId: truck.id,
          plate: truck.plate,
          etaAt,
          distanceM: distanceLeftM(shown, station, live),
          socPercent: shown.socPercent,
          reservedPackId,
          packsLeft: isCounted ? readyThen - takenBy(waiting) - takenBy(coming.slice(0, index)) : null,
        },
      ];
    }),
    nextReady,
  };
}

const byId = (one: { id: string }, other: { id: string }): number => (one.id < other.id ? -1 : 1);

/** When the packs that are being charged can be issued, soonest first. */
function chargingAt(station: StationDefinition, live: LiveFacts): QueueView['nextReady'] {
  const found: QueueView['nextReady'] = [];
  for (let evseId = 1; evseId <= station.slots; evseId += 1) {
    const slotId = slotIdOf(station.id, evseId);
    const slot = live.reports.slot.get(slotId)?.data;
    const packId = live.facts.packInSlot(slotId);
    if (packId === null || slot?.chargingState !== 'CHARGING') continue;
    const chargerPowerW = slot.setpointW > 0 ? Math.min(slot.setpointW, station.chargerPowerW) : station.chargerPowerW;
    const durationMs = leftMs(packId, { ...station, chargerPowerW }, live);
    // For ever: it is too cold or too hot to charge.
    if (durationMs !== null && Number.isFinite(durationMs))
      found.push({ evseId, packId, at: new Date(Math.round(live.nowMs() + durationMs)).toISOString() });
  }
  return found.toSorted((one, other) => (one.at < other.at ? -1 : 1));
}

/** Until it is eligible for issue; null: it is already, or nobody knows. */
function leftMs(packId: string, { targetSocPercent, chargerPowerW }: StationDefinition, live: LiveFacts): number | null {
  const pack = live.reference.pack(packId);
  const nominalWh = pack && live.reference.packType(pack.typeCode)?.nominalWh;
  const report = live.reports.pack.get(packId)?.data;
  if (pack === undefined || nominalWh === undefined || report?.socPercent === null || report?.socPercent === undefined) return null;
  if (report.socPercent >= targetSocPercent) return null;
  const capacityWh = nominalWh * ((report.sohPercent ?? pack.initialSohPercent) / 100);
  return chargeDurationMs({
    fromSocPercent: report.socPercent,
    toSocPercent: targetSocPercent,
    capacityWh,
    tempC: report.cellTmaxC ?? CELLS_C,
    chargerPowerW,
  });
}

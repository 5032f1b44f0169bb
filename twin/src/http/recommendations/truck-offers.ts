import type { StationOffer } from '@corridor/actors/dispatch/recommend-stations';
import { type WayToStation, waysToStations } from '@corridor/actors/dispatch/stations-ahead';
import { checkNetwork, checkStationInterface } from '@corridor/actors/order/authorisation';
import { GROSS_MASS_KG_MAX } from '@corridor/actors/order/order-config';
import type { Direction } from '@corridor/actors/road/direction';
import type { PassedOverReason } from '@corridor/protocols/http/recommendation';
import type { StationDefinition, TruckDefinition } from '@corridor/protocols/network-file';
import { connectivityOf } from '../../projection/connectivity.ts';
import { keptPackOf, waitingWithPack } from '../../projection/kept-pack.ts';
import type { LiveFacts } from '../../projection/live-facts.ts';
import { priceAt } from '../../projection/station-view.ts';
import type { Driving } from '../../restore/restore-core.ts';

/** States of a station actor in which it takes trucks. */
const SERVING: ReadonlySet<string> = new Set(['operative', 'degraded']);

/** A truck that stands on the road, with what it holds. */
export type KnownTruck = {
  definition: TruckDefinition;
  chainageM: number;
  direction: Direction;
  /** null: not weighed; it is taken at its heaviest. */
  grossMassKg: number | null;
  nominalWh: number;
};

type Offers = { offers: StationOffer[]; passedOver: { stationId: string; reason: PassedOverReason }[] };

/** What every station has for a truck as things stand, or why it has nothing; in the order of the road. */
export function offersFor(truck: KnownTruck, live: LiveFacts, driving: Driving): Offers {
  const { chainageM, direction, grossMassKg } = truck;
  const stations = [...live.reference.stations()].toSorted((one, other) => one.chainageM - other.chainageM);
  const ways = waysToStations(stations, { chainageM, direction, massKg: grossMassKg ?? GROSS_MASS_KG_MAX }, driving);
  const withPack = waitingWithPack(live);
  const found: Offers = { offers: [], passedOver: [] };
  for (const station of stations) {
    const offer = offerOf(station, { truck, way: ways.get(station.id), queueWithPack: withPack.get(station.id) ?? 0 }, live);
    if (typeof offer === 'string') found.passedOver.push({ stationId: station.id, reason: offer });
    else found.offers.push(offer);
  }
  return found;
}

function offerOf(
  station: StationDefinition,
  { truck, way, queueWithPack }: { truck: KnownTruck; way: WayToStation | undefined; queueWithPack: number },
  live: LiveFacts,
): StationOffer | PassedOverReason {
  const { id: truckId, carrierId } = truck.definition;
  const { reference, nowMs } = live;
  if (!checkNetwork(reference, { carrierId, stationId: station.id, atMs: nowMs() }).ok) return 'NETWORK_NOT_ALLOWED';
  const fits = checkStationInterface(reference, { stationId: station.id, truckId });
  if (!fits.ok) return fits.reason === 'BATTERY_TYPE' ? 'BATTERY_TYPE' : 'STATION_CLOSED';
  const state = live.stateOf('station', station.id);
  const connectivity = connectivityOf(live.stateOf('gateway', station.id));
  if (state === 'offline' || connectivity === 'OFFLINE' || connectivity === 'NEVER_SEEN') return 'STATION_OFFLINE';
  if (!SERVING.has(state)) return 'STATION_CLOSED';
  // One that is there and has not said what it holds is as one that is away.
  const report = live.reports.station.get(station.id)?.data;
  if (report === undefined) return 'STATION_OFFLINE';
  const price = priceAt(station.id, live);
  if (price === null) return 'TARIFF_MISSING';
  if (way === undefined) return 'WRONG_SIDE';
  return {
    stationId: station.id,
    way,
    // The one that is kept for it is ready for it alone.
    readyPacks: report.readyPacks + (keptPackOf(truckId, station.id, live) === null ? 0 : 1),
    queueLength: report.queueLength,
    queueWithPack,
    estWaitMs: report.estWaitMs,
    priceNanoYuanPerKwh: BigInt(price),
    issueWh: (station.targetSocPercent / 100) * truck.nominalWh,
  };
}

import { DEFAULT_NETWORK_PATH, loadNetwork } from '../plant/corridor-files.ts';
import type { Business } from '../scenario/business.schema.ts';
import type { Scenario } from '../scenario/scenario.schema.ts';

/** What a carrier pays in, and below which balance (assumptions): no order of these corridors is refused for want of money. */
const TOP_UP = { belowFen: '5000000', amountFen: '20000000' };

/** Parties and agreements of data/corridor for the stations and fleets of a scenario: its carriers and owners in turn. */
export function corridorBusiness({ stations, fleets }: Pick<Scenario, 'stations' | 'fleets'>): Business {
  const network = loadNetwork(DEFAULT_NETWORK_PATH);
  const { platformId, principals, alliances, contracts, stationRates, batteryRates } = network;
  const idsOf = (kind: (typeof principals)[number]['kind']) => principals.flatMap((each) => (each.kind === kind ? [each.id] : []));
  return {
    platformId,
    principals,
    alliances,
    contracts,
    stationRates,
    batteryRates,
    stationOperators: network.stations
      .filter(({ id }) => stations.some((station) => station.id === id))
      .map(({ id: stationId, operatorId }) => ({ stationId, operatorId })),
    packOwnerIds: idsOf('BATTERY_OWNER'),
    fleetCarriers: fleets.map(({ id: fleetId }) => ({ fleetId, carrierIds: idsOf('CARRIER') })),
    topUp: TOP_UP,
  };
}

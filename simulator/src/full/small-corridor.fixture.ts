import { assert } from '@corridor/protocols/assert';
import type { Business } from '../scenario/business.schema.ts';
import type { Scenario } from '../scenario/scenario.schema.ts';
import { shippedScenario } from '../scenario/scenario-folder.ts';

const FULL = shippedScenario('corridor-full.json', { days: 3 });
assert(FULL.business !== undefined, 'a scenario of the full model');
const { servesTripsTo: _, pv: __, ...FIRST_STATION } = firstStation();

function firstStation(): Scenario['stations'][number] {
  const [station] = FULL.stations;
  assert(station !== undefined, 'a corridor without stations');
  return station;
}

/** Two ends of a flat road and one station half-way; parties and agreements as in the shipped corridor. */
export function smallCorridor(changes: Partial<Scenario> = {}, station: Partial<Scenario['stations'][number]> = {}): Scenario {
  const road = (id: string, from: string, to: string) => ({
    id,
    from,
    to,
    lengthM: 50_000,
    cruiseKmh: 70,
    elevations: [
      [0, 10],
      [50_000, 10],
    ] as [number, number][],
  });
  const plan: Scenario['stations'][number] = { ...FIRST_STATION, ...station };
  return {
    ...FULL,
    name: 'one truck, one station',
    days: 1,
    warmUpDays: 0,
    sites: [{ id: 'A' }, { id: 'M' }, { id: 'B' }],
    roads: [road('A-M', 'A', 'M'), road('M-B', 'M', 'B')],
    stations: [{ ...plan, id: 'M1', siteId: 'M' }],
    fleets: [
      {
        kind: 'trips',
        id: 'haul',
        trucks: 1,
        from: 'A',
        to: 'B',
        departures: { kind: 'continuous', spreadMs: 0 },
        loadedMassOutKg: 49_000,
        loadedMassBackKg: 49_000,
        emptyMassKg: 18_000,
        emptyTripRatio: 0,
        turnTime: { kind: 'deterministic', valueMs: 1_800_000 },
        legVariationRatio: 0,
        towTime: { kind: 'deterministic', valueMs: 7_200_000 },
        startSocPercent: 90,
      },
    ],
    business: businessOf('M1', 'haul'),
    ...changes,
  };
}

function businessOf(stationId: string, fleetId: string): Business {
  const { business } = FULL;
  assert(business !== undefined, 'a business');
  const [rate] = business.stationRates;
  const [operator] = business.stationOperators;
  assert(rate !== undefined && operator !== undefined, 'a rate and an operator');
  return {
    ...business,
    alliances: business.alliances.map((alliance) => ({ ...alliance, stationIds: [stationId] })),
    stationRates: [{ ...rate, stationId }],
    stationOperators: [{ ...operator, stationId }],
    fleetCarriers: business.fleetCarriers.slice(0, 1).map((entry) => ({ ...entry, fleetId })),
  };
}

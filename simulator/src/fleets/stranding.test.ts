import { expect, it } from 'vitest';
import { runCoarse } from '../coarse/coarse-run.ts';
import { engineDifference } from '../coarse/engine-comparison.ts';
import { runFull } from '../full/full-run.ts';
import { smallCorridor } from '../full/small-corridor.fixture.ts';
import type { Scenario, TripsPlan } from '../scenario/scenario.schema.ts';
import { shippedScenario } from '../scenario/scenario-folder.ts';

const BASE = shippedScenario('corridor-base.json');

/** From home on a mountain down to the only station and on along the plain; on the way up some packs do not last. */
function mountainHome(changes: Partial<TripsPlan> = {}): Scenario {
  const [station] = BASE.stations;
  const trips = BASE.fleets.find((fleet): fleet is TripsPlan => fleet.kind === 'trips');
  if (!station || !trips) throw new TypeError('the base corridor has no station or no trips');
  const road = (id: string, from: string, to: string, lengthM: number, heights: [number, number]): Scenario['roads'][number] => ({
    id,
    from,
    to,
    lengthM,
    cruiseKmh: 70,
    elevations: [
      [0, heights[0]],
      [lengthM, heights[1]],
    ],
  });
  const { servesTripsTo: _, pv: __, ...plan } = station;
  return {
    ...BASE,
    days: 12,
    warmUpDays: 2,
    pack: { ...BASE.pack, nominalWh: 380_000 },
    sites: [{ id: 'A' }, { id: 'S' }, { id: 'B' }],
    roads: [road('A-S', 'A', 'S', 50_000, [1_500, 0]), road('S-B', 'S', 'B', 30_000, [0, 0])],
    stations: [{ ...plan, siteId: 'S', bays: 3, packs: 20, chargers: 20, gridLimitW: 8_000_000 }],
    fleets: [
      {
        ...trips,
        from: 'A',
        to: 'B',
        trucks: 40,
        departures: { kind: 'interval', between: { kind: 'deterministic', valueMs: 3_600_000 } },
        legVariationRatio: 0.3,
        emptyTripRatio: 0,
        ...changes,
      },
    ],
  };
}

it('makes the whole trip though a tow is part of it: its turn, its load, its kilometres', () => {
  for (const seed of [1, 2]) {
    const { total } = runCoarse({ scenario: mountainHome(), seed, engine: 'compiled' });
    const figure = (kpi: string) => total[kpi] ?? Number.NaN;
    expect(figure('strandingsPerTrip'), `SEED=${seed}`).toBeGreaterThan(0.02);
    // A departure an hour, 160 km each.
    expect(Math.abs(figure('tripsPerDay') / 24 - 1), `SEED=${seed}`).toBeLessThan(0.01);
    const kmPerTrip = ((figure('distanceMPerTruckDay') + figure('towedMPerTruckDay')) * 40) / figure('tripsPerDay') / 1_000;
    expect(Math.abs(kmPerTrip / 160 - 1), `SEED=${seed}: ${kmPerTrip} km`).toBeLessThan(0.01);
    expect(figure('towedMPerTruckDay'), `SEED=${seed}`).toBeGreaterThan(0);
  }
});

it('tows no truck whose packs last', () => {
  const { total } = runCoarse({
    scenario: mountainHome({ legVariationRatio: 0, emptyMassKg: 18_000, emptyTripRatio: 1 }),
    seed: 1,
    engine: 'compiled',
  });
  expect([total['strandingsPerTrip'], total['towedMPerTruckDay']]).toEqual([0, 0]);
});

it('turns after a tow under both engines alike', () => {
  for (const seed of [1, 2]) expect(engineDifference({ ...mountainHome(), days: 1.5, warmUpDays: 0 }, seed)).toBeNull();
});

it('does so in the full model too', () => {
  const small = smallCorridor({ days: 6 });
  const roads = small.roads.map((road) =>
    road.id === 'A-M'
      ? {
          ...road,
          elevations: [
            [0, 1_200],
            [50_000, 10],
          ] as [number, number][],
        }
      : road,
  );
  const fleets = small.fleets.map((fleet) => ({ ...fleet, legVariationRatio: 0.35 }));
  const { total } = runFull({ scenario: { ...small, roads, fleets }, seed: 4, engine: 'compiled' });
  expect(total['strandingsPerTrip'], 'SEED=4').toBeGreaterThan(0);
  const km = ((total['distanceMPerTruckDay'] ?? 0) + (total['towedMPerTruckDay'] ?? 0)) / (total['tripsPerDay'] ?? 1) / 1_000;
  expect(Math.abs(km / 200 - 1), `SEED=4: ${km} km a trip`).toBeLessThan(0.04);
});

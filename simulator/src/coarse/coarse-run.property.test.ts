import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ScenarioRun } from '../run/scenario-run.ts';
import type { Scenario } from '../scenario/scenario.schema.ts';
import { shippedScenario } from '../scenario/scenario-folder.ts';
import { runCoarse } from './coarse-run.ts';

const QUEUE = shippedScenario('queue-bay-and-packs.json');
const CORRIDOR = shippedScenario('corridor-base.json');

const run = (scenario: Scenario, seed: number): ScenarioRun => {
  try {
    return runCoarse({ scenario, seed, engine: 'compiled', detailed: true });
  } catch (cause) {
    throw new Error(`SEED=${seed}: ${JSON.stringify(scenario.stations)}`, { cause });
  }
};
const figure = (kpis: ScenarioRun['total'], name: string): number => {
  const value = kpis[name];
  if (typeof value !== 'number') throw new TypeError(`${name} is ${value}`);
  return value;
};

const duration = fc.oneof(
  fc.constant({ kind: 'deterministic' as const, valueMs: 0 }),
  fc.integer({ min: 1, max: 4_000_000 }).map((meanMs) => ({ kind: 'exponential' as const, meanMs })),
  fc.integer({ min: 1, max: 4_000_000 }).map((valueMs) => ({ kind: 'deterministic' as const, valueMs })),
);

/** Some wear fast and start close to new cells, some come back as full as they left. */
const pack = fc.record({
  ageing: fc.option(
    fc.record({
      wearFactor: fc.constantFrom(1, 10),
      sohSpreadPercent: fc.integer({ min: 0, max: 10 }),
      renewAtSohPercent: fc.constantFrom(50, 79.9),
    }),
    { nil: undefined },
  ),
  arriveSocPercent: fc.constantFrom(3, 20, 95),
});

it('loses no pack, no truck and no energy, whatever the station and however packs age', () => {
  const station = fc.record({
    bays: fc.integer({ min: 1, max: 3 }),
    packs: fc.integer({ min: 1, max: 9 }),
    chargers: fc.integer({ min: 1, max: 9 }),
    discipline: fc.constantFrom('wait' as const, 'lost' as const),
    swapTime: duration,
    chargeTime: fc.option(duration, { nil: undefined }),
  });
  fc.assert(
    fc.property(
      station,
      pack,
      fc.integer({ min: 1, max: 20 }),
      fc.nat(1_000_000),
      (changes, { ageing, arriveSocPercent }, perHour, seed) => {
        const { chargeTime: _, ...plan } = { ...QUEUE.stations[0], ...changes } as Scenario['stations'][number];
        const scenario: Scenario = {
          ...QUEUE,
          days: 1,
          warmUpDays: 0,
          stations: [changes.chargeTime ? { ...plan, chargeTime: changes.chargeTime } : plan],
          pack: { ...QUEUE.pack, sohPercent: 90, ...(ageing === undefined ? {} : { ageing }) },
          fleets: QUEUE.fleets.map((fleet) =>
            fleet.kind === 'visits' ? { ...fleet, arriveSocPercent, arrivals: { kind: 'poisson', perHour } } : fleet,
          ),
        };
        // The checks of conservation stand in the run itself.
        const { stations, swaps } = run(scenario, seed);
        const kpis = stations[0]?.kpis ?? {};
        const arrivals = figure(kpis, 'arrivals');
        const lost = arrivals === 0 ? 0 : figure(kpis, 'lostRatio') * arrivals;
        const served = swaps?.length ?? 0;
        if (changes.discipline === 'lost') expect(served + Math.round(lost)).toBe(arrivals);
        else expect([lost, served <= arrivals]).toEqual([0, true]);
      },
    ),
    { numRuns: 40 },
  );
});

it('obeys Little’s law: trucks that wait are those that come in a mean wait', () => {
  const { stations } = run({ ...QUEUE, days: 60, warmUpDays: 0 }, 5);
  const kpis = stations[0]?.kpis ?? {};
  const waitDays = figure(kpis, 'waitMsMean') / 86_400_000;
  expect(figure(kpis, 'waitingTrucksMean') / ((figure(kpis, 'arrivals') / 60) * waitDays)).toBeCloseTo(1, 2);
});

it('obeys it where a queue grows without bound too: waits that are not over count as far as they go', () => {
  const SEED = 5;
  const fleets = QUEUE.fleets.map((fleet) =>
    fleet.kind === 'visits' ? { ...fleet, arrivals: { kind: 'poisson' as const, perHour: 20 } } : fleet,
  );
  const { stations } = run({ ...QUEUE, days: 10, warmUpDays: 0, fleets }, SEED);
  const kpis = stations[0]?.kpis ?? {};
  const waitedDays = (figure(kpis, 'waitMsMean') * figure(kpis, 'arrivals')) / 86_400_000;
  expect(waitedDays / (figure(kpis, 'waitingTrucksMean') * 10), `SEED=${SEED}`).toBeCloseTo(1, 9);
  expect(figure(kpis, 'waitingAtEnd'), `SEED=${SEED}`).toBeGreaterThan(100);
});

it('tells waits out and back, each of its own trucks', () => {
  const { swaps, total, stations } = run({ ...CORRIDOR, days: 3, warmUpDays: 1 }, 6);
  const counted = (swaps ?? []).filter(({ atMs, waitMs }) => atMs - waitMs >= 86_400_000);
  const meanMs = (heading: string, stationId?: string) => {
    const own = counted.filter((row) => row.heading === heading && (stationId === undefined || row.stationId === stationId));
    return own.length === 0 ? null : own.reduce((sum, { waitMs }) => sum + waitMs, 0) / own.length;
  };
  for (const heading of ['out', 'back']) {
    expect(total[`waitMsMean.${heading}`], `SEED=6 ${heading}`).toBeCloseTo(meanMs(heading) ?? Number.NaN, 6);
    for (const { id, kpis } of stations) {
      const found = meanMs(heading, id);
      if (found === null) expect(kpis[`waitMsMean.${heading}`] ?? null, `SEED=6 ${id} ${heading}`).toBeNull();
      else expect(kpis[`waitMsMean.${heading}`], `SEED=6 ${id} ${heading}`).toBeCloseTo(found, 6);
    }
  }
  // Both directions carry trucks, and a station of one direction has figures of that one only.
  expect(new Set(counted.map(({ heading }) => heading))).toEqual(new Set(['out', 'back']));
  expect(Object.keys(run(QUEUE, 6).total).filter((kpi) => kpi.includes('.'))).toEqual([]);
});

it('tows trucks whose packs do not reach, and loses none of them', () => {
  const worn = { ...CORRIDOR, days: 3, pack: { ...CORRIDOR.pack, nominalWh: 282_000 } };
  const scenario = { ...worn, fleets: worn.fleets.map((fleet) => (fleet.kind === 'trips' ? { ...fleet, legVariationRatio: 0.3 } : fleet)) };
  const { total } = run(scenario, 3);
  expect(figure(total, 'strandingsPerTrip')).toBeGreaterThan(0);
  expect(figure(total, 'tripsPerDay')).toBeGreaterThan(30);
  expect(total['energyImbalanceWh']).toBe(0);
});

it('keeps the other trucks’ draws when one station changes: common random numbers', () => {
  const firstSwap = (scenario: Scenario) => run(scenario, 11).swaps?.find(({ truck }) => truck === 'truck:haul-1');
  const more = { ...CORRIDOR, days: 3, stations: CORRIDOR.stations.map((station) => ({ ...station, packs: station.packs + 5 })) };
  expect(firstSwap(more)).toEqual(firstSwap({ ...CORRIDOR, days: 3 }));
});

it('sends trucks by the profile of the day', () => {
  const night = {
    ...QUEUE,
    days: 200,
    fleets: QUEUE.fleets.map((fleet) =>
      fleet.kind === 'visits'
        ? {
            ...fleet,
            arrivals: {
              kind: 'poisson' as const,
              perHour: 2,
              dayProfile: [
                ...Array.from({ length: 12 }, () => 0),
                ...Array.from({ length: 6 }, () => 1),
                ...Array.from({ length: 6 }, () => 3),
              ],
            },
          }
        : fleet,
    ),
  };
  const { hourly } = run(night, 2);
  const byHour = Array.from({ length: 24 }, (_, hour) =>
    (hourly[0]?.arrivals ?? new Float64Array()).reduce((sum, count, at) => sum + (at % 24 === hour ? count : 0), 0),
  );
  expect(byHour.slice(0, 12).every((count) => count === 0)).toBe(true);
  const total = byHour.reduce((sum, count) => sum + count, 0);
  expect(Math.abs(total / (200 * 48) - 1), 'SEED=2').toBeLessThan(0.04);
  // Three quarters of the trucks come in the last quarter of the day.
  expect(Math.abs(byHour.slice(18).reduce((sum, count) => sum + count, 0) / total - 0.75), 'SEED=2').toBeLessThan(0.02);
});

it('ends a run that takes more events than it may', () => {
  expect(() => runCoarse({ scenario: { ...QUEUE, eventsMax: 500 }, seed: 1, engine: 'compiled' })).toThrow(
    '/eventsMax: 500; more events than that happened by day 0.',
  );
});

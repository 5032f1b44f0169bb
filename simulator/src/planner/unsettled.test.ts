import { expect, it } from 'vitest';
import { runCoarse } from '../coarse/coarse-run.ts';
import type { Scenario, StationPlan } from '../scenario/scenario.schema.ts';
import { shippedScenario } from '../scenario/scenario-folder.ts';
import { warningWords } from '../scenario/warning.ts';
import { resultOf } from './result.ts';
import { runShapes } from './run-shapes.ts';
import { search } from './search.ts';

const QUEUE = shippedScenario('queue-m-m-1.json');
const [STATION] = QUEUE.stations;

/** The queue with three trucks an hour, for four days, one of them warm-up. */
function queue(stations: Partial<StationPlan>[], changes: Partial<Scenario> = {}): Scenario {
  const plans = stations.map((station, index) => ({ ...STATION, ...station, id: `S${index + 1}` }) as StationPlan);
  return {
    ...QUEUE,
    days: 4,
    warmUpDays: 1,
    seeds: { first: 1, count: 2 },
    stations: plans,
    fleets: plans.map(({ id }) => ({
      kind: 'visits',
      id: `to-${id}`,
      stationId: id,
      arrivals: { kind: 'poisson', perHour: 3 },
      arriveSocPercent: 20,
    })),
    ...changes,
  };
}

function resultFor(scenario: Scenario) {
  const results = [1, 2].map((seed) => {
    const { events, total, stations, ...whole } = runCoarse({ scenario, seed, engine: 'compiled', detailed: true });
    return {
      run: { seed, events, total, stations },
      shapes: runShapes(scenario, whole),
      orders: '',
      timeseries: '',
      loads: '',
      statements: '',
    };
  });
  return { result: resultOf(scenario, results, []), results, exceeded: [] };
}

it('counts who waits still when power has gone for good', () => {
  const faults: Scenario['faults'] = [{ kind: 'blackout', stationId: 'S1', fromDay: 2, durationMs: 365 * 86_400_000 }];
  const { result } = resultFor(queue([{}], { faults }));
  const { waitMsMean, waitMsP95, waitingAtEnd, waitingAtEndRatio } = result.total;
  // Two of the three days that count nobody is served: the waits so far are spread evenly over two days.
  expect(Math.abs((waitingAtEndRatio?.mean ?? 0) - 2 / 3)).toBeLessThan(0.06);
  expect(Math.abs((waitingAtEnd?.mean ?? 0) / 144 - 1)).toBeLessThan(0.2);
  expect(Math.abs((waitMsMean?.mean ?? 0) / ((2 / 3) * 86_400_000) - 1)).toBeLessThan(0.15);
  expect(waitMsP95?.mean).toBeGreaterThan(1.8 * 86_400_000);
  expect(result.shapes?.waitMinutes.at(-1)).toBeGreaterThan(200);
  expect(result.unsettled).toEqual(['S1']);
  expect(result.warnings.map((warning) => warningWords(warning).en)).toEqual([
    expect.stringMatching(/^\/stations\/0: "S1"; .* trucks wait here when a run ends, 6\d % of those/),
  ]);
});

it('has nothing to say of queues that are served', () => {
  const { result } = resultFor(queue([{}]));
  expect([result.unsettled, result.warnings]).toEqual([[], []]);
  expect(result.total['waitMsMean']?.mean).toBeLessThan(10 * 60_000);
});

it('lets no search end where half of the trucks are never served', async () => {
  // A kilowatt charges no pack in a day.
  const packs = { packs: 9, chargers: 9 };
  const starved = queue([packs, { ...packs, gridLimitW: 1_000 }]);
  const scenario = { ...starved, stations: starved.stations.map(({ chargeTime: _chargeTime, ...station }) => station) };
  const end = await search(
    {
      text: JSON.stringify(scenario),
      changes: {},
      pointer: '/stations/0/bays',
      from: 1,
      to: 4,
      goal: { kpi: 'swapsPerDay', sense: '>', bound: 10 },
      each: false,
      triesMax: 10,
    },
    async (variant) => resultFor(variant.scenario),
  );
  expect(end.best).toBeNull();
  expect(end.tried[0]?.runs?.result.unsettled).toEqual(['S2']);
  expect(end.tried[0]?.runs?.result.total['waitMsP95']?.mean).toBeGreaterThan(86_400_000);
});

import { expect, it } from 'vitest';
import { shippedScenario } from '../scenario/scenario-folder.ts';
import type { Warning } from '../scenario/warning.ts';
import { rankingText, searchText } from '../simulate/experiment-text.ts';
import { comparisonOf } from './comparison.ts';
import type { VariantRuns } from './experiment.ts';
import { fieldsOf, withFields } from './json-pointer.ts';
import { resultOf } from './result.ts';
import { goalOf, type SearchQuestion, search, triesAtMost } from './search.ts';
import { ranked, sweptVariants } from './sweep.ts';
import { toldValues } from './told-values.ts';

const SCENARIO = shippedScenario('queue-m-m-1.json');
const TWO = {
  ...SCENARIO,
  stations: ['A', 'B'].map((id) => ({ ...SCENARIO.stations[0], id })),
  fleets: ['A', 'B'].map((stationId) => ({ ...SCENARIO.fleets[0], id: stationId, stationId })),
};

/** A result whose mean wait in each run is what is given. */
function resultWith(waitsMs: readonly (number | null)[], name = 'a', warnings: readonly Warning[] = []) {
  const results = waitsMs.map((waitMsMean, index) => ({
    run: {
      seed: index + 1,
      events: 1,
      total: { waitMsMean, swapsPerDay: 5 },
      stations: SCENARIO.stations.map(({ id }) => ({ id, kpis: {} })),
    },
    shapes: { waitMinutes: [1], waited: 0, stations: [], spans: [], loads: [] },
    orders: '',
    timeseries: '',
    loads: '',
    statements: '',
  }));
  return {
    result: resultOf({ ...SCENARIO, name, seeds: { first: 1, count: waitsMs.length } }, results, warnings),
    results,
    exceeded: [],
  } satisfies VariantRuns;
}

it('pairs runs by seed: what seeds do to both does not blur the difference', () => {
  const waits = [10, 400, 90, 1_000, 5];
  const first = resultWith(waits).result;
  const second = resultWith(waits.map((wait, index) => wait + 7 + index / 10)).result;
  const { differences } = comparisonOf(first, second);
  expect(differences['waitMsMean']).toMatchObject({ verdict: 'MORE', runs: 5, ofFirst: 301 });
  expect(differences['waitMsMean']?.mean).toBeCloseTo(7.2, 9);
  expect(differences['swapsPerDay']).toMatchObject({ verdict: 'SAME', mean: 0 });
  const noise = comparisonOf(first, resultWith([...waits].reverse()).result);
  expect(noise.differences['waitMsMean']?.verdict).toBe('OPEN');
});

it('finds fields by paths with * and sets them in a copy', () => {
  expect(fieldsOf(TWO, '/stations/*/packs')).toEqual(['/stations/0/packs', '/stations/1/packs']);
  expect(fieldsOf(TWO, '/policies/charging')).toEqual(['/policies/charging']);
  expect(withFields(TWO, new Map([['/policies/charging', 'fastest']]))).toMatchObject({ policies: { charging: 'fastest' } });
  expect(TWO).not.toHaveProperty('policies');
  expect(withFields(TWO, new Map([['/stations/1/packs', 3]]))).toMatchObject({
    stations: [{ packs: SCENARIO.stations[0]?.packs }, { packs: 3 }],
  });
  for (const pointer of ['stations', '/stations/9/packs', '/nothing/*/here'])
    expect(() => fieldsOf(TWO, pointer), pointer).toThrow('a path to fields of the scenario');
});

it('sweeps all combinations, ranks them, and tells which cannot be run', () => {
  const variants = sweptVariants(
    JSON.stringify(SCENARIO),
    [
      { pointer: '/stations/0/bays', values: [1, 2] },
      { pointer: '/stations/0/packs', values: [16, -1, 20] },
    ],
    {},
  );
  expect(variants.map(({ values }) => Object.values(values))).toEqual([
    [1, 16],
    [1, -1],
    [1, 20],
    [2, 16],
    [2, -1],
    [2, 20],
  ]);
  expect(variants.map(({ refused }) => refused === null)).toEqual([true, false, true, true, false, true]);
  const waits = [[50, 52], [], [90, 91], [51, 53], [], [10, 200]];
  const rows = ranked(
    { kpi: 'waitMsMean', order: 'least' },
    variants.map(({ values, refused }, index) => ({
      values,
      refused,
      result: refused === null ? resultWith(waits[index] ?? []).result : null,
    })),
  );
  expect(rows.map(({ figure }) => figure?.mean ?? null)).toEqual([51, 52, 90.5, 105, null, null]);
  expect(rows.map(({ isLikeBest }) => isLikeBest)).toEqual([true, false, false, true, false, false]);
  expect(() => ranked({ kpi: 'speed', order: 'least' }, rows)).toThrow('--rank: speed; one of waitMsMean, swapsPerDay');
});

const SET = { pointer: '/stations/*/packs', values: [5, 6] };
it.each([
  [[{ ...SET, values: [5, 5] }], '--set: /stations/*/packs=5,5; values that differ'],
  [[SET, SET], '--set: /stations/*/packs; fields that no other sets: /stations/*/packs sets /stations/0/packs'],
  [[SET, { ...SET, pointer: '/stations/1/packs' }], '--set: /stations/1/packs; fields that no other sets'],
  [[{ pointer: '/seeds/count', values: [2, 4] }], 'all have the same seeds, --seeds says how many'],
  [[{ pointer: '/days', values: [3, 6] }], 'all have the same horizon, --days says which'],
  [[{ pointer: '/name', values: ['a', 'b'] }], '--set: /name; a field in which scenarios may differ: it has no effect'],
])('refuses a sweep in which rows would be the same or could not be compared: %j', (fields, told) => {
  expect(() => sweptVariants(JSON.stringify(TWO), fields, {})).toThrow(told);
});

const GROWS: Warning = {
  path: '/stations/0/bays',
  value: '1',
  code: 'STATION_OVERLOADED',
  part: 'BAYS',
  trucksPerHour: 13,
  load: 1.5,
};
it('ranks settings whose queue grows without bound behind all others, marks them and tells why', () => {
  const rows = ranked(
    { kpi: 'waitMsMean', order: 'least' },
    [GROWS, null, { path: GROWS.path, value: GROWS.value, code: 'NOBODY_PLANS_TO_SWAP' } as const].map((warning, index) => ({
      values: { '/stations/0/bays': index },
      refused: null,
      result: resultWith([6_000 + index, 6_100 + index], 'a', warning === null ? [] : [warning]).result,
    })),
  );
  expect(rows.map(({ values, isLikeBest }) => [Object.values(values)[0], isLikeBest])).toEqual([
    [1, true],
    [2, false],
    [0, false],
  ]);
  expect(rankingText(rows, { kpi: 'waitMsMean', order: 'least' }).split('\n')).toEqual([
    'by least mean wait; * cannot be told from the best',
    expect.stringMatching(/^ {2}\/stations\/0\/bays=1 {2}0\.1 min {2}\(95 %: 0\.09 … 0\.11\) {2}\*$/),
    expect.stringMatching(/^ {2}\/stations\/0\/bays=2 {2}0\.1 min {2}\(95 %: [\d. …]+\)$/),
    '      warning: /stations/0/bays: 1; no truck plans to swap here when nobody waits elsewhere',
    expect.stringMatching(/^ {2}\/stations\/0\/bays=0 {2}0\.1 min {2}\(95 %: [\d. …]+\) {2}!$/),
    '      warning: /stations/0/bays: 1; more: 13.00 trucks an hour keep the bays busy 1.50 times over, so the queue grows without bound',
    '! a queue grows without bound: the figure only tells how long the run was',
  ]);
});

it('takes what differs by the rounding of sums for the same', () => {
  const first = resultWith([1, 2, 3]).result;
  const second = resultWith([1 + 2e-13, 2 + 2e-13, 3 + 2e-13]).result;
  expect(comparisonOf(first, second).differences['waitMsMean']?.verdict).toBe('SAME');
});

const question: SearchQuestion = {
  text: JSON.stringify(TWO),
  changes: {},
  pointer: '/stations/*/packs',
  from: 1,
  to: 32,
  goal: { kpi: 'waitMsMean', sense: '<', bound: 100 },
  each: false,
  triesMax: 50,
};
/** Waits that fall with all packs of the two stations. */
const waitsBy = async ({ text }: { text: string }): Promise<VariantRuns> => {
  const { stations } = JSON.parse(text) as { stations: { packs: number }[] };
  const packs = stations.reduce((sum, station) => sum + station.packs, 0);
  return resultWith([1_000 / packs, 1_001 / packs, 1_002 / packs]);
};

it.each([
  { needed: 6, bound: 100 },
  { needed: 1, bound: 1_000 },
  { needed: 32, bound: 16 },
])('finds the least number that keeps a goal below $bound: $needed', async ({ needed, bound }) => {
  const asked = { ...question, goal: { ...question.goal, bound } };
  const { best, tried, complete } = await search(asked, waitsBy);
  expect([best?.values, complete]).toEqual([{ '/stations/*/packs': needed }, true]);
  expect(tried.length).toBeLessThanOrEqual(triesAtMost(asked));
});

it('lowers each field on its own, and says when the goal holds nowhere or the budget ends', async () => {
  const each = await search({ ...question, each: true }, waitsBy);
  // Eleven in all are needed: what the first gives up the second keeps.
  expect(each.best?.values).toEqual({ '/stations/0/packs': 5, '/stations/1/packs': 6 });
  const never = await search({ ...question, goal: { ...question.goal, bound: 1 } }, waitsBy);
  expect([never.best, never.tried.length, never.complete]).toEqual([null, 1, true]);
  const poor = await search({ ...question, triesMax: 2 }, waitsBy);
  expect([poor.tried.length, poor.complete, poor.best?.values]).toEqual([2, false, { '/stations/*/packs': 16 }]);
  const unfinished = ({ result, results, exceeded }: VariantRuns): VariantRuns => ({
    result: { ...result, complete: false, scenario: { ...result.scenario, seeds: { first: 1, count: results.length + 1 } } },
    results,
    exceeded,
  });
  const stopped = await search(question, async (variant) => {
    const runs = await waitsBy(variant);
    return variant.text.includes('"packs":16') ? unfinished(runs) : runs;
  });
  // What was tried before stays; what was stopped proves nothing, though its figure keeps the goal.
  expect(stopped.tried.map(({ values, holds, figure }) => [Object.values(values)[0], holds, figure !== null])).toEqual([
    [32, true, true],
    [16, false, true],
  ]);
  expect([stopped.best?.values, stopped.complete]).toEqual([{ '/stations/*/packs': 32 }, false]);
  const atOnce = await search(question, async () => unfinished(resultWith([])));
  expect([atOnce.tried, atOnce.best, atOnce.complete]).toEqual([[], null, false]);
});

it('takes no goal for kept where a queue grows without bound, or a run has no such figure', async () => {
  const grows = await search(question, async () => resultWith([1, 1, 1], 'a', [GROWS]));
  expect([grows.best, grows.tried[0]?.figure?.mean]).toEqual([null, 1]);
  const partly = await search(question, async () => resultWith([1, 1, null]));
  expect([partly.best, partly.tried[0]?.figure?.runs]).toEqual([null, 2]);
  expect((await search(question, async () => resultWith([1, 1, 1]))).best).not.toBeNull();
  const { runs, goal } = { runs: 3, goal: question.goal };
  expect(searchText(grows, { runs, goal })).toMatch(
    /^goal: mean wait < 0 min\n[^]*fails .* !\n.*grows without bound[^]*does not hold at the greatest/,
  );
});

it('reads goals', () => {
  expect(goalOf('waitMsP95 < 6e5')).toEqual({ kpi: 'waitMsP95', sense: '<', bound: 600_000 });
  expect(goalOf('incomeFenPerDay.SO1>-2')).toEqual({ kpi: 'incomeFenPerDay.SO1', sense: '>', bound: -2 });
  expect(goalOf('incomeFenPerDay.SO-1>0')).toEqual({ kpi: 'incomeFenPerDay.SO-1', sense: '>', bound: 0 });
  for (const text of ['waitMsP95', 'waitMsP95=5', '<5', 'a<b']) expect(goalOf(text), text).toBeNull();
});

it('tells a setting of many fields by what differs', () => {
  const values = Object.fromEntries([8, 7, 8, 6, 8].map((packs, index) => [`/stations/${index}/packs`, packs]));
  expect(toldValues(values)).toEqual([
    ['/stations/1/packs', 7],
    ['/stations/3/packs', 6],
    ['others', 8],
  ]);
  const few = { '/stations/*/packs': 8, '/policies/charging': 'fastest' };
  expect(toldValues(few)).toEqual(Object.entries(few));
});

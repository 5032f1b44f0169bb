import { expect, it } from 'vitest';
import { comparisonOf } from './comparison.ts';
import type { VariantRuns } from './experiment.ts';
import { fieldsOf, withFields } from './json-pointer.ts';
import { resultOf } from './result.ts';
import { shippedScenario } from './scenario-folder.ts';
import { goalOf, type SearchQuestion, search, triesAtMost } from './search.ts';
import { ranked, sweptVariants } from './sweep.ts';

const SCENARIO = shippedScenario('queue-m-m-1.json');
const TWO = {
  ...SCENARIO,
  stations: ['A', 'B'].map((id) => ({ ...SCENARIO.stations[0], id })),
  fleets: ['A', 'B'].map((stationId) => ({ ...SCENARIO.fleets[0], id: stationId, stationId })),
};

/** A result whose mean wait in each run is what is given. */
function resultWith(waitsMs: readonly number[], name = 'a') {
  const results = waitsMs.map((waitMsMean, index) => ({
    run: { seed: index + 1, events: 1, total: { waitMsMean, swapsPerDay: 5 }, stations: [] },
    shapes: { waitMinutes: [1], stations: [] },
    orders: '',
    timeseries: '',
  }));
  return {
    result: resultOf({ ...SCENARIO, name, seeds: { first: 1, count: waitsMs.length } }, results, []),
    results,
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
      { pointer: '/days', values: [16, -1, 20] },
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
  const unfinished = ({ result, results }: VariantRuns): VariantRuns => ({ result: { ...result, complete: false }, results });
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

it('reads goals', () => {
  expect(goalOf('waitMsP95 < 6e5')).toEqual({ kpi: 'waitMsP95', sense: '<', bound: 600_000 });
  expect(goalOf('incomeFenPerDay.SO1>-2')).toEqual({ kpi: 'incomeFenPerDay.SO1', sense: '>', bound: -2 });
  for (const text of ['waitMsP95', 'waitMsP95=5', '<5', 'a<b']) expect(goalOf(text), text).toBeNull();
});

import { expect, it } from 'vitest';
import { runCoarse } from '../coarse/coarse-run.ts';
import { comparisonOf } from '../planner/comparison.ts';
import { type Result, resultOf } from '../planner/result.ts';
import { runShapes } from '../planner/run-shapes.ts';
import { shippedScenario } from '../planner/scenario-folder.ts';
import type { Scenario } from '../scenario/scenario.schema.ts';
import { comparisonReport } from './comparison-report.ts';
import { rankingReport } from './ranking-report.ts';
import { runReport } from './run-report.ts';
import { linear } from './scale.ts';
import { shown, signed } from './shown-number.ts';

const SEEDS = [1, 2];
function resultBy(scenario: Scenario): Result {
  const results = SEEDS.map((seed) => {
    const whole = runCoarse({ scenario, seed, engine: 'compiled', detailed: true });
    const { events, total, stations } = whole;
    return { run: { seed, events, total, stations }, shapes: runShapes(scenario, whole), orders: '', timeseries: '' };
  });
  return resultOf({ ...scenario, seeds: { first: 1, count: SEEDS.length } }, results, []);
}
const BASE: Scenario = { ...shippedScenario('corridor-base.json'), days: 3, warmUpDays: 1 };
const base = resultBy(BASE);
const more = resultBy({ ...BASE, name: 'More <packs>', stations: BASE.stations.map((station) => ({ ...station, packs: 9 })) });

/** A page that needs nothing from elsewhere, and no text of which is a program's mistake. */
function expectWhole(html: string): void {
  expect(html).not.toMatch(/\b(?:NaN|undefined|Infinity|\[object)/);
  expect(html).not.toMatch(/(?:src|href)=|https?:|@import|url\(/);
  const opened = html.match(/<(section|svg|table|g|details|p|main|div)\b/g)?.length;
  expect(html.match(/<\/(section|svg|table|g|details|p|main|div)>/g)?.length).toBe(opened);
  // Both languages say as much.
  expect(html.match(/class="en"/g)?.length).toBe(html.match(/class="zh"/g)?.length);
}

it('shows a run as a page that stands alone', () => {
  const html = runReport(base);
  expectWhole(html);
  for (const heading of [
    'Where it gets tight',
    'How long trucks wait',
    'Out and back',
    'Load over the day',
    'Energy by tariff period',
    'Packs',
    'Carbon in three views',
    'Stations',
    'All figures',
  ])
    expect(html).toContain(heading);
  expect(html).toMatch(/95 of 100 swaps wait less than [\d.]+ minutes; RC1 is the first to fill up/);
  expect(html).toMatch(/SHA-256 [0-9a-f]{64}/);
  for (const { id } of BASE.stations) expect(html).toContain(`>${id}<`);
});

it('leaves out what a scenario does not know', () => {
  const html = runReport(resultBy({ ...shippedScenario('queue-m-m-1.json'), days: 3, warmUpDays: 1 }));
  expectWhole(html);
  for (const heading of ['Where it gets tight', 'Out and back', 'Energy by tariff period', 'Carbon in three views', 'Income'])
    expect(html).not.toContain(heading);
  const nothing = runReport(resultOf(BASE, [], []));
  expectWhole(nothing);
  expect(nothing).toContain('Nothing was swapped');
});

it('shows income by principal where there are books', () => {
  const total = { ...base.total, 'incomeFenPerDay.SO1': { mean: 1_234_567, low: 1_200_000, high: 1_300_000, runs: 2 } };
  expect(runReport({ ...base, total })).toContain('¥12,345.67');
});

it('shows what differs, and what of it is proved', () => {
  const html = comparisonReport(comparisonOf(base, more));
  expectWhole(html);
  expect(html).toContain('More &lt;packs&gt;');
  expect(html).not.toContain('More <packs>');
  expect(html).toContain('not proved');
});

it('shows many scenarios, best first, and those that cannot be run', () => {
  const rows = [base, more].map((result, index) => ({
    values: { '/stations/*/packs': 7 + index },
    refused: null,
    figure: result.total['waitMsP95'] ?? null,
    isLikeBest: index === 0,
    result,
  }));
  const refused = {
    values: { '/stations/*/packs': 0 },
    refused: '/stations/0/packs: 0; more',
    figure: null,
    isLikeBest: false,
    result: null,
  };
  const html = rankingReport({
    question: { kind: 'sweep', ranking: { kpi: 'waitMsP95', order: 'least' } },
    variants: [...rows, refused],
    complete: true,
    runs: 4,
  });
  expectWhole(html);
  expect(html).toContain('Best is packs = 7');
  expect(html).toContain('/stations/0/packs: 0; more');
  const goal = { kpi: 'waitMsP95', sense: '<', bound: 1 } as const;
  const none = rankingReport({ question: { kind: 'search', goal, best: null }, variants: rows, complete: false, runs: 4 });
  expectWhole(none);
  expect(none).toContain('Nowhere in this range does waitMsP95 &lt; 1 hold.');
});

it('sets numbers with the digits that count', () => {
  expect([1234.5, 12.345, 1.2345, 0.01234, 0, -5.678, null].map((value) => shown(value))).toEqual([
    '1,235',
    '12.3',
    '1.23',
    '0.01',
    '0',
    '-5.68',
    '—',
  ]);
  expect([3, -3, 0].map(signed)).toEqual(['+3', '−3', '0']);
  expect(linear({ from: 0, to: 47, start: 0, end: 100, ticksMax: 5 }).ticks).toEqual([0, 10, 20, 30, 40]);
  expect(linear({ from: 0, to: 1, start: 0, end: 100 }).at(0.25)).toBe(25);
});

import { expect, it } from 'vitest';
import { runCoarse } from '../coarse/coarse-run.ts';
import { comparisonOf } from '../planner/comparison.ts';
import { type Result, resultOf } from '../planner/result.ts';
import { runShapes } from '../planner/run-shapes.ts';
import type { Scenario } from '../scenario/scenario.schema.ts';
import { shippedScenario } from '../scenario/scenario-folder.ts';
import { summary } from '../simulate/result-text.ts';
import { bottleneckFill, bottleneckOf } from './bottleneck.ts';
import { comparisonReport } from './comparison-report.ts';
import { differenceIntervalText, differenceText, figureOf, figuresOf, intervalText } from './figures.ts';
import { rankingReport } from './ranking-report.ts';
import { runReport } from './run-report.ts';
import { linear } from './scale.ts';
import { shown, signed } from './shown-number.ts';
import { waitChart } from './wait-chart.ts';

const SEEDS = [1, 2];
function resultBy(scenario: Scenario): Result {
  const results = SEEDS.map((seed) => {
    const whole = runCoarse({ scenario, seed, engine: 'compiled', detailed: true });
    const { events, total, stations } = whole;
    return {
      run: { seed, events, total, stations },
      shapes: runShapes(scenario, whole),
      orders: '',
      timeseries: '',
      loads: '',
      statements: '',
    };
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

it('tells a long run by months, and when trucks wait longest', () => {
  expect(runReport(base)).not.toContain('Through the calendar');
  const html = runReport(resultBy({ ...BASE, startsOn: '2026-07-30', days: 6 }));
  expectWhole(html);
  expect(html).toContain('Through the calendar');
  expect(html).toMatch(/<title>2026-07 [\d.]+<\/title>.*<title>2026-08 [\d.]+<\/title>/);
  expect(html).toMatch(/In 2026-0[78] it is [\d.]+ minutes, the most of all\./);
});

it('leaves out what a scenario does not know', () => {
  const html = runReport(resultBy({ ...shippedScenario('queue-m-m-1.json'), days: 3, warmUpDays: 1 }));
  expectWhole(html);
  for (const heading of ['Where it gets tight', 'Out and back', 'Energy by tariff period', 'Carbon in three views', 'Income'])
    expect(html).not.toContain(heading);
  const nothing = runReport(resultOf(BASE, [], []));
  expectWhole(nothing);
  // What no run tells is no zero.
  expect(nothing).toContain('No run was complete');
  expect(nothing).not.toMatch(/>0 %|>0 t/);
});

it('shows income by principal where there are books', () => {
  const total = { ...base.total, 'incomeFenPerDay.SO1': { mean: 1_234_567, low: 1_200_000, high: 1_300_000, runs: 2 } };
  expect(runReport({ ...base, total })).toContain('¥12,345.67');
});

it('tells each figure that the runs have, in words and groups', () => {
  const html = runReport(base);
  for (const kpi of Object.keys(base.total)) if (base.total[kpi]) expect(figureOf(kpi), kpi).not.toMatchObject({ label: { en: kpi } });
  for (const { label } of figuresOf(base.total)) expect(html).toContain(`>${label.en.replaceAll('&', '&amp;')}<`);
  expect(figuresOf(base.total).length).toBe(Object.values(base.total).filter((interval) => interval !== null).length);
  expect(figureOf('of-tomorrow')).toMatchObject({ label: { en: 'of-tomorrow' }, unit: '' });
});

it('tells orders that are refused, and why, before all else', () => {
  const of = (mean: number) => ({ mean, low: mean - 9, high: mean + 9, runs: 2 });
  const total = {
    ...base.total,
    refusedOrdersPerDay: of(5_009),
    'refusedOrdersPerDay.NO_CREDIT': of(5_000),
    'refusedOrdersPerDay.TOKEN_INVALID': of(9),
  };
  const some = runReport({ ...base, total });
  expect(some).toMatch(/Orders that are refused[^]*not enough credit[^]*5,000[^]*token not valid[^]*Where it gets tight/);
  expect(summary({ ...base, total })).toMatch(
    /orders refused a day +5,009[^]*of them not enough credit +5,000\n +of them token not valid +9/,
  );
  const none = runReport({ ...base, total: { ...total, swapsPerDay: of(0) } });
  expect(none).toContain('Nothing was swapped: 5,009 orders a day are refused (not enough credit).');
  expect(none).not.toContain('95 of 100');
});

it('tells of trucks that wait where nothing is swapped at all', () => {
  const of = (mean: number) => ({ mean, low: mean, high: mean, runs: 2 });
  const dark = runReport({ ...base, total: { ...base.total, swapsPerDay: of(0), waitingAtEnd: of(52) } });
  expect(dark).toContain('Nothing was swapped in the time that counts, and 52 trucks wait at its end.');
  const empty = runReport({ ...base, total: { ...base.total, swapsPerDay: of(0), waitingAtEnd: of(0) } });
  expect(empty).toContain('Nothing was swapped in the time that counts.');
});

it('names the fleet whose loads wait for a truck', () => {
  const warnings = [
    { path: '/fleets/0/trucks', value: '44', code: 'LOADS_WAIT_AT_END', loads: 88, ratio: 0.025, growthPerDay: 14 },
  ] as const;
  const html = runReport({ ...base, isStable: false, warnings });
  expect(html).toContain(`loads wait for a truck of ${base.scenario.fleets[0]?.id}`);
  expect(html).not.toContain('look at');
});

it('draws the loads that wait for a truck over the run, a line a fleet, and nothing where none waits', () => {
  const shapes = base.shapes;
  if (shapes === null) throw new TypeError('a result without shapes');
  const waiting = Array.from({ length: 72 }, (_, hour) => hour / 2);
  const withLoads = (loads: typeof shapes.loads) => runReport({ ...base, shapes: { ...shapes, loads } });
  const html = withLoads([
    { fleetId: 'ore', stepHours: 1, waiting },
    { fleetId: 'coal', stepHours: 1, waiting: waiting.map((loads) => loads * 0.99) },
  ]);
  expectWhole(html);
  const [chart = ''] = html.match(/Loads that wait for a truck<[^]*?<\/svg>/) ?? [];
  expect(chart.match(/<path /g)?.length).toBe(2);
  expect(chart).toMatch(/>ore 35\.5<[^]*|>coal 35\.1</);
  // Of labels that end at the same height one is moved.
  const heights = [...chart.matchAll(/y="([\d.]+)" style="fill:var\(--(?:wait|accent)\)"/g)].map(([, y]) => Number(y));
  expect(Math.abs((heights[0] ?? 0) - (heights[1] ?? 0))).toBeGreaterThanOrEqual(16);
  // A third of the run is its warm-up.
  expect(chart).toMatch(/<rect x="64" y="26" width="232\.7"/);
  expect(withLoads([{ fleetId: 'ore', stepHours: 1, waiting: waiting.map(() => 0) }])).not.toContain('Loads that wait for a truck<');
});

it('is red where a queue grows without bound, and only there', () => {
  expect(runReport(base)).not.toContain('var(--alarm)"');
  const stations = base.stations.map((station, index) => ({ ...station, isStable: index !== 2 }));
  const html = runReport({ ...base, isStable: false, stations });
  expect(html.match(/fill:var\(--alarm\)"/g)?.length).toBe(2);
  expect(html).toContain(`look at ${base.stations[2]?.id}`);
  const [plan] = BASE.stations;
  const busy = { mean: 0.99, low: null, high: null, runs: 1 };
  const full = { id: 'A', isStable: true, kpis: { bayBusyRatio: busy, chargerBusyRatio: busy } };
  expect(plan && bottleneckFill(bottleneckOf(plan, full))).toContain('var(--wait) 100%');
});

it('shows the peak of a station beside its busiest hour', () => {
  const html = runReport(base);
  for (const { kpis } of base.stations) expect(html).toContain(`>${shown((kpis['gridPowerWPeak']?.mean ?? 0) / 1000)}</text>`);
});

it('begins the curve of waits with those who wait at all', () => {
  const shapes = { waitMinutes: [6, 2, 2, ...Array.from({ length: 118 }, () => 0)], waited: 9 };
  const curve = /<path d="M48\.0 ([\d.]+)L[\d.]+ ([\d.]+)L[\d.]+ ([\d.]+)[^"]*" fill="none"/.exec(
    waitChart([{ label: { en: '', zh: '' }, shapes }]),
  );
  const [, first, second, third] = curve?.map(Number) ?? [];
  // Nine, four and two of ten wait longer than 0, 1 and 2 minutes; the first is as high as the picture.
  expect(first).toBe(12);
  expect((240 - (second ?? 0)) / (240 - (first ?? 0))).toBeCloseTo(4 / 9, 2);
  expect((240 - (third ?? 0)) / (240 - (first ?? 0))).toBeCloseTo(2 / 9, 2);
});

it('tells intervals in the unit of people, and the digits of small differences', () => {
  expect(intervalText(figureOf('waitedRatio'), { mean: 0.05, low: 0, high: 0.125, runs: 2 })).toBe('0 … 12.5');
  expect(intervalText(figureOf('waitMsMean'), { mean: 9, low: 0, high: 120_000, runs: 2 })).toBe('0 … 2');
  expect(intervalText(figureOf('savedNetKgCo2PerDay'), { mean: 0, low: -2_000, high: 2_000, runs: 2 })).toBe('−2 … 2');
  expect(differenceText(figureOf('energyCostFenPerKwh'), 0.123)).toBe('+0.00123 ¥/kWh');
  expect(differenceIntervalText(figureOf('energyCostFenPerKwh'), { mean: 0.123, low: -0.0123, high: 0.3, runs: 2 })).toBe(
    '−0.000123 … +0.003',
  );
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
  expect(none).toContain('Nowhere in this range does waitMsP95 &lt; 1 (0 min) hold.');
});

it('sets numbers with the digits that count', () => {
  expect([1234.5, 12.345, 1.2345, 0.01234, 0, -5.678, null].map((value) => shown(value))).toEqual([
    '1,235',
    '12.3',
    '1.23',
    '0.01',
    '0',
    '−5.68',
    '—',
  ]);
  expect([3, -3, 0].map(signed)).toEqual(['+3', '−3', '0']);
  expect(linear({ from: 0, to: 47, start: 0, end: 100, ticksMax: 5 }).ticks).toEqual([0, 10, 20, 30, 40]);
  expect(linear({ from: 0, to: 1, start: 0, end: 100 }).at(0.25)).toBe(25);
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fieldsOf, withFields } from '../planner/json-pointer.ts';
import { simulated } from './simulate-command.fixture.ts';

const SCENARIOS = new URL('../../scenarios/', import.meta.url);
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bad-input-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Shipped {
  stations: { id: string; siteId: string; packs: number }[];
  roads: { id: string }[];
  [field: string]: unknown;
}
const shipped = (file: string): Shipped => JSON.parse(readFileSync(new URL(file, SCENARIOS), 'utf8'));
const QUEUE = shipped('queue-m-m-1.json');
const CORRIDOR = shipped('corridor-base.json');

/** A scenario with one place of it set to another value. */
function changed(base: object, path: string, value: unknown): object {
  const [field = ''] = fieldsOf(base, path);
  return withFields(base, new Map([[field, value as never]])) as object;
}
function write(name: string, scenario: unknown): string {
  const file = join(folder, name);
  writeFileSync(file, typeof scenario === 'string' ? scenario : JSON.stringify(scenario));
  return file;
}

/** What a planner gets wrong, as a file; what is told of it: the field, what stands there, what is allowed or why not. */
const REFUSED: readonly (readonly [what: string, scenario: unknown, told: string])[] = [
  ['an unknown key', { ...QUEUE, colour: 'red' }, '/colour: "red"; unknown key; known are name, about, model'],
  [
    'an unknown key deep inside',
    changed(QUEUE, '/stations/0/swapTime/sigma', 1),
    '/stations/0/swapTime/sigma: 1; unknown key; known are kind, meanMs',
  ],
  ['a field that is missing', { ...QUEUE, days: undefined }, '/days: missing; a number above 0'],
  [
    'a station that no road leads to',
    changed({ ...CORRIDOR, sites: [...(CORRIDOR['sites'] as object[]), { id: 'ISLE', lat: 38, lon: 118 }] }, '/stations/5/siteId', 'ISLE'),
    '/stations/5/siteId: "ISLE"; a site that some fleet can come to: no road leads here, and no fleet names the station',
  ],
  [
    'roads that do not meet',
    { ...CORRIDOR, roads: CORRIDOR.roads.filter(({ id }) => id !== 'BD-SP') },
    '/fleets/0/to: "YP"; a site that roads lead to from HHP: the roads there are disconnected',
  ],
  [
    'a leg beyond any pack',
    { ...CORRIDOR, stations: CORRIDOR.stations.filter(({ id }) => id === 'HH1' || id === 'YP1') },
    '/fleets/0: "haul"; legs that a pack covers: from HH1 towards YP the nearest station, YP1, takes ',
  ],
  ['a rate of zero', changed(QUEUE, '/fleets/0/arrivals/perHour', 0), '/fleets/0/arrivals/perHour: 0; a number above 0, at most 10000'],
  ['a negative rate', changed(QUEUE, '/fleets/0/arrivals/perHour', -6), '/fleets/0/arrivals/perHour: -6; a number above 0, at most 10000'],
  ['a negative time', changed(QUEUE, '/stations/0/swapTime/meanMs', -1), '/stations/0/swapTime/meanMs: -1; a number above 0'],
  [
    'an endless number of arrivals at once',
    changed(QUEUE, '/fleets/0/arrivals', { kind: 'interval', between: { kind: 'deterministic', valueMs: 0 } }),
    '/fleets/0/arrivals/between: {"kind":"deterministic","valueMs":0}; a mean above 0: an endless number would come at once',
  ],
  ['a fleet of no trucks', changed(CORRIDOR, '/fleets/0/trucks', 0), '/fleets/0/trucks: 0; an integer at least 1'],
  [
    'a horizon shorter than the warm-up',
    { ...QUEUE, days: 1, warmUpDays: 2 },
    '/warmUpDays: 2; less than the horizon of 1 days: nothing would be counted',
  ],
  ['no JSON', '{"name": ', '/: "{\\"name\\": "; JSON: '],
];

it.each(REFUSED)(
  'refuses %s before anything runs, with its path, its value and what is allowed: exit code 2',
  async (what, scenario, told) => {
    const { code, stdout, stderr } = await simulated([write('refused.json', scenario), '--out', join(folder, 'never')]);
    expect([code, stdout], what).toEqual([2, '']);
    expect(stderr).toContain(`simulate: ${told}`);
  },
);

it('tells every field that is wrong, in a line each, and in which of two files', async () => {
  const bad = write('bad.json', { ...changed(QUEUE, '/stations/0/packs', 'seven'), days: 0 });
  const alone = await simulated([bad]);
  expect([alone.code, alone.stderr.trim().split('\n')]).toEqual([
    2,
    [expect.stringMatching(/^simulate: \/days: 0; a number above 0/), expect.stringMatching(/^\/stations\/0\/packs: "seven"; an integer/)],
  ]);
  const second = await simulated(['compare', write('good.json', QUEUE), bad]);
  expect([second.code, second.stderr]).toEqual([2, expect.stringContaining(`simulate: ${bad} /days: 0; a number above 0`)]);
  const longer = await simulated(['compare', write('good.json', QUEUE), write('longer.json', { ...QUEUE, days: 20 })]);
  expect([longer.code, longer.stderr]).toEqual([
    2,
    'simulate: /days: 20 days, 1 of them warm-up; the same as the first: 16 days, 1 of them warm-up\n',
  ]);
});

it('refuses a horizon on the command line that is shorter than the warm-up, and a file that is not there', async () => {
  const horizon = await simulated([write('good.json', QUEUE), '--days', '1']);
  expect([horizon.code, horizon.stderr]).toEqual([
    2,
    'simulate: /warmUpDays: 1; less than the horizon of 1 days: nothing would be counted\n',
  ]);
  for (const [options, told] of [
    [['--days', '1e9'], '/days: 1000000000; a number above 0, at most 36500'],
    [['--seeds', '100000000'], '/seeds/count: 100000000; an integer at least 1, at most 100000'],
  ] as const) {
    const tooMuch = await simulated([write('good.json', QUEUE), ...options]);
    expect([tooMuch.code, tooMuch.stderr]).toEqual([2, expect.stringContaining(`simulate: ${told}`)]);
  }
  const none = await simulated([join(folder, 'none.json')]);
  expect([none.code, none.stderr]).toEqual([2, expect.stringMatching(/none\.json: missing; a scenario that can be read: ENOENT/)]);
});

it.each([
  ['run', []],
  ['compare', ['good.json']],
  ['sweep', ['--set', '/stations/0/bays=1,2']],
  ['search', ['--field', '/stations/0/bays', '--from', '1', '--to', '2', '--goal', 'waitMsMean<5']],
])('refuses, before anything runs, results that could not be kept: %s', async (command, options) => {
  const file = write('good.json', QUEUE);
  const inTheWay = write('in-the-way', QUEUE);
  const { code, stdout, stderr } = await simulated(
    [command, file, ...options.map((option) => (option === 'good.json' ? file : option)), '--out', inTheWay],
    (line) => expect(line).not.toContain('done'),
  );
  expect([code, stdout, stderr]).toEqual([
    2,
    '',
    expect.stringContaining(`--out: "${inTheWay}"; a folder that can be written into: EEXIST`),
  ]);
});

const GOAL = ['--from', '1', '--to', '2', '--goal', 'waitMsMean<5'];
it.each([
  ['sweep', ['--set', '/stations/9/packs=1'], '/stations/9/packs: missing; a path to fields of the scenario'],
  [
    'sweep',
    ['--set', '/stations/0/slots=1,2'],
    '--set: /stations/0/slots=1,2; values that can be run: /stations/0/slots: 1; unknown key; known are id',
  ],
  ['sweep', ['--set', '/seeds/count=2,4'], '--set: /seeds/count; a field in which scenarios may differ: all have the same seeds'],
  ['sweep', ['--set', '/stations/0/bays=1,2', '--rank', 'speed'], '--rank: speed; one of waitMsMean'],
  ['search', ['--field', '/stations/0/bays', ...GOAL, '--seeds', '1'], '/seeds/count: 1; at least 2: a goal is judged by the interval'],
  [
    'search',
    ['--field', '/stations/0/bays', '--from', '1', '--to', '1000000', '--goal', 'waitMsMean<5'],
    '--to: 1000000; a setting that can be run: /stations/0/bays: 1000000; an integer at least 1, at most',
  ],
  ['search', ['--field', '/name', ...GOAL], '--field: /name; a field in which scenarios may differ: it has no effect'],
  ['search', ['--field', '/stations/9/packs', ...GOAL], '/stations/9/packs: missing; a path to fields of the scenario'],
  ['search', ['--field', '/stations/0/slots', ...GOAL], '--to: 2; a setting that can be run: /stations/0/slots: 2; unknown key'],
])('refuses a %s of what is no field or cannot be judged: %j', async (command, options, told) => {
  const { code, stdout, stderr } = await simulated([command, write('good.json', QUEUE), ...options]);
  expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining(told)]);
});

it('warns of a queue that grows without bound, at the field that is too small, and runs all the same', async () => {
  const unstable = write('unstable.json', changed(QUEUE, '/fleets/0/arrivals/perHour', 13));
  const { code, stdout, stderr } = await simulated([unstable, '--seeds', '1', '--days', '2', '--threads', '1', '--json']);
  const told = '/stations/0/bays: 1; more: 13.00 trucks an hour keep the bays busy 1.08 times over, so the queue grows without bound';
  expect([code, stderr.split('\n')[0]]).toEqual([0, `warning: ${told}`]);
  expect(JSON.parse(stdout).warnings).toEqual([
    { path: '/stations/0/bays', value: '1', code: 'STATION_OVERLOADED', part: 'BAYS', trucksPerHour: 13, load: expect.closeTo(13 / 12, 9) },
    expect.objectContaining({ path: '/stations/0', code: 'WAITING_AT_END' }),
  ]);
});

it('keeps runs that were completed when others took more events than they may, and names those: exit code 1', async () => {
  const args = ['--seeds', '4', '--days', '2', '--threads', '1', '--json'];
  const whole = JSON.parse((await simulated([write('whole.json', QUEUE), ...args])).stdout);
  const events: number[] = whole.runs.map((run: { events: number }) => run.events);
  // The second busiest run is the last that is allowed.
  const eventsMax = events.toSorted((one, other) => other - one)[1];
  const busiest = 1 + events.indexOf(Math.max(...events));
  const out = join(folder, 'partly');
  const limited = write('limited.json', { ...QUEUE, eventsMax });
  const { code, stdout, stderr } = await simulated([limited, ...args, '--out', out]);
  const result = JSON.parse(stdout);
  expect([code, result.complete, result.runs]).toEqual([1, false, whole.runs.filter(({ seed }: { seed: number }) => seed !== busiest)]);
  expect(result.warnings).toContainEqual({
    path: '/eventsMax',
    value: String(eventsMax),
    code: 'EVENTS_EXCEEDED',
    seed: busiest,
    byDay: expect.any(Number),
    causes: expect.arrayContaining([{ cause: 'ARRIVALS', ratio: expect.any(Number) }]),
  });
  expect(stderr).toMatch(
    new RegExp(
      `warning: /eventsMax: ${eventsMax}; more events than that happened with seed ${busiest} by day .* of the run .*; the figures of this run are missing`,
    ),
  );
  expect(stderr).toContain(`not all runs ended: 3 of 4 runs are complete and written to ${out}`);
  expect(JSON.parse(readFileSync(join(out, 'result.json'), 'utf8'))).toEqual(result);

  const compared = await simulated(['compare', write('whole.json', QUEUE), limited, ...args]);
  const { complete, differences } = JSON.parse(compared.stdout);
  expect([compared.code, complete, differences.waitMsMean]).toEqual([1, false, expect.objectContaining({ runs: 3, mean: 0 })]);
  const searched = await simulated([
    'search',
    limited,
    '--field',
    '/stations/0/bays',
    '--from',
    '1',
    '--to',
    '1',
    '--goal',
    'waitMsMean<1e9',
    ...args,
  ]);
  // Of a setting whose worst run is missing nothing is proved.
  expect([searched.code, JSON.parse(searched.stdout)]).toEqual([3, expect.objectContaining({ best: null, complete: true, runs: 3 })]);
});

it('ends a run that takes more events than it may, with the seed and how far it came: exit code 1', async () => {
  const endless = write('endless.json', { ...QUEUE, eventsMax: 100 });
  const { code, stdout, stderr } = await simulated([endless, '--seeds', '2', '--threads', '1']);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(
    /^simulate: SEED=1: \/eventsMax: 100; more events than that happened by day 0\.\d\d of the run \(day 1, [\d:]{8}\), set off by .* \d+ %\n$/,
  );
});

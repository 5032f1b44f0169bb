import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { simulated } from './simulate-command.fixture.ts';

const MAIN = new URL('./main.ts', import.meta.url).pathname;
const SCENARIOS = new URL('../../scenarios/', import.meta.url).pathname;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'simulate-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** The command as a person runs it. @param onLine for each line of stderr, with what interrupts it */
function simulate(args: readonly string[], onLine: (line: string, interrupt: () => void) => void = () => undefined): Promise<Ended> {
  // Who forgets to stop an endless one must not leave it behind.
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'], timeout: 200_000, killSignal: 'SIGKILL' });
  const ended: Ended = { code: null, stdout: '', stderr: '' };
  child.stdout.on('data', (part: Buffer) => void (ended.stdout += part.toString()));
  createInterface(child.stderr).on('line', (line) => {
    ended.stderr += `${line}\n`;
    onLine(line, () => void child.kill('SIGINT'));
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ ...ended, code }));
  });
}

const filesOf = (name: string) =>
  Object.fromEntries(readdirSync(join(folder, name)).map((file) => [file, readFileSync(join(folder, name, file), 'utf8')]));

it('writes the same bytes with either engine and any number of threads', async () => {
  const common = [join(SCENARIOS, 'corridor-base.json'), '--seeds', '2', '--days', '3', '--threads', '2', '--out'];
  const one = await simulate([...common, join(folder, 'one')]);
  const two = await simulated([...common, join(folder, 'two'), '--engine', 'xstate', '--threads', '1']);
  expect([one.code, two.code], one.stderr + two.stderr).toEqual([0, 0]);
  const files = filesOf('one');
  expect(Object.keys(files)).toEqual(['loads.csv', 'orders.csv', 'report.html', 'result.json', 'timeseries.csv']);
  expect(filesOf('two')).toEqual(files);
  const result = JSON.parse(files['result.json'] ?? '');
  expect(result).toMatchObject({ version: 1, complete: true, model: 'coarse' });
  expect(result.runs.map(({ seed }: { seed: number }) => seed)).toEqual([1, 2]);
  const { mean, low, high, runs } = result.total.swapsPerDay;
  expect([runs, low < mean, mean < high]).toEqual([2, true, true]);
  const rows = (files['orders.csv'] ?? '').trim().split('\n');
  expect(rows[0]).toBe('seed,atMs,stationId,truckId,waitMs,serviceMs,returnedWh,issuedWh,heading');
  expect(rows.length).toBeGreaterThan(1_000);
  expect(one.stdout).toContain('swaps a day');
});

/** A queue that stands for hours of work, were it not stopped. */
const ENDLESS = join(SCENARIOS, 'queue-m-m-1.json');
it.each([
  { command: 'run', args: [ENDLESS, '--seeds', '100000'], file: 'result.json' },
  { command: 'sweep', args: ['sweep', ENDLESS, '--seeds', '40000', '--set', '/stations/0/bays=2,1'], file: 'sweep.json' },
  {
    command: 'search',
    args: ['search', ENDLESS, '--seeds', '40000', '--field', '/stations/0/bays', '--from', '1', '--to', '4', '--goal', 'waitMsMean<60000'],
    file: 'search.json',
  },
])('writes what is complete of a $command when it gets SIGINT', async ({ command, args, file }) => {
  let done = 0;
  const { code, stdout, stderr } = await simulate(
    [...args, '--threads', '1', '--out', join(folder, command), '--json'],
    (line, interrupt) => {
      if (!line.endsWith('done')) return;
      done += 1;
      if (done === 5) interrupt();
    },
  );
  expect(code, stderr).toBe(130);
  expect(stderr).toMatch(/interrupted: \d+ of \d+ runs are complete and written to/);
  const written = filesOf(command);
  expect(written[file]).toBe(stdout);
  expect(written['report.html']).toMatch(/<\/html>\n$/);
  const found = JSON.parse(stdout);
  expect(found.complete).toBe(false);
  if (command === 'run') return expect(found.runs.length).toBeGreaterThanOrEqual(5);
  if (command === 'search')
    return expect(found.tried).toMatchObject([{ values: { '/stations/0/bays': 4 }, holds: false, result: { complete: false } }]);
  // Seed by seed: what was stopped has pairs that can be compared.
  const counts = found.variants.map(({ result }: { result: { runs: object[] } }) => result.runs.length);
  expect(Math.min(...counts)).toBeGreaterThanOrEqual(2);
  expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
});

it('leaves an earlier result as it is when it is stopped before a run is complete', async () => {
  const out = join(folder, 'kept');
  mkdirSync(out);
  writeFileSync(join(out, 'result.json'), 'of yesterday');
  const unstable = join(folder, 'unstable.json');
  const text = readFileSync(ENDLESS, 'utf8');
  writeFileSync(unstable, text.replace(/"perHour": \d+/, '"perHour": 13'));
  for (const argv of [[unstable], ['compare', unstable, unstable]]) {
    const { code, stderr } = await simulated(
      [...argv, '--threads', '1', '--out', out],
      (line, stop) => line.startsWith('warning') && stop(),
    );
    expect([code, stderr]).toEqual([130, expect.stringContaining(`interrupted: 0 of `)]);
    expect(stderr).toContain(`; nothing is written to ${out}`);
  }
  expect(filesOf('kept')).toEqual({ 'result.json': 'of yesterday' });
});

it('compares two scenarios run by run, and sweeps and searches one', async () => {
  const scenario = JSON.parse(readFileSync(join(SCENARIOS, 'queue-m-m-7-charging.json'), 'utf8'));
  const [few, many] = [join(folder, 'few.json'), join(folder, 'many.json')];
  const withPacks = (name: string, packs: number) =>
    JSON.stringify({ ...scenario, name, days: 6, warmUpDays: 1, stations: [{ ...scenario.stations[0], packs, chargers: 12 }] });
  writeFileSync(few, withPacks('few', 5));
  writeFileSync(many, withPacks('many', 9));
  const common = ['--seeds', '4', '--threads', '1'];
  const compared = await simulated(['compare', few, many, ...common, '--out', join(folder, 'compared')]);
  expect([compared.code, compared.stdout], compared.stderr).toEqual([
    0,
    expect.stringMatching(
      /many, less few: 4 pairs of runs.*\n {2}figure +the first +difference +95 % interval of it +the second is\n[^]*mean wait .* less/,
    ),
  ]);
  expect(compared.stdout).not.toMatch(/ -\d/);
  expect(Object.keys(filesOf('compared'))).toEqual(['compare.json', 'report.html']);
  expect(compared.stderr).not.toContain('two networks are compared');
  writeFileSync(
    many,
    withPacks('many', 9)
      .replaceAll(`"id":"${scenario.stations[0].id}"`, '"id":"OTHER"')
      .replaceAll(`"stationId":"${scenario.stations[0].id}"`, '"stationId":"OTHER"'),
  );
  const unrelated = await simulated(['compare', few, many, '--seeds', '2', '--threads', '1', '--json']);
  expect([unrelated.code, unrelated.stderr]).toEqual([
    0,
    expect.stringContaining('warning: /stations: OTHER; the first scenario has none of these'),
  ]);
  expect(JSON.parse(unrelated.stdout).warnings).toEqual([expect.objectContaining({ code: 'NETWORKS_UNRELATED', path: '/stations' })]);
  const swept = await simulated(['sweep', few, ...common, '--set', '/stations/*/packs=7,0,9', '--rank', 'waitMsMean', '--json']);
  const { complete, variants } = JSON.parse(swept.stdout);
  expect([complete, variants.map(({ values }: { values: object }) => Object.values(values)[0])]).toEqual([true, [9, 7, 0]]);
  expect(variants[2]).toMatchObject({ figure: null, refused: expect.stringContaining('/stations/0/packs: 0; an integer at least 1') });
  expect(swept.stderr).toContain('3 scenarios, 1 of them cannot be run; 4 runs each: 8 runs');
  const range = ['--field', '/stations/*/packs', '--from', '5', '--to', '12', '--goal', 'waitMsMean<120000'];
  const found = await simulated(['search', few, ...common, ...range]);
  expect([found.code, found.stdout], found.stderr).toEqual([
    0,
    expect.stringMatching(/least for which the goal holds: \/stations\/\*\/packs=\d+; 4 scenarios, 16 runs/),
  ]);
  expect(found.stderr).toContain('at most 4 scenarios of 4 runs: 16 runs');
  const unanswered = await simulated(['search', few, ...common, ...range.slice(0, -1), 'waitMsMean<-1']);
  expect([unanswered.code, unanswered.stdout]).toEqual([3, expect.stringContaining('does not hold at the greatest')]);
  expect(unanswered.stderr).toContain('no answer: waitMsMean<-1 does not hold with /stations/*/packs=12, the most that was asked for');
  const misspelt = await simulated(['search', few, ...common, ...range.slice(0, -1), 'waitMean<5']);
  expect([misspelt.code, misspelt.stderr]).toEqual([2, expect.stringContaining('--goal: waitMean; one of waitMsMean')]);
});

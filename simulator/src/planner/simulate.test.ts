import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it } from 'vitest';

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
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
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
  const common = [join(SCENARIOS, 'corridor-base.json'), '--seeds', '3', '--days', '3', '--out'];
  const one = await simulate([...common, join(folder, 'one')]);
  const two = await simulate([...common, join(folder, 'two'), '--engine', 'xstate', '--threads', '1']);
  expect([one.code, two.code], one.stderr + two.stderr).toEqual([0, 0]);
  const files = filesOf('one');
  expect(Object.keys(files)).toEqual(['orders.csv', 'report.html', 'result.json', 'timeseries.csv']);
  expect(filesOf('two')).toEqual(files);
  const result = JSON.parse(files['result.json'] ?? '');
  expect(result).toMatchObject({ version: 1, complete: true, model: 'coarse' });
  expect(result.runs.map(({ seed }: { seed: number }) => seed)).toEqual([1, 2, 3]);
  const { mean, low, high, runs } = result.total.swapsPerDay;
  expect([runs, low < mean, mean < high]).toEqual([3, true, true]);
  const rows = (files['orders.csv'] ?? '').trim().split('\n');
  expect(rows[0]).toBe('seed,atMs,stationId,truckId,waitMs,serviceMs,returnedWh,issuedWh');
  expect(rows.length).toBeGreaterThan(1_000);
  expect(one.stdout).toContain('swaps a day');
});

it('writes what is complete when it is interrupted', async () => {
  let isInterrupted = false;
  const args = [join(SCENARIOS, 'queue-m-m-1.json'), '--seeds', '100000', '--out', join(folder, 'part'), '--json'];
  const { code, stdout, stderr } = await simulate(args, (line, interrupt) => {
    if (isInterrupted || !line.endsWith('done')) return;
    isInterrupted = true;
    interrupt();
  });
  expect(code, stderr).toBe(130);
  expect(stderr).toMatch(/interrupted: \d+ of 100000 runs are complete and written to/);
  const result = JSON.parse(stdout);
  expect(filesOf('part')['result.json']).toBe(stdout);
  expect(result.complete).toBe(false);
  expect(result.runs.length).toBeGreaterThan(0);
});

it('says what is wrong, in a line each, and nothing else', async () => {
  const bad = join(folder, 'bad.json');
  const scenario = JSON.parse(readFileSync(join(SCENARIOS, 'queue-m-m-1.json'), 'utf8'));
  writeFileSync(bad, JSON.stringify({ ...scenario, days: 0, colour: 'red' }));
  const { code, stdout, stderr } = await simulate([bad]);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr.trim().split('\n')).toEqual([
    expect.stringMatching(/^simulate: \/colour: "red"; unknown key/),
    expect.stringMatching(/^\/days: 0; a number above 0/),
  ]);
  writeFileSync(bad, JSON.stringify({ ...scenario, eventsMax: 100 }));
  const endless = await simulate([bad]);
  expect(endless.code).toBe(1);
  expect(endless.stderr).toMatch(/simulate: SEED=\d+: .*more than eventsMax = 100 events, on day/);
  const none = await simulate([join(folder, 'none.json')]);
  expect([none.code, none.stderr]).toEqual([1, expect.stringContaining('ENOENT')]);
});

it('compares two scenarios run by run, and sweeps and searches one', async () => {
  const scenario = JSON.parse(readFileSync(join(SCENARIOS, 'queue-m-m-7-charging.json'), 'utf8'));
  const [few, many] = [join(folder, 'few.json'), join(folder, 'many.json')];
  const withPacks = (name: string, packs: number) =>
    JSON.stringify({ ...scenario, name, days: 6, warmUpDays: 1, stations: [{ ...scenario.stations[0], packs, chargers: 12 }] });
  writeFileSync(few, withPacks('few', 5));
  writeFileSync(many, withPacks('many', 9));
  const common = ['--seeds', '4', '--threads', '1'];
  const compared = await simulate(['compare', few, many, ...common, '--out', join(folder, 'compared')]);
  expect([compared.code, compared.stdout], compared.stderr).toEqual([
    0,
    expect.stringMatching(/many, less few: 4 pairs of runs[^]*mean wait .* less/),
  ]);
  expect(Object.keys(filesOf('compared'))).toEqual(['compare.json', 'report.html']);
  const swept = await simulate(['sweep', few, ...common, '--set', '/stations/*/packs=7,0,9', '--rank', 'waitMsMean', '--json']);
  const { complete, variants } = JSON.parse(swept.stdout);
  expect([complete, variants.map(({ values }: { values: object }) => Object.values(values)[0])]).toEqual([true, [9, 7, 0]]);
  expect(variants[2]).toMatchObject({ figure: null, refused: expect.stringContaining('/stations/0/packs: 0; an integer at least 1') });
  expect(swept.stderr).toContain('3 scenarios, 1 of them cannot be run; 4 runs each: 8 runs');
  const range = ['--field', '/stations/*/packs', '--from', '5', '--to', '12', '--goal', 'waitMsMean<120000'];
  const found = await simulate(['search', few, ...common, ...range]);
  expect([found.code, found.stdout], found.stderr).toEqual([
    0,
    expect.stringMatching(/least for which the goal holds: \/stations\/\*\/packs=\d+; 4 scenarios, 16 runs/),
  ]);
  expect(found.stderr).toContain('at most 4 scenarios of 4 runs: 16 runs');
  const misspelt = await simulate(['search', few, ...common, ...range.slice(0, -1), 'waitMean<5']);
  expect([misspelt.code, misspelt.stderr]).toEqual([2, expect.stringContaining('--goal: waitMean; one of waitMsMean')]);
});

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
  expect(Object.keys(files)).toEqual(['orders.csv', 'result.json', 'timeseries.csv']);
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

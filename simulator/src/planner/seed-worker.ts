import { parentPort, workerData } from 'node:worker_threads';
import type { EngineName } from '@corridor/actors/network/engines';
import { assert } from '@corridor/protocols/assert';
import { type CoarseRun, runCoarse } from '../coarse/coarse-run.ts';
import { readScenario, type ScenarioChanges } from '../scenario/read-scenario.ts';
import { orderLines, timeseriesLines } from './result-lines.ts';

/** What a worker is made with. */
export interface SeedWork {
  text: string;
  changes: ScenarioChanges;
  engine: EngineName;
}

/** One run, with its lines of the CSV files. */
export interface SeedResult {
  run: Pick<CoarseRun, 'seed' | 'events' | 'total' | 'stations'>;
  orders: string;
  timeseries: string;
}

export type SeedReport =
  | { kind: 'progress'; doneRatio: number }
  | { kind: 'done'; result: SeedResult }
  | { kind: 'failed'; seed: number; code: string | null; message: string };

const port = parentPort;
assert(port !== null, 'this is a worker');
const { text, changes, engine } = workerData as SeedWork;
const { scenario } = readScenario(text, changes);
const report = (said: SeedReport): void => port.postMessage(said);

port.on('message', (seed: number) => {
  try {
    const whole = runCoarse({ scenario, seed, engine, detailed: true, onProgress: (doneRatio) => report({ kind: 'progress', doneRatio }) });
    const { events, total, stations } = whole;
    report({
      kind: 'done',
      result: { run: { seed, events, total, stations }, orders: orderLines(whole), timeseries: timeseriesLines(whole) },
    });
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : null;
    report({ kind: 'failed', seed, code, message: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause) });
  }
});

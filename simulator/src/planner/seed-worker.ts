import { parentPort, workerData } from 'node:worker_threads';
import type { EngineName } from '@corridor/actors/network/engines';
import { assert } from '@corridor/protocols/assert';
import type { CoarseRun } from '../coarse/coarse-run.ts';
import { readScenario, type ScenarioChanges } from '../scenario/read-scenario.ts';
import type { Scenario } from '../scenario/scenario.schema.ts';
import { orderLines, timeseriesLines } from './result-lines.ts';
import { runScenario } from './run-scenario.ts';
import { type RunShapes, runShapes } from './run-shapes.ts';

/** One run that is asked of a worker. */
export interface RunOrder {
  /** Of the scenario's file. */
  text: string;
  changes: ScenarioChanges;
  seed: number;
  /** Whether the lines of the CSV files are wanted. */
  withLines: boolean;
}

/** One run, with its lines of the CSV files. */
export interface SeedResult {
  run: Pick<CoarseRun, 'seed' | 'events' | 'total' | 'stations'>;
  shapes: RunShapes;
  /** Empty when they are not wanted. */
  orders: string;
  timeseries: string;
}

export type SeedReport =
  | { kind: 'progress'; doneRatio: number }
  | { kind: 'done'; result: SeedResult }
  | { kind: 'failed'; seed: number; code: string | null; message: string };

const port = parentPort;
assert(port !== null, 'this is a worker');
const { engine } = workerData as { engine: EngineName };
const report = (said: SeedReport): void => port.postMessage(said);

let known: { text: string; changes: string; scenario: Scenario } | null = null;

/** Runs of the same scenario follow each other: it is read once. */
function scenarioOf({ text, changes }: RunOrder): Scenario {
  const key = JSON.stringify(changes);
  if (known === null || known.text !== text || known.changes !== key)
    known = { text, changes: key, scenario: readScenario(text, changes).scenario };
  return known.scenario;
}

port.on('message', (order: RunOrder) => {
  const { seed, withLines } = order;
  try {
    const scenario = scenarioOf(order);
    const whole = runScenario({
      scenario,
      seed,
      engine,
      detailed: true,
      onProgress: (doneRatio) => report({ kind: 'progress', doneRatio }),
    });
    const { events, total, stations } = whole;
    report({
      kind: 'done',
      result: {
        run: { seed, events, total, stations },
        shapes: runShapes(scenario, whole),
        orders: withLines ? orderLines(whole) : '',
        timeseries: withLines ? timeseriesLines(whole) : '',
      },
    });
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : null;
    report({ kind: 'failed', seed, code, message: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause) });
  }
});

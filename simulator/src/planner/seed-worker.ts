import { parentPort, workerData } from 'node:worker_threads';
import type { EngineName } from '@corridor/actors/network/engines';
import { assert } from '@corridor/protocols/assert';
import { EventsExceededError, type Exceeded } from '../kernel/events-exceeded.ts';
import type { RunRecorder } from '../recording/recording-file.ts';
import type { WatchedWorld } from '../recording/watched-world.ts';
import type { ScenarioRun } from '../run/scenario-run.ts';
import { readScenario, type ScenarioChanges } from '../scenario/read-scenario.ts';
import type { Scenario } from '../scenario/scenario.schema.ts';
import { loadLines, orderLines, statementLines, timeseriesLines } from './result-lines.ts';
import { runnerOf } from './run-scenario.ts';
import { type RunShapes, runShapes } from './run-shapes.ts';

/** One run that is asked of a worker. */
export interface RunOrder {
  /** Of the scenario's file. */
  text: string;
  changes: ScenarioChanges;
  seed: number;
  /** Whether the lines of the CSV files are wanted. */
  withLines: boolean;
  /** A file that the run is recorded into. */
  recordTo: string | null;
}

/** One run, with its lines of the CSV files. */
export interface SeedResult {
  run: Pick<ScenarioRun, 'seed' | 'events' | 'total' | 'stations'>;
  shapes: RunShapes;
  /** Empty when they are not wanted. */
  orders: string;
  timeseries: string;
  /** Empty also where no fleet waits for loads. */
  loads: string;
  /** Empty also where nobody is settled. */
  statements: string;
}

/** A run that took more events than its scenario allows: it has no figures. */
export interface ExceededRun extends Exceeded {
  seed: number;
}

/** How a run ended. */
export type RunEnd = { kind: 'done'; result: SeedResult } | { kind: 'exceeded'; exceeded: ExceededRun };

export type SeedReport =
  | { kind: 'progress'; doneRatio: number }
  | RunEnd
  | { kind: 'failed'; seed: number; code: string | null; message: string };

const port = parentPort;
assert(port !== null, 'this is a worker');
const { engine } = workerData as { engine: EngineName };
const report = (said: SeedReport): void => port.postMessage(said);

/** An experiment runs its scenarios in turn; more than so many are read anew, which takes some 50 ms. */
const KNOWN_MAX = 64;
const known = new Map<string, Scenario>();

function scenarioOf({ text, changes }: RunOrder): Scenario {
  const key = JSON.stringify(changes) + text;
  const before = known.get(key);
  if (before) return before;
  const { scenario } = readScenario(text, changes);
  if (known.size >= KNOWN_MAX) known.clear();
  known.set(key, scenario);
  return scenario;
}

async function recorderInto(path: string, scenario: Scenario, seed: number): Promise<(world: WatchedWorld) => RunRecorder> {
  const { recordInto } = await import('../recording/recording-file.ts');
  return (world) => recordInto(path, { scenario, seed, world });
}

async function answer(order: RunOrder): Promise<void> {
  const { seed, withLines, recordTo } = order;
  try {
    const scenario = scenarioOf(order);
    const run = await runnerOf(scenario.model);
    const whole = run({
      scenario,
      seed,
      engine,
      detailed: true,
      onProgress: (doneRatio) => report({ kind: 'progress', doneRatio }),
      record: recordTo === null ? undefined : await recorderInto(recordTo, scenario, seed),
    });
    const { events, total, stations } = whole;
    report({
      kind: 'done',
      result: {
        run: { seed, events, total, stations },
        shapes: runShapes(scenario, whole),
        orders: withLines ? orderLines(whole) : '',
        timeseries: withLines ? timeseriesLines(whole) : '',
        loads: withLines ? loadLines(whole) : '',
        statements: withLines ? statementLines(whole) : '',
      },
    });
  } catch (cause) {
    if (cause instanceof EventsExceededError) return report({ kind: 'exceeded', exceeded: { seed, ...cause.exceeded } });
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : null;
    report({ kind: 'failed', seed, code, message: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause) });
  }
}

port.on('message', (order: RunOrder) => void answer(order));

import type { EngineName } from '@corridor/actors/network/engines';
import type { ScenarioRun } from '../run/scenario-run.ts';
import type { Scenario } from '../scenario/scenario.schema.ts';
import { runCoarse } from './coarse-run.ts';

/** A run and every change of every actor in it, in order, each with time, event, state and context. */
export interface TracedRun {
  lines: readonly string[];
  run: ScenarioRun;
}

export function tracedRun(scenario: Scenario, seed: number, engine: EngineName): TracedRun {
  const lines: string[] = [];
  const run = runCoarse({ scenario, seed, engine, detailed: true, trace: (line) => lines.push(JSON.stringify(line)) });
  return { lines, run };
}

/** Where the engines first differ over a whole run; null: nowhere. */
export function engineDifference(scenario: Scenario, seed: number): string | null {
  const compiled = tracedRun(scenario, seed, 'compiled');
  const xstate = tracedRun(scenario, seed, 'xstate');
  const length = Math.max(compiled.lines.length, xstate.lines.length);
  for (let index = 0; index < length; index += 1) {
    if (compiled.lines[index] !== xstate.lines[index])
      return `SEED=${seed} line ${index}: compiled ${compiled.lines[index]}, XState ${xstate.lines[index]}`;
  }
  return JSON.stringify(compiled.run) === JSON.stringify(xstate.run) ? null : `SEED=${seed}: the same changes, other results`;
}

import type { EngineName } from '@corridor/actors/network/engines';
import { expect, it } from 'vitest';
import { shippedScenario } from '../planner/scenario-folder.ts';
import { runCoarse } from './coarse-run.ts';

/** Every change of every actor, in order, with its context and its time. */
function traced(engine: EngineName, file: string, seed: number): { lines: string[]; result: unknown } {
  const scenario = { ...shippedScenario(file), days: 1, warmUpDays: 0 };
  const lines: string[] = [];
  const result = runCoarse({ scenario, seed, engine, detailed: true, trace: (line) => lines.push(JSON.stringify(line)) });
  return { lines, result };
}

it.each([
  ['corridor-base.json', 1],
  ['corridor-stress.json', 2],
  ['queue-erlang-b.json', 3],
  ['queue-repairman.json', 4],
])('both engines run %s alike, seed %d', (file, seed) => {
  const compiled = traced('compiled', file, seed);
  const xstate = traced('xstate', file, seed);
  expect(compiled.lines.length).toBeGreaterThan(500);
  expect(compiled.lines.find((line, index) => line !== xstate.lines[index]) ?? null).toBeNull();
  expect(xstate.lines).toHaveLength(compiled.lines.length);
  expect(compiled.result).toEqual(xstate.result);
});

it('gives the same for the same seed, and other for another', () => {
  const [one, again, other] = [7, 7, 8].map((seed) => traced('compiled', 'corridor-base.json', seed));
  expect(again).toEqual(one);
  expect(other?.result).not.toEqual(one?.result);
});

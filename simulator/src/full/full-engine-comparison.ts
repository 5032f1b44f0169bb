import type { Engine } from '@corridor/actors/network/actor-host';
import { ENGINES, type EngineName } from '@corridor/actors/network/engines';
import type { ScenarioRun } from '../run/scenario-run.ts';
import type { Scenario } from '../scenario/scenario.schema.ts';
import { runFull } from './full-run.ts';

const textOf = (value: unknown): string => JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? `${each}n` : each));

interface Traced {
  /** Every effect is in the trace, rows too; without them only changes are, of a run that nobody listens to. */
  readsRows: boolean;
}

/** A run of the full model with every change of every actor (state, context, timers) and every effect, in order. */
export interface TracedFullRun {
  lines: readonly string[];
  run: ScenarioRun;
}

export function tracedFullRun(
  scenario: Scenario,
  seed: number,
  engine: EngineName,
  { readsRows }: Traced = { readsRows: true },
): TracedFullRun {
  const lines: string[] = [];
  const run = runFull({
    scenario,
    seed,
    engine: traced(ENGINES[engine], lines),
    detailed: true,
    ...(readsRows ? { onEffect: (effect) => lines.push(textOf(effect)) } : {}),
  });
  return { lines, run };
}

/** The engine itself, with a listener at each of its actors. */
function traced(engine: Engine, lines: string[]): Engine {
  return (machines) => {
    const make = engine(machines);
    return ({ ref, kind, services }) =>
      make({
        ref,
        kind,
        services: {
          ...services,
          changed: (host, from, event) => {
            lines.push(
              textOf([
                services.clock.nowMs,
                ref,
                event,
                host.value,
                host.context,
                host.due().map(({ timer, dueAtMs }) => [timer, dueAtMs]),
              ]),
            );
            services.changed(host, from, event);
          },
        },
      });
  };
}

/** Where the engines first differ over a whole run; null: nowhere. */
export function fullEngineDifference(scenario: Scenario, seed: number, how: Traced = { readsRows: true }): string | null {
  const compiled = tracedFullRun(scenario, seed, 'compiled', how);
  const xstate = tracedFullRun(scenario, seed, 'xstate', how);
  const length = Math.max(compiled.lines.length, xstate.lines.length);
  for (let index = 0; index < length; index += 1) {
    if (compiled.lines[index] !== xstate.lines[index])
      return `SEED=${seed} line ${index}: compiled ${compiled.lines[index]}, XState ${xstate.lines[index]}`;
  }
  return textOf(compiled.run) === textOf(xstate.run) ? null : `SEED=${seed}: the same changes, other results`;
}

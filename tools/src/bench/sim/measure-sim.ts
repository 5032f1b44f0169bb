import type { EngineName } from '@corridor/actors/network/engines';
import { assert } from '@corridor/protocols/assert';
import { runnerOf } from '@corridor/simulator/planner/run-scenario';
import type { Scenario } from '@corridor/simulator/scenario/scenario.schema';

/** A process of its own, with one model and one engine, so that the functions of machines learn the calls of that one alone, as in the planner. */
export interface SimAsked {
  scenario: Scenario;
  engine: EngineName;
  /** Runs before those that are measured: nobody measures a cold engine. */
  warmRuns: number;
  rounds: number;
}

export interface SimMeasured {
  /** `seconds` of processor time of the thread: on a machine that does other things too, wall time says how busy it is. */
  rounds: { events: number; seconds: number }[];
  rssBytes: number;
}

async function measure({ scenario, engine, warmRuns, rounds }: SimAsked): Promise<void> {
  const runScenario = await runnerOf(scenario.model);
  for (let run = 0; run < warmRuns; run += 1) runScenario({ scenario, seed: 1, engine });
  const measured: SimMeasured = {
    rounds: Array.from({ length: rounds }, (_, round) => {
      const before = process.threadCpuUsage();
      const run = runScenario({ scenario, seed: round + 2, engine });
      const { user, system } = process.threadCpuUsage(before);
      assert(run.total['energyImbalanceWh'] === 0, `energy is missing, SEED=${run.seed}`);
      return { events: run.events, seconds: (user + system) / 1_000_000 };
    }),
    rssBytes: process.memoryUsage.rss(),
  };
  process.send?.(measured, () => process.exit(0));
}

process.once('message', (asked: SimAsked) => void measure(asked));

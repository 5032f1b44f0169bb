import { engineDifference } from '@corridor/simulator/coarse/engine-comparison';
import { fullEngineDifference } from '@corridor/simulator/full/full-engine-comparison';
import type { Scenario } from '@corridor/simulator/scenario/scenario.schema';
import { shippedScenario } from '@corridor/simulator/scenario/scenario-folder';
import type { Soak } from './soak.ts';

const SEEDS = 1_000;
const SCENARIOS = ['corridor-stress.json', 'queue-erlang-b.json', 'queue-repairman.json'];
const DAYS = 0.5;
/** Of the full model; a day and a bit where days are settled. */
const FULL_SCENARIOS = [
  ['corridor-full.json', DAYS],
  ['corridor-failed-motions.json', DAYS],
  ['corridor-settled.json', 1.1],
] as const;
/** So few, because each of their swaps is a hundred events. */
const FULL_TRUCKS = 3;
/** Motions fail so much more often, because three trucks in half a day swap a dozen times. */
const MORE_FAILURES = 10;
const FAILURE_RATIO_MAX = 0.5;

/** XState's interpreter against the compiled engine over whole runs, from the seed on. Takes no account of `--minutes`. */
export const enginesSoak: Soak = {
  name: 'engines',
  about: `whole scenarios with ${SEEDS} seeds: both engines do the same, change by change`,
  run: ({ seed: first, say }) => {
    const compare = (file: string, scenario: Scenario, difference: (scenario: Scenario, seed: number) => string | null) => {
      const found = Array.from({ length: SEEDS }, (_, index) => difference(scenario, first + index)).filter((each) => each !== null);
      say(`${file}: ${SEEDS} seeds, ${found.length} differences`);
      return found.map((each) => `${file}: ${each}`);
    };
    return Promise.resolve([
      ...SCENARIOS.flatMap((file) => compare(file, shortened(file, DAYS), engineDifference)),
      ...FULL_SCENARIOS.flatMap(([file, days]) => compare(file, shortened(file, days), fullDifference)),
    ]);
  },
};

/** Half of the runs are those of a plan, which nobody listens to; the others make all rows that a live corridor writes. */
const fullDifference = (scenario: Scenario, seed: number): string | null =>
  fullEngineDifference(scenario, seed, { readsRows: seed % 2 === 0 });

function shortened(file: string, days: number): Scenario {
  const scenario = { ...shippedScenario(file), days, warmUpDays: 0 };
  if (scenario.model === 'coarse') return scenario;
  const fleets = scenario.fleets.map((fleet) => (fleet.kind === 'visits' ? fleet : { ...fleet, trucks: FULL_TRUCKS }));
  const faults = scenario.faults?.map((fault) =>
    fault.kind === 'motions' ? { ...fault, failureRatio: Math.min(FAILURE_RATIO_MAX, fault.failureRatio * MORE_FAILURES) } : fault,
  );
  return { ...scenario, fleets, ...(faults === undefined ? {} : { faults }) };
}

import { engineDifference } from '@corridor/simulator/coarse/engine-comparison';
import { shippedScenario } from '@corridor/simulator/planner/scenario-folder';
import type { Soak } from './soak.ts';

const SEEDS = 1_000;
const SCENARIOS = ['corridor-stress.json', 'queue-erlang-b.json', 'queue-repairman.json'];
const DAYS = 0.5;

/** XState's interpreter against the compiled engine over whole runs, from the seed on. Takes no account of `--minutes`. */
export const enginesSoak: Soak = {
  name: 'engines',
  about: `whole scenarios with ${SEEDS} seeds: both engines do the same, change by change`,
  run: ({ seed: first, say }) => {
    const findings = SCENARIOS.flatMap((file) => {
      const scenario = { ...shippedScenario(file), days: DAYS, warmUpDays: 0 };
      const found = Array.from({ length: SEEDS }, (_, index) => engineDifference(scenario, first + index)).filter((each) => each !== null);
      say(`${file}: ${SEEDS} seeds, ${found.length} differences`);
      return found.map((difference) => `${file}: ${difference}`);
    });
    return Promise.resolve(findings);
  },
};

import { engineDifference } from '@corridor/simulator/coarse/engine-comparison';
import { fullEngineDifference } from '@corridor/simulator/full/full-engine-comparison';
import type { Scenario } from '@corridor/simulator/scenario/scenario.schema';
import { shippedScenario } from '@corridor/simulator/scenario/scenario-folder';
import type { Soak } from './soak.ts';

const SEEDS = 1_000;
const SCENARIOS = ['corridor-stress.json', 'queue-erlang-b.json', 'queue-repairman.json'];
const DAYS = 0.5;
const FULL_SCENARIO = 'corridor-full.json';
/** So few, because each of its swaps is a hundred events. */
const FULL_TRUCKS = 3;

/** XState's interpreter against the compiled engine over whole runs, from the seed on. Takes no account of `--minutes`. */
export const enginesSoak: Soak = {
  name: 'engines',
  about: `whole scenarios with ${SEEDS} seeds: both engines do the same, change by change`,
  run: ({ seed: first, say }) => {
    const compare = (file: string, difference: (scenario: Scenario, seed: number) => string | null) => {
      const scenario = shortened(file);
      const found = Array.from({ length: SEEDS }, (_, index) => difference(scenario, first + index)).filter((each) => each !== null);
      say(`${file}: ${SEEDS} seeds, ${found.length} differences`);
      return found.map((each) => `${file}: ${each}`);
    };
    const findings = [...SCENARIOS.flatMap((file) => compare(file, engineDifference)), ...compare(FULL_SCENARIO, fullEngineDifference)];
    return Promise.resolve(findings);
  },
};

function shortened(file: string): Scenario {
  const scenario = { ...shippedScenario(file), days: DAYS, warmUpDays: 0 };
  if (scenario.model === 'coarse') return scenario;
  return { ...scenario, fleets: scenario.fleets.map((fleet) => (fleet.kind === 'visits' ? fleet : { ...fleet, trucks: FULL_TRUCKS })) };
}

import type { RunOptions, ScenarioRun } from '../run/scenario-run.ts';
import type { Scenario } from '../scenario/scenario.schema.ts';

/** One run. @throws EventsExceededError, InvariantError: see the models */
export type ScenarioRunner = (options: RunOptions) => ScenarioRun;

/** What runs a model. Only what is asked for is loaded: the full model brings the whole platform with it. */
export async function runnerOf(model: Scenario['model']): Promise<ScenarioRunner> {
  return model === 'full' ? (await import('../full/full-run.ts')).runFull : (await import('../coarse/coarse-run.ts')).runCoarse;
}

import { type CoarseRun, type CoarseRunOptions, runCoarse } from '../coarse/coarse-run.ts';
import { runFull } from '../full/full-run.ts';

/** One run with the model that the scenario asks for. @throws EventsExceededError, InvariantError: see the models */
export const runScenario = (options: Omit<CoarseRunOptions, 'trace'>): CoarseRun =>
  options.scenario.model === 'full' ? runFull(options) : runCoarse(options);

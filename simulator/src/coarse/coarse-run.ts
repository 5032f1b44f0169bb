import { beginFleets } from '../fleets/fleet-of.ts';
import type { StageTrace } from '../kernel/actor-stage.ts';
import { runFigures } from '../run/run-figures.ts';
import { runToEnd } from '../run/run-to-end.ts';
import type { RunOptions, ScenarioRun } from '../run/scenario-run.ts';
import { CoarseWorld } from './coarse-world.ts';
import { checkConservation } from './conservation.ts';
import { endWaits } from './unended-waits.ts';
import { WatchedCoarse } from './watched-coarse.ts';

export interface CoarseRunOptions extends RunOptions {
  trace?: (line: StageTrace) => void;
}

/** One run of the coarse model. @throws EventsExceededError when the scenario's limit is reached; InvariantError when something is lost on the way: a bug */
export function runCoarse(options: CoarseRunOptions): ScenarioRun {
  const { scenario, onProgress, record } = options;
  const world = beginCoarse(options);
  runToEnd(new WatchedCoarse(world), { scenario, onProgress, record });
  return endCoarse(world);
}

/** A run at its first instant. */
export function beginCoarse({ scenario, seed, engine, detailed = false, trace }: CoarseRunOptions): CoarseWorld {
  const world = new CoarseWorld({ scenario, seed, engine, trace, detailed });
  beginFleets(world);
  return world;
}

/** What a run gives whose last instant has passed. @throws InvariantError with the seed when something was lost: a bug */
export function endCoarse(world: CoarseWorld): ScenarioRun {
  world.pass();
  const unendedWaits = endWaits(world);
  checkConservation(world);
  return { seed: world.seed, events: world.stage.events, ...runFigures(world), unendedWaits };
}

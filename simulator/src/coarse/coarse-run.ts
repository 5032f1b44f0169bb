import { fleetOf } from '../fleets/fleet-of.ts';
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
export function runCoarse({ scenario, seed, engine, detailed = false, onProgress, trace, record }: CoarseRunOptions): ScenarioRun {
  const world = new CoarseWorld({ scenario, seed, engine, trace, detailed });
  for (const fleet of scenario.fleets) fleetOf(world, fleet).begin();
  runToEnd(new WatchedCoarse(world), { scenario, onProgress, record });
  world.pass();
  const unendedWaits = endWaits(world);
  checkConservation(world);
  return { seed, events: world.stage.events, ...runFigures(world), unendedWaits };
}

import { beginFleets } from '../fleets/fleet-of.ts';
import { countedMsOf, runFigures } from '../run/run-figures.ts';
import { runToEnd } from '../run/run-to-end.ts';
import type { RunOptions, ScenarioRun } from '../run/scenario-run.ts';
import { fullScenario } from '../scenario/corridor-file.ts';
import { checkFullConservation } from './full-conservation.ts';
import { fullKpis } from './full-kpis.ts';
import { FullWorld, type FullWorldOptions } from './full-world.ts';
import { WatchedFull } from './watched-full.ts';

export interface FullRunOptions extends Omit<RunOptions, 'engine'>, Pick<FullWorldOptions, 'engine' | 'onEffect'> {}

/** One run of the full model. @throws EventsExceededError when the scenario's limit is reached; InvariantError when something is lost: a bug */
export function runFull(options: FullRunOptions): ScenarioRun {
  const { scenario, onProgress, record } = options;
  const world = beginFull(options);
  runToEnd(new WatchedFull(world), { scenario, onProgress, record });
  return endFull(world);
}

/** A run at its first instant. */
export function beginFull({ scenario, seed, engine, detailed = false, onEffect }: FullRunOptions): FullWorld {
  const world = new FullWorld({ scenario: fullScenario(scenario), seed, engine, detailed, onEffect });
  beginFleets(world);
  return world;
}

/** What a run gives whose last instant has passed. @throws InvariantError with the seed when something was lost: a bug */
export function endFull(world: FullWorld): ScenarioRun {
  for (const station of world.yards) station.pass();
  const unendedWaits = world.endWaits();
  checkFullConservation(world);
  const figures = runFigures(world, fullKpis(world, countedMsOf(world.scenario)));
  const statements = world.desk?.statements;
  return { seed: world.seed, events: world.events, ...figures, unendedWaits, ...(statements === undefined ? {} : { statements }) };
}

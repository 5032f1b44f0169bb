import { fleetOf } from '../fleets/fleet-of.ts';
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
export function runFull({ scenario: read, seed, engine, detailed = false, onProgress, onEffect, record }: FullRunOptions): ScenarioRun {
  const scenario = fullScenario(read);
  const world = new FullWorld({ scenario, seed, engine, detailed, onEffect });
  for (const fleet of scenario.fleets) fleetOf(world, fleet).begin();
  runToEnd(new WatchedFull(world), { scenario, onProgress, record });
  for (const station of world.yards) station.pass();
  const unendedWaits = world.endWaits();
  checkFullConservation(world);
  const figures = runFigures(world, fullKpis(world, countedMsOf(scenario)));
  const statements = world.desk?.statements;
  return { seed, events: world.events, ...figures, unendedWaits, ...(statements === undefined ? {} : { statements }) };
}

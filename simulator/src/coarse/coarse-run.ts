import type { EngineName } from '@corridor/actors/network/engines';
import { allDownSums, availabilityKpis } from '../breakdowns/down-times.ts';
import { allSums, carbonKpis, energyKpis, energySums } from '../energy/energy-kpis.ts';
import type { StageTrace } from '../kernel/actor-stage.ts';
import type { RunRecorder } from '../recording/recording-file.ts';
import { WatchedCoarse } from '../recording/watched-coarse.ts';
import type { WatchedWorld } from '../recording/watched-world.ts';
import type { Scenario } from '../scenario/scenario.schema.ts';
import { CoarseWorld } from './coarse-world.ts';
import { checkConservation } from './conservation.ts';
import { fleetOf } from './fleet-of.ts';
import { type Kpis, stationKpis, totalKpis } from './kpis.ts';
import type { HourlySums, SwapRow, UnendedWait } from './measures.ts';
import { packLifeKpis, packUseOf } from './pack-life.ts';
import { endWaits } from './unended-waits.ts';

const DAY_MS = 86_400_000;
const PROGRESS_PARTS = 50;

export interface CoarseRunOptions {
  scenario: Scenario;
  seed: number;
  engine: EngineName;
  /** Also give each swap and sums by the hour. */
  detailed?: boolean;
  /** How much of the horizon is done, 0..1. */
  onProgress?: (doneRatio: number) => void;
  trace?: (line: StageTrace) => void;
  /** What drives the run and looks on. */
  record?: ((world: WatchedWorld) => RunRecorder) | undefined;
}

/** One run with one seed. */
export interface CoarseRun {
  seed: number;
  events: number;
  total: Kpis;
  /** In the order of the scenario. */
  stations: readonly { id: string; kpis: Kpis }[];
  swaps: readonly SwapRow[] | null;
  /** Of trucks that wait when the run ends. */
  unendedWaits: readonly UnendedWait[];
  hourly: readonly (HourlySums | null)[];
}

/** @throws EventsExceededError when the scenario's limit is reached; InvariantError when something is lost on the way: a bug */
export function runCoarse({ scenario, seed, engine, detailed = false, onProgress, trace, record }: CoarseRunOptions): CoarseRun {
  const world = new CoarseWorld({ scenario, seed, engine, trace, detailed });
  for (const fleet of scenario.fleets) fleetOf(world, fleet).begin();
  const endMs = scenario.days * DAY_MS;
  const recorder = record?.(new WatchedCoarse(world));
  for (let part = 1; part <= PROGRESS_PARTS; part += 1) {
    (recorder ?? world.stage).runUntil((endMs * part) / PROGRESS_PARTS);
    onProgress?.(part / PROGRESS_PARTS);
  }
  recorder?.end();
  world.pass();
  const unendedWaits = endWaits(world);
  checkConservation(world);
  const countedMs = (scenario.days - scenario.warmUpDays) * DAY_MS;
  const hasFaults = scenario.faults !== undefined && scenario.faults.length > 0;
  const down = world.yards.map(({ faults }) => faults.downTimes.sums(endMs));
  const energies = world.yards.map(({ charging }, index) => energySums(scenario, index, charging.meter));
  return {
    seed,
    events: world.stage.events,
    total: {
      ...totalKpis(world, countedMs),
      ...packLifeKpis(scenario, packUseOf(world, countedMs)),
      ...energyKpis(allSums(energies), countedMs),
      ...carbonKpis(scenario, allSums(energies), { distanceM: world.truckMeasures.distanceM, countedMs }),
      ...availabilityKpis(allDownSums(down), { countedMs, hasFaults }),
    },
    stations: world.yards.map((yard, index) => ({
      id: yard.plan.id,
      kpis: {
        ...stationKpis(yard, countedMs),
        ...energyKpis(energies[index] ?? allSums([]), countedMs),
        ...availabilityKpis(down[index] ?? allDownSums([]), { countedMs, hasFaults }),
      },
    })),
    swaps: world.swaps,
    unendedWaits,
    hourly: world.yards.map(({ measures, charging }) => measures.hourly && { ...measures.hourly, chargedWh: charging.meter.hoursWh() }),
  };
}

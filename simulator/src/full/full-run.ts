import { allDownSums, availabilityKpis } from '../breakdowns/down-times.ts';
import type { CoarseRun, CoarseRunOptions } from '../coarse/coarse-run.ts';
import { fleetOf } from '../coarse/fleet-of.ts';
import { stationKpis, totalKpis } from '../coarse/kpis.ts';
import { packLifeKpis, packUseOf } from '../coarse/pack-life.ts';
import { allSums, carbonKpis, energyKpis, energySums } from '../energy/energy-kpis.ts';
import { WatchedFull } from '../recording/watched-full.ts';
import { fullScenario } from './corridor-file.ts';
import { checkFullConservation } from './full-conservation.ts';
import { moneyKpis } from './full-kpis.ts';
import { FullWorld, type FullWorldOptions } from './full-world.ts';

const DAY_MS = 86_400_000;
const PROGRESS_PARTS = 50;

export interface FullRunOptions
  extends Pick<CoarseRunOptions, 'scenario' | 'seed' | 'detailed' | 'onProgress' | 'record'>,
    Pick<FullWorldOptions, 'engine' | 'onEffect'> {}

/** One run of the full model. @throws EventsExceededError when the scenario's limit is reached; InvariantError when something is lost: a bug */
export function runFull({ scenario: read, seed, engine, detailed = false, onProgress, onEffect, record }: FullRunOptions): CoarseRun {
  const scenario = fullScenario(read);
  const world = new FullWorld({ scenario, seed, engine, detailed, onEffect });
  for (const fleet of scenario.fleets) fleetOf(world, fleet).begin();
  const endMs = scenario.days * DAY_MS;
  const recorder = record?.(new WatchedFull(world));
  for (let part = 1; part <= PROGRESS_PARTS; part += 1) {
    (recorder ?? world).runUntil((endMs * part) / PROGRESS_PARTS);
    onProgress?.(part / PROGRESS_PARTS);
  }
  recorder?.end();
  for (const station of world.yards) station.pass();
  const unendedWaits = world.endWaits();
  checkFullConservation(world);
  const countedMs = (scenario.days - scenario.warmUpDays) * DAY_MS;
  const hasFaults = scenario.faults !== undefined && scenario.faults.length > 0;
  const down = world.yards.map(({ faults }) => faults.downTimes.sums(endMs));
  const energies = world.yards.map(({ meter }, index) => energySums(scenario, index, meter));
  return {
    seed,
    events: world.events,
    total: {
      ...totalKpis(world, countedMs),
      ...packLifeKpis(scenario, packUseOf(world, countedMs)),
      ...energyKpis(allSums(energies), countedMs),
      ...carbonKpis(scenario, allSums(energies), { distanceM: world.truckMeasures.distanceM, countedMs }),
      ...moneyKpis(world, countedMs),
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
    hourly: world.yards.map(({ measures, meter }) => measures.hourly && { ...measures.hourly, chargedWh: meter.hoursWh() }),
  };
}

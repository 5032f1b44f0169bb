import { allDownSums, availabilityKpis } from '../breakdowns/down-times.ts';
import type { StationFaults } from '../breakdowns/station-faults.ts';
import { allSums, carbonKpis, energyKpis, energySums } from '../energy/energy-kpis.ts';
import type { EnergyMeter } from '../energy/energy-meter.ts';
import { type Kpis, type MeasuredWorld, stationKpis, totalKpis } from '../measures/kpis.ts';
import { packHealthKpis, packLifeKpis, packUseOf } from '../measures/pack-life.ts';
import { plannedConditions } from '../scenario/run-weather.ts';
import { type BalancedWorld, energyBalanceOf } from './energy-balance.ts';
import type { ScenarioRun } from './scenario-run.ts';

const DAY_MS = 86_400_000;

/** A world whose last instant has passed, in either model. */
interface EndedWorld extends MeasuredWorld, Omit<BalancedWorld, 'packs' | 'yards'>, Pick<ScenarioRun, 'swaps'> {
  yards: readonly (MeasuredWorld['yards'][number] & { faults: StationFaults; charging: { meter: EnergyMeter } })[];
}

/** Time of which figures are told: all but the warm-up. */
export const countedMsOf = ({ days, warmUpDays }: MeasuredWorld['scenario']): number => (days - warmUpDays) * DAY_MS;

/** What only one of the models knows, of the whole and of each station, in their order. */
interface OwnFigures {
  total: Kpis;
  stations: readonly Kpis[];
}

/** What both models tell of a run. */
export function runFigures(world: EndedWorld, own?: OwnFigures): Pick<ScenarioRun, 'total' | 'stations' | 'swaps' | 'hourly' | 'loads'> {
  const { scenario, truckMeasures, swaps } = world;
  const countedMs = countedMsOf(scenario);
  const hasFaults = scenario.faults !== undefined && scenario.faults.length > 0;
  const yards = world.yards.map((yard, index) => ({
    yard,
    energy: energySums(scenario, index, yard.charging.meter),
    down: yard.faults.downTimes.sums(scenario.days * DAY_MS),
  }));
  const energy = allSums(yards.map((each) => each.energy));
  return {
    total: {
      ...totalKpis(world, countedMs),
      energyImbalanceWh: Math.round(energyBalanceOf(world).missingWh) + 0,
      ...packHealthKpis(world, countedMs),
      ...packLifeKpis(plannedConditions(scenario).mean.cellTempC, packUseOf(world, countedMs)),
      ...energyKpis(energy),
      ...carbonKpis(scenario, energy, { distanceM: truckMeasures.distanceM, countedMs }),
      ...own?.total,
      ...availabilityKpis(allDownSums(yards.map(({ down }) => down)), { countedMs, hasFaults }),
    },
    stations: yards.map(({ yard, energy, down }, index) => ({
      id: yard.plan.id,
      kpis: {
        ...stationKpis(yard, countedMs),
        ...energyKpis(energy),
        ...availabilityKpis(down, { countedMs, hasFaults }),
        ...own?.stations[index],
      },
    })),
    swaps,
    loads: world.loads.byHour(world.nowMs),
    hourly: yards.map(({ yard: { measures, charging } }) =>
      measures.hourly === null ? null : { ...measures.hourly, chargedWh: charging.meter.hoursWh() },
    ),
  };
}

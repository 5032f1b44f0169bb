import type { Scenario } from '../scenario/scenario.schema.ts';
import type { Warning } from '../scenario/warning.ts';
import type { Interval } from './interval.ts';
import type { KpiIntervals } from './result.ts';

/** A queue that is as long at the end of a run as this, and holds this part of all that came, was not served: waits are then no measure. */
const WAITING_MIN = 2;
const WAITING_RATIO_MIN = 0.02;

const isMany = ({ waiting, ratio }: { waiting: number; ratio: number }): boolean => waiting >= WAITING_MIN && ratio >= WAITING_RATIO_MIN;

/** Trucks that wait when runs end, and what part of all that came; null: no run tells, or nobody came. */
function waitingAtEnd({ waitingAtEnd, waitingAtEndRatio }: KpiIntervals): { trucks: number; ratio: number } | null {
  return waitingAtEnd && waitingAtEndRatio ? { trucks: waitingAtEnd.mean, ratio: waitingAtEndRatio.mean } : null;
}

function isUnsettled(kpis: KpiIntervals): boolean {
  const waiting = waitingAtEnd(kpis);
  return waiting !== null && isMany({ waiting: waiting.trucks, ratio: waiting.ratio });
}

/** Stations at which so many trucks wait when the runs end that the figures of waits are too low, by their place in the scenario. */
export const unsettledStations = (stations: readonly { kpis: KpiIntervals }[]): number[] =>
  stations.flatMap(({ kpis }, index) => (isUnsettled(kpis) ? [index] : []));

/** What a reader of the results has to know: which queues were not served by the end. */
export function unsettledWarnings(stations: readonly { id: string; kpis: KpiIntervals }[]): Warning[] {
  return stations.flatMap(({ id, kpis }, index) => {
    const waiting = waitingAtEnd(kpis);
    if (waiting === null || !isUnsettled(kpis)) return [];
    return [{ path: `/stations/${index}`, value: JSON.stringify(id), code: 'WAITING_AT_END', ...waiting }];
  });
}

/** From so many runs on their spread tells whether loads become more; of fewer it tells too little to say that they do not. */
const RUNS_TELLING = 5;

/**
 * Whether loads become more for as long as a run lasts: some wait all the time at the end of runs, so that trucks are never ahead of them, and more than
 * before, by more than chance does where there are enough runs to know.
 */
function becomeMore({ days, warmUpDays }: Pick<Scenario, 'days' | 'warmUpDays'>, growth: Interval, least: Interval): boolean {
  const sinceThird = growth.mean * ((days - warmUpDays) / 3);
  if (least.mean < 1 || sinceThird < WAITING_MIN) return false;
  return growth.runs < RUNS_TELLING || growth.low === null || growth.low > 0;
}

/**
 * Fleets that do not carry what is asked of them: many loads wait for a truck when runs end, and they become more and more. Loads that wait when a run
 * happens to end are in its figures; a fleet that goes on without an end has none. A run that is too short to tell is not judged.
 */
export function loadWarnings(scenario: Pick<Scenario, 'fleets' | 'days' | 'warmUpDays'>, total: KpiIntervals): Warning[] {
  return scenario.fleets.flatMap((fleet, index) => {
    const of = (kpi: string): Interval | null => total[`${kpi}.${fleet.id}`] ?? null;
    const [waiting, ratio] = [of('loadsWaitingAtEnd')?.mean, of('loadsWaitingAtEndRatio')?.mean];
    if (fleet.kind !== 'trips' || waiting === undefined || ratio === undefined || !isMany({ waiting, ratio })) return [];
    const [growth, least] = [of('loadsWaitingGrowthPerDay'), of('loadsWaitingLeast')];
    if (growth === null || least === null || !becomeMore(scenario, growth, least)) return [];
    const told = { code: 'LOADS_WAIT_AT_END', loads: waiting, ratio, growthPerDay: growth.mean } as const;
    return [{ path: `/fleets/${index}/trucks`, value: JSON.stringify(fleet.trucks), ...told }];
  });
}

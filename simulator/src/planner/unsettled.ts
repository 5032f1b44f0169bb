import type { Scenario } from '../scenario/scenario.schema.ts';
import type { Warning } from '../scenario/warning.ts';
import type { KpiIntervals } from './result.ts';

/** A queue that is as long at the end of a run as this, and holds this part of all that came, was not served: waits are then no measure. */
const WAITING_MIN = 2;
const WAITING_RATIO_MIN = 0.02;

/** The same of loads that wait for a truck. */
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

/** Fleets that do not carry what is asked of them: so many loads wait for a truck when the runs end. A fleet that goes on without an end has none. */
export function loadWarnings({ fleets }: Pick<Scenario, 'fleets'>, total: KpiIntervals): Warning[] {
  return fleets.flatMap((fleet, index) => {
    const [waiting, ratio] = [total[`loadsWaitingAtEnd.${fleet.id}`]?.mean, total[`loadsWaitingAtEndRatio.${fleet.id}`]?.mean];
    if (fleet.kind !== 'trips' || waiting === undefined || ratio === undefined || !isMany({ waiting, ratio })) return [];
    return [{ path: `/fleets/${index}/trucks`, value: JSON.stringify(fleet.trucks), code: 'LOADS_WAIT_AT_END', loads: waiting, ratio }];
  });
}

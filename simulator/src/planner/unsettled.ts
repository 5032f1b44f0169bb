import type { Warning } from '../scenario/warning.ts';
import type { KpiIntervals } from './result.ts';

/** A queue that is as long at the end of a run as this, and holds this part of all that came, was not served: waits are then no measure. */
const WAITING_TRUCKS_MIN = 2;
const WAITING_RATIO_MIN = 0.02;

/** Trucks that wait when runs end, and what part of all that came; null: no run tells, or nobody came. */
function waitingAtEnd({ waitingAtEnd, waitingAtEndRatio }: KpiIntervals): { trucks: number; ratio: number } | null {
  return waitingAtEnd && waitingAtEndRatio ? { trucks: waitingAtEnd.mean, ratio: waitingAtEndRatio.mean } : null;
}

function isUnsettled(kpis: KpiIntervals): boolean {
  const waiting = waitingAtEnd(kpis);
  return waiting !== null && waiting.trucks >= WAITING_TRUCKS_MIN && waiting.ratio >= WAITING_RATIO_MIN;
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

import type { Problem } from '../scenario/problem.ts';
import type { Scenario } from '../scenario/scenario.schema.ts';
import type { KpiIntervals } from './result.ts';

/** A queue that is as long at the end of a run as this, and holds this part of all that came, was not served: waits are then no measure. */
const WAITING_TRUCKS_MIN = 2;
const WAITING_RATIO_MIN = 0.02;

/** Stations at which so many trucks wait when the runs end that the figures of waits are too low, by their place in the scenario. */
export function unsettledStations(stations: readonly { kpis: KpiIntervals }[]): number[] {
  return stations.flatMap(({ kpis }, index) => {
    const waiting = kpis['waitingAtEnd']?.mean ?? 0;
    const share = kpis['waitingAtEndRatio']?.mean ?? 0;
    return waiting >= WAITING_TRUCKS_MIN && share >= WAITING_RATIO_MIN ? [index] : [];
  });
}

/** What a reader of the results has to know: which queues were not served by the end. */
export function unsettledWarnings({ stations }: Scenario, results: readonly { kpis: KpiIntervals }[]): Problem[] {
  return unsettledStations(results).map((index) => {
    const { waitingAtEnd, waitingAtEndRatio } = results[index]?.kpis ?? {};
    const waiting = (waitingAtEnd?.mean ?? 0).toLocaleString('en', { maximumFractionDigits: 1 });
    const percent = ((waitingAtEndRatio?.mean ?? 0) * 100).toFixed(0);
    return {
      path: `/stations/${index}`,
      value: JSON.stringify(stations[index]?.id),
      allowed: `${waiting} trucks wait here when a run ends, ${percent} % of those that came: their waits are not over, and counted with what they are by then`,
    };
  });
}

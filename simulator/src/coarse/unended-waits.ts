import { headingOf } from '../fleets/fleet-world.ts';
import type { UnendedWait } from '../measures/measures.ts';
import type { CoarseWorld } from './coarse-world.ts';

/** The run is over: who waits has waited so long at least, and counts with that. */
export function endWaits({ yards, nowMs }: CoarseWorld): UnendedWait[] {
  return yards.flatMap(({ queue, measures, plan }) =>
    [...queue].map((truck) => {
      const { arrivedAtMs: fromMs } = truck;
      measures.addUnendedWait({ fromMs, untilMs: nowMs }, headingOf(truck));
      return { stationId: plan.id, waitMs: nowMs - fromMs };
    }),
  );
}

import type { Prng } from '@corridor/actors/time/prng';
import { violated } from '@corridor/protocols/assert';
import type { Timeline } from '../kernel/timeline.ts';
import { drawMs } from '../scenario/distribution.ts';
import type { ArrivalPlan } from '../scenario/scenario.schema.ts';

const HOUR_MS = 3_600_000;

/** Does something at random instants, for ever. */
export function arrive(stage: Timeline, { plan, prng, deed }: { plan: ArrivalPlan; prng: Prng; deed: () => void }): void {
  const gapMs = plan.kind === 'interval' ? () => drawMs(plan.between, prng) : poissonGapMs(stage, plan, prng);
  const next = () => {
    deed();
    stage.schedule(gapMs(), next, 'ARRIVALS');
  };
  stage.schedule(gapMs(), next, 'ARRIVALS');
}

/** With a profile: drawn at the rate of its highest hour, and thinned out in the others. */
function poissonGapMs(stage: Timeline, { perHour, dayProfile }: ArrivalPlan & { kind: 'poisson' }, prng: Prng): () => number {
  if (!dayProfile) return () => prng.exponential(HOUR_MS / perHour);
  const most = Math.max(...dayProfile);
  const meanMs = HOUR_MS / (perHour * most);
  return () => {
    let gapMs = 0;
    for (;;) {
      gapMs += prng.exponential(meanMs);
      const hour = Math.floor((stage.clock.nowMs + gapMs) / HOUR_MS) % 24;
      if (prng.nextRatio() * most < (dayProfile[hour] ?? violated(`no hour ${hour} in a day's profile`))) return gapMs;
    }
  };
}

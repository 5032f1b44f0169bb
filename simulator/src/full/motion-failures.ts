import type { Prng } from '@corridor/actors/time/prng';
import type { Motion, MotionFailure } from '@corridor/gateway/ports/robot';
import type { Scenario } from '../scenario/scenario.schema.ts';

/** Which tries of motions fail at a station by chance. Each bay draws from a stream of its own. */
export class MotionFailures {
  readonly #ratios = new Map<Motion, number>();
  readonly #draws: ReadonlyMap<string, Prng>;

  constructor({ faults = [] }: Pick<Scenario, 'faults'>, of: { stationId: string; bayIds: readonly string[]; prng: Prng }) {
    this.#draws = new Map(of.bayIds.map((bayId) => [bayId, of.prng.fork(`motions:${bayId}`)]));
    for (const fault of faults) {
      if (fault.kind !== 'motions' || (fault.stationId ?? of.stationId) !== of.stationId) continue;
      // Of several entries for a motion a try fails when it fails by any.
      const passes = (1 - (this.#ratios.get(fault.motion) ?? 0)) * (1 - fault.failureRatio);
      this.#ratios.set(fault.motion, 1 - passes);
    }
  }

  /** How this try fails; null: it does not. Of motions that never fail nothing is drawn. */
  ofTry(bayId: string, motion: Motion): MotionFailure | null {
    const ratio = this.#ratios.get(motion) ?? 0;
    if (ratio === 0 || !this.#draws.get(bayId)?.chance(ratio)) return null;
    return motion === 'UNLOCK' ? 'LOCK_STUCK' : 'OUT_OF_TOLERANCE';
  }
}

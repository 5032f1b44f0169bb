import type { Prng } from '@corridor/actors/time/prng';
import type { Motion, MotionFailure } from '@corridor/gateway/ports/robot';
import type { FailingMotion } from '../scenario/faults.schema.ts';
import type { Scenario } from '../scenario/scenario.schema.ts';

/** How each motion fails here: as the live plant's do, and as docs/domain/swap-procedure.md has it where that has no failure. */
const FAILURE_OF: Readonly<Record<FailingMotion, MotionFailure>> = {
  POSITION: 'OUT_OF_TOLERANCE',
  MAKE_SAFE: 'NOT_SAFE',
  UNLOCK: 'LOCK_STUCK',
  LIFT: 'SLIP',
  MOVE_IN: 'PATH_BLOCKED',
  PLACE: 'NO_HANDSHAKE',
  PICK: 'PACK_FAULT',
  MOVE_OUT: 'PATH_BLOCKED',
  SEAT: 'MISALIGNED',
  LOCK: 'LOCK_STUCK',
  SELF_CHECK: 'ISOLATION_FAULT',
};

/** Which tries of motions fail at a station by chance. Each bay draws from a stream of its own. */
export class MotionFailures {
  readonly #ratios = new Map<Motion, { ratio: number; failure: MotionFailure }>();
  readonly #draws: ReadonlyMap<string, Prng>;

  constructor({ faults = [] }: Pick<Scenario, 'faults'>, of: { stationId: string; bayIds: readonly string[]; prng: Prng }) {
    this.#draws = new Map(of.bayIds.map((bayId) => [bayId, of.prng.fork(`motions:${bayId}`)]));
    for (const fault of faults) {
      if (fault.kind !== 'motions' || (fault.stationId ?? of.stationId) !== of.stationId) continue;
      // Of several entries for a motion a try fails when it fails by any.
      const passes = (1 - (this.#ratios.get(fault.motion)?.ratio ?? 0)) * (1 - fault.failureRatio);
      this.#ratios.set(fault.motion, { ratio: 1 - passes, failure: FAILURE_OF[fault.motion] });
    }
  }

  /** How this try fails; null: it does not. Of motions that never fail nothing is drawn. */
  ofTry(bayId: string, motion: Motion): MotionFailure | null {
    const failing = this.#ratios.get(motion);
    return failing !== undefined && failing.ratio > 0 && this.#draws.get(bayId)?.chance(failing.ratio) ? failing.failure : null;
  }
}

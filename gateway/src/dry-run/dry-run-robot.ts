import { assert } from '@corridor/protocols/assert';
import type { Clock, TimerHandle } from '../ports/clock.ts';
import type { MotionFailure, MotionOrder, MotionResult, Robot, RobotStatus } from '../ports/robot.ts';
import { nominalMs } from './dry-run-motion.ts';
import type { DryRunBay } from './dry-run-state.ts';

export type RobotHooks = {
  /** How this motion will fail; null = it succeeds. */
  failure(order: MotionOrder): MotionFailure | null;
  /** Makes it happen and durable. */
  carryOut(order: MotionOrder, failure: MotionFailure | null): MotionResult;
  save(): void;
};

/** Results are remembered for this many motions. */
const REMEMBERED = 64;

/** A gantry that takes its nominal time. It remembers its motions, also over a restart of the gateway or of itself. */
export class DryRunRobot implements Robot {
  readonly #bay: DryRunBay;
  readonly #clock: Clock;
  readonly #hooks: RobotHooks;
  #timer: TimerHandle | null = null;
  #startedAtMs = 0;
  #waiting: PromiseWithResolvers<MotionResult> | null = null;

  constructor(bay: DryRunBay, clock: Clock, hooks: RobotHooks) {
    this.#bay = bay;
    this.#clock = clock;
    this.#hooks = hooks;
  }

  perform(order: MotionOrder): Promise<MotionResult> {
    const known = this.#bay.ended.find(({ motionId }) => motionId === order.motionId);
    if (known) return Promise.resolve(known.result);
    const { motion } = this.#bay;
    if (motion) {
      assert(motion.order.motionId === order.motionId, `${order.motionId} while ${motion.order.motionId} is under way`);
    } else {
      this.#bay.motion = { order, leftMs: nominalMs(order.motion), frozen: false };
      this.#hooks.save();
    }
    this.#waiting ??= Promise.withResolvers<MotionResult>();
    if (this.#timer === null && this.#bay.motion?.frozen === false) this.#run();
    return this.#waiting.promise;
  }

  #run(): void {
    const { motion } = this.#bay;
    if (!motion) return;
    this.#startedAtMs = this.#clock.nowMs();
    this.#timer = this.#clock.setTimer(motion.leftMs, () => {
      this.#timer = null;
      this.#end(this.#hooks.carryOut(motion.order, this.#hooks.failure(motion.order)));
    });
  }

  #end(result: MotionResult): void {
    const { motion } = this.#bay;
    if (!motion) return;
    this.#bay.motion = null;
    this.#bay.ended = [...this.#bay.ended, { motionId: motion.order.motionId, result }].slice(-REMEMBERED);
    this.#hooks.save();
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.resolve(result);
  }

  freeze(): void {
    const { motion } = this.#bay;
    if (!motion || motion.frozen) return;
    if (this.#timer !== null) this.#clock.clearTimer(this.#timer);
    if (this.#timer !== null) motion.leftMs = Math.max(0, motion.leftMs - (this.#clock.nowMs() - this.#startedAtMs));
    this.#timer = null;
    motion.frozen = true;
    this.#hooks.save();
  }

  unfreeze(): void {
    const { motion } = this.#bay;
    if (!motion?.frozen) return;
    motion.frozen = false;
    this.#hooks.save();
    this.#run();
  }

  status(): RobotStatus {
    const { motion, gripped } = this.#bay;
    return { motionId: motion?.order.motionId ?? null, frozen: motion?.frozen ?? false, grippedPackId: gripped?.packId ?? null };
  }

  /** People clear the bay by hand: the motion is over. */
  clearByHand(): void {
    if (this.#timer !== null) this.#clock.clearTimer(this.#timer);
    this.#timer = null;
    this.#end({ ok: false, durationMs: 0, reason: 'GANTRY_FAULT', pack: null });
  }

  stop(): void {
    if (this.#timer !== null) this.#clock.clearTimer(this.#timer);
    this.#timer = null;
  }
}

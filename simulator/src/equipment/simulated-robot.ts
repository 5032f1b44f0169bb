import type { MotionOrder, MotionResult, Robot, RobotStatus } from '@corridor/gateway/ports/robot';
import type { PlantHost } from '../host/plant-host.ts';

/** The gantry of one bay of the plant. */
export class SimulatedRobot implements Robot {
  readonly #host: PlantHost;
  readonly #stationId: string;
  readonly #bayId: string;
  readonly #waiting = new Map<string, ((result: MotionResult) => void)[]>();

  constructor(host: PlantHost, stationId: string, bayId: string) {
    this.#host = host;
    this.#stationId = stationId;
    this.#bayId = bayId;
  }

  perform(order: MotionOrder): Promise<MotionResult> {
    const known = this.#host.plant.perform(this.#stationId, this.#bayId, order);
    if (known) return Promise.resolve(known);
    return new Promise((resolve) => {
      this.#waiting.set(order.motionId, [...(this.#waiting.get(order.motionId) ?? []), resolve]);
    });
  }

  /** Called when the motion's end is durable. */
  motionEnded(motionId: string, result: MotionResult): void {
    const waiting = this.#waiting.get(motionId) ?? [];
    this.#waiting.delete(motionId);
    for (const resolve of waiting) resolve(result);
  }

  freeze(): void {
    this.#host.plant.freeze(this.#stationId, this.#bayId);
  }

  unfreeze(): void {
    this.#host.plant.unfreeze(this.#stationId, this.#bayId);
  }

  status(): RobotStatus {
    const { motion, grippedPackId } = this.#host.plant.bay(this.#stationId, this.#bayId);
    return { motionId: motion?.motionId ?? null, frozen: motion?.frozen ?? false, grippedPackId };
  }
}

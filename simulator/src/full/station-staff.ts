import type { Prng } from '@corridor/actors/time/prng';
import type { Timer } from '@corridor/actors/time/virtual-clock';
import type { ProcedureEffect } from '@corridor/gateway/procedure/procedure-effect';
import { violated } from '@corridor/protocols/assert';
import { slotIdOf } from '@corridor/protocols/ids';
import { drawMs } from '../scenario/distribution.ts';
import type { StationPlan } from '../scenario/scenario.schema.ts';
import type { StaffPlan } from '../scenario/staff.schema.ts';
import type { FullBay } from './full-bay.ts';
import type { RunTime } from './run-time.ts';
import { STAND_CAUSES, StaffMeasures, type StandCause } from './staff-measures.ts';

type Prompt = NonNullable<Extract<ProcedureEffect, { kind: 'prompt' }>['prompt']>;

/** People who come to a station when they are called, each call for itself. Every bay and slot draws from a stream of its own. */
export class StationStaff {
  readonly measures = new StaffMeasures();
  readonly #plan: StationPlan;
  readonly #time: RunTime;
  readonly #prng: Prng;
  readonly #draws = new Map<string, Prng>();
  /** Slots that are out of use, until somebody has been there. */
  readonly #slots = new Map<number, Timer>();

  constructor({ plan, time, prng }: { plan: StationPlan; time: RunTime; prng: Prng }) {
    this.#plan = plan;
    this.#time = time;
    this.#prng = prng;
  }

  /** To a bay whose swap stands, or whose truck has no pack. */
  comeToBay(bay: FullBay, { kind, reasonCode }: Prompt): void {
    if (!bay.callPeople()) return;
    const { measures } = this;
    measures.calls += 1;
    measures.stands(bay.id, causeOf(bay, reasonCode), this.#time.nowMs);
    const delayMs = this.#drawMs(kind === 'CLEAR_BAY' ? 'clearTime' : 'resumeTime', bay.id, reasonCode);
    const done = () => {
      measures.goesOn(bay.id, this.#time.nowMs);
      bay.peopleDone();
    };
    this.#time.schedule(delayMs, done, 'STAFF');
  }

  /** To a slot that is out of use. */
  comeToSlot(evseId: number, done: () => void): void {
    this.measures.calls += 1;
    this.measures.slotOut(1, this.#time.nowMs);
    const delayMs = this.#drawMs('slotTime', slotIdOf(this.#plan.id, evseId), 'a slot out of use');
    this.#slots.set(
      evseId,
      this.#time.after(delayMs, () => done(), 'STAFF'),
    );
  }

  /** A slot is in use again, also before somebody came for it. */
  slotDone(evseId: number): void {
    const timer = this.#slots.get(evseId) ?? violated(`slot ${evseId} of ${this.#plan.id} was not out of use`);
    this.#slots.delete(evseId);
    this.#time.cancel(timer);
    this.measures.slotOut(-1, this.#time.nowMs);
  }

  #drawMs(what: keyof StaffPlan, at: string, reason: string): number {
    const { staff } = this.#plan;
    if (staff === undefined) violated(`${at} waits for a person, and nobody is there: ${reason}`);
    let draws = this.#draws.get(at);
    if (draws === undefined) {
      draws = this.#prng.fork(`staff:${at}`);
      this.#draws.set(at, draws);
    }
    return drawMs(staff[what], draws);
  }
}

/** A swap stands for what failed just now. One that waited in vain for a pack stands for that, unless it was packs that failed. */
function causeOf({ failedLast }: FullBay, reasonCode: string): StandCause {
  const failed = STAND_CAUSES.find((motion) => motion === failedLast) ?? 'NO_PACK';
  return reasonCode !== 'NO_BATTERY_AVAILABLE' || failed === 'PICK' || failed === 'SELF_CHECK' ? failed : 'NO_PACK';
}

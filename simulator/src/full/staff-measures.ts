import { violated } from '@corridor/protocols/assert';
import type { Kpis } from '../measures/kpis.ts';

const DAY_MS = 86_400_000;

/** For what a bay stands: the motion that failed, or that no pack is left to give out. */
export const STAND_CAUSES = ['UNLOCK', 'LIFT', 'MOVE_IN', 'PICK', 'MOVE_OUT', 'SEAT', 'LOCK', 'SELF_CHECK', 'NO_PACK'] as const;
export type StandCause = (typeof STAND_CAUSES)[number];

/** What people at a station had to do, and what stood until they had. */
export class StaffMeasures {
  calls = 0;
  /** Trucks that drove off with the pack that they came with, after the platform had said yes. */
  freed = 0;
  /** Trucks that people gave a pack by hand, and what it held: no bill has it. */
  cleared = 0;
  handedOutWh = 0;
  readonly #stoodMs = Object.fromEntries(STAND_CAUSES.map((cause) => [cause, 0])) as Record<StandCause, number>;
  /** Bays that stand now. */
  readonly #standing = new Map<string, { cause: StandCause; sinceMs: number }>();
  #slotsOut = 0;
  /** Slots times time [ms]. */
  #slotsOutMs = 0;
  #sinceMs = 0;

  stands(bayId: string, cause: StandCause, nowMs: number): void {
    this.#standing.set(bayId, { cause, sinceMs: nowMs });
  }

  goesOn(bayId: string, nowMs: number): void {
    const standing = this.#standing.get(bayId) ?? violated(`${bayId} goes on and never stood`);
    this.#standing.delete(bayId);
    this.#stoodMs[standing.cause] += nowMs - standing.sinceMs;
  }

  slotOut(by: 1 | -1, nowMs: number): void {
    this.#slotsOutMs += this.#slotsOut * (nowMs - this.#sinceMs);
    this.#sinceMs = nowMs;
    this.#slotsOut += by;
  }

  /** Forgets the warm-up. */
  startCounting(nowMs: number): void {
    this.calls = 0;
    this.freed = 0;
    this.cleared = 0;
    this.handedOutWh = 0;
    this.#slotsOutMs = 0;
    this.#sinceMs = nowMs;
    for (const cause of STAND_CAUSES) this.#stoodMs[cause] = 0;
    for (const standing of this.#standing.values()) standing.sinceMs = nowMs;
  }

  /** Since the warm-up. @param nowMs the end of the run */
  sums(nowMs: number): StaffSums {
    const stoodMs = { ...this.#stoodMs };
    for (const { cause, sinceMs } of this.#standing.values()) stoodMs[cause] += nowMs - sinceMs;
    const { calls, freed, cleared, handedOutWh } = this;
    return { calls, freed, cleared, handedOutWh, stoodMs, slotsOutMs: this.#slotsOutMs + this.#slotsOut * (nowMs - this.#sinceMs) };
  }
}

/** What counts. */
export interface StaffSums extends Pick<StaffMeasures, 'calls' | 'freed' | 'cleared' | 'handedOutWh'> {
  stoodMs: Readonly<Record<StandCause, number>>;
  slotsOutMs: number;
}

/** Of one station, or of several together. @param bays of all of them */
export function staffKpis(all: readonly StaffSums[], { bays, countedMs }: { bays: number; countedMs: number }): Kpis {
  const days = countedMs / DAY_MS;
  const sum = (of: (sums: StaffSums) => number) => all.reduce((total, sums) => total + of(sums), 0);
  const stoodMs = STAND_CAUSES.map((cause) => [cause, sum((sums) => sums.stoodMs[cause])] as const);
  return {
    staffCallsPerDay: sum(({ calls }) => calls) / days,
    bayStoodRatio: stoodMs.reduce((total, [, ms]) => total + ms, 0) / bays / countedMs,
    ...Object.fromEntries(stoodMs.map(([cause, ms]) => [`bayStoodMsPerDay.${cause}`, ms / days])),
    freedTrucksPerDay: sum(({ freed }) => freed) / days,
    clearedTrucksPerDay: sum(({ cleared }) => cleared) / days,
    handedOutWhPerDay: sum(({ handedOutWh }) => handedOutWh) / days,
    slotsOutMean: sum(({ slotsOutMs }) => slotsOutMs) / countedMs,
  };
}

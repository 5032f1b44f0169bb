import { PACK_CHARGE_EFFICIENCY_RATIO } from './charge-curve.ts';
import type { CellVoltageTable } from './open-circuit-voltage.ts';
import { socOfRest } from './rest-soc.ts';

/** One reading of a pack that nothing is wrong with. */
export interface PackSample {
  readonly atMs: number;
  /** At the terminals, positive into the pack. */
  readonly powerW: number;
  readonly currentA: number;
  readonly cellVmaxV: number;
  readonly cellVminV: number;
  /** Register of what was ever discharged. */
  readonly throughputWh: number;
}

/** End of a rest: what the voltage told, and the energy since the end of the rest before. */
export interface PackRest {
  readonly atMs: number;
  readonly restedMs: number;
  readonly socPercent: number;
  readonly sigmaPercent: number;
  /** Stored, positive into the pack [Wh]; null: it is not known, because readings are missing in between. */
  readonly energyWh: number | null;
  readonly energySigmaWh: number;
}

/** Up to this part of the nominal content an hour [1/h] a pack rests: a parked truck goes on drawing a little. */
const REST_RATE_PER_HOUR = 0.025;
const REST_MS_MIN = 60_000;
/** Idle packs are told every minute: of what is further apart a reading is missing. */
const APART_MS_MAX = 150_000;
/** During a swap nobody reads a pack; nothing flows either. */
const UNREAD_MS_MAX = 900_000;
const OPEN_POWER_W_MAX = 100;
/** A register cannot run faster [1/h]. */
const RATE_PER_HOUR_MAX = 3;
/** A rest that tells less is none: the energy is counted on. */
const SIGMA_PERCENT_MAX = 10;
/** A register that is rounded to 1 Wh at both ends. */
const REGISTER_SIGMA_WH = 0.5;

/**
 * Finds the rests of one pack in its readings, in the order of their time. Discharge is counted by the register of the BMS, which misses
 * nothing; what goes in is the sum of its readings of power, each step between two of them as uncertain as if it had happened at any
 * time in between.
 */
export class RestScan {
  readonly #nominalWh: number;
  readonly #cells: CellVoltageTable;
  #last: PackSample | null = null;
  #restSinceMs: number | null = null;
  #energyWh = 0;
  #varianceWh2 = 0;
  #isLinked: boolean;

  /** @param isLinked the first reading to come is the end of a rest that is known already */
  constructor({ nominalWh, cells, isLinked }: { nominalWh: number; cells: CellVoltageTable; isLinked: boolean }) {
    this.#nominalWh = nominalWh;
    this.#cells = cells;
    this.#isLinked = isLinked;
  }

  /** @returns the rest that ended before this reading; null: none did */
  take(sample: PackSample): PackRest | null {
    const last = this.#last;
    if (last !== null && sample.atMs <= last.atMs) return null;
    const follows = last === null || this.#follows(last, sample);
    const isResting = Math.abs(sample.powerW) <= REST_RATE_PER_HOUR * this.#nominalWh;
    const ended = last !== null && (!isResting || !follows) ? this.#endRest(last) : null;
    if (!follows) this.#begin(false);
    else if (last !== null) this.#count(last, sample);
    if (!isResting) this.#restSinceMs = null;
    else this.#restSinceMs ??= sample.atMs;
    this.#last = sample;
    return ended;
  }

  #follows(last: PackSample, { atMs, powerW, throughputWh }: PackSample): boolean {
    const apartMs = atMs - last.atMs;
    const dischargedWh = throughputWh - last.throughputWh;
    if (dischargedWh < 0 || dischargedWh > (this.#nominalWh * RATE_PER_HOUR_MAX * Math.max(apartMs, 10_000)) / 3_600_000) return false;
    if (apartMs <= APART_MS_MAX) return true;
    const isOpen = Math.abs(last.powerW) <= OPEN_POWER_W_MAX && Math.abs(powerW) <= OPEN_POWER_W_MAX;
    return isOpen && dischargedWh === 0 && apartMs <= UNREAD_MS_MAX;
  }

  #count(last: PackSample, sample: PackSample): void {
    const hours = (sample.atMs - last.atMs) / 3_600_000;
    const [fromW, toW] = [Math.max(0, last.powerW), Math.max(0, sample.powerW)];
    this.#energyWh += ((fromW + toW) / 2) * hours * PACK_CHARGE_EFFICIENCY_RATIO - (sample.throughputWh - last.throughputWh);
    this.#varianceWh2 += (((toW - fromW) * hours) ** 2 / 12) * PACK_CHARGE_EFFICIENCY_RATIO ** 2;
  }

  #endRest({ atMs, currentA, cellVmaxV, cellVminV }: PackSample): PackRest | null {
    const sinceMs = this.#restSinceMs;
    this.#restSinceMs = null;
    if (sinceMs === null || atMs - sinceMs < REST_MS_MIN) return null;
    const restedMs = atMs - sinceMs;
    const soc = socOfRest(this.#cells, { cellV: (cellVmaxV + cellVminV) / 2, restedMs, currentA });
    if (soc.sigmaPercent > SIGMA_PERCENT_MAX) return null;
    const energyWh = this.#isLinked ? this.#energyWh : null;
    const energySigmaWh = Math.hypot(Math.sqrt(this.#varianceWh2), REGISTER_SIGMA_WH);
    this.#begin(true);
    return { atMs, restedMs, ...soc, energyWh, energySigmaWh };
  }

  #begin(isLinked: boolean): void {
    this.#energyWh = 0;
    this.#varianceWh2 = 0;
    this.#isLinked = isLinked;
    if (!isLinked) this.#restSinceMs = null;
  }
}

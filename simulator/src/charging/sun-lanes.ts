import { violated } from '@corridor/protocols/assert';
import type { EnergyMeter } from '../energy/energy-meter.ts';
import { GRID_WH_PER_CONTENT_WH } from '../scenario/station-physics.ts';
import type { Charge } from './charge.ts';
import type { UsedPack } from './pack-ageing.ts';

const HOUR_MS = 3_600_000;

/** From one change at a station under the sun to the next. */
export interface SunSpell {
  fromMs: number;
  nowMs: number;
  /** What the sun gives all the while [W]. */
  sunW: number;
}

/** Who is told of a spell. */
export interface SunListener<Pack> {
  meter: EnergyMeter;
  /** Came into a pack [Wh]. */
  charged: (wh: number) => void;
  /** Brings a charge to now that is in the middle of no step. */
  passOne: (charge: Charge<Pack>) => void;
}

/**
 * Charges in the middle of a step, by charger. Under the sun each change at a station asks all of its packs: what is asked then lies beside each
 * other here, instead of in ten places of the memory for each. What a charge itself says is of the last time it was told.
 */
export class SunLanes<Pack extends UsedPack> {
  readonly #powerW: Float64Array;
  /** Of the step under way; NaN: no lane is taken. */
  readonly #leftMs: Float64Array;
  readonly #mixedWh: Float64Array;
  readonly #gridWh: Float64Array;
  readonly #pvWh: Float64Array;

  constructor(chargers: number) {
    const lane = () => new Float64Array(chargers);
    this.#powerW = lane();
    this.#leftMs = lane().fill(Number.NaN);
    this.#mixedWh = lane();
    this.#gridWh = lane();
    this.#pvWh = lane();
  }

  /** Takes the lane of a charge that is in the middle of a step; others stay out. */
  enter({ unit, limitW, drawn, steps, step, gridWh, pvWh, mixedWh }: Charge<Pack>): void {
    const under = limitW > 0 && drawn === null ? steps?.[step] : undefined;
    if (under === undefined) return;
    this.#powerW[unit] = under.powerW;
    this.#leftMs[unit] = under.durationMs;
    this.#gridWh[unit] = gridWh;
    this.#pvWh[unit] = pvWh;
    this.#mixedWh[unit] = mixedWh;
  }

  /** The charge says of itself what its lane has. @param sinceMs the end of the last spell */
  tell(charge: Charge<Pack>, sinceMs: number): void {
    const { unit, steps, step } = charge;
    const leftMs = at(this.#leftMs, unit);
    if (Number.isNaN(leftMs)) return;
    const under = steps?.[step] ?? violated('a charge in a lane has no step under way');
    under.durationMs = leftMs;
    charge.sinceMs = sinceMs;
    charge.gridWh = at(this.#gridWh, unit);
    charge.pvWh = at(this.#pvWh, unit);
    charge.mixedWh = at(this.#mixedWh, unit);
  }

  leave(charge: Charge<Pack>, sinceMs: number): void {
    this.tell(charge, sinceMs);
    this.#leftMs[charge.unit] = Number.NaN;
  }

  /** Brings all charges to now, and shares out what the sun gave: it serves the chargers first, and all of them alike. */
  pass(charges: readonly Charge<Pack>[], { fromMs, nowMs, sunW }: SunSpell, { meter, charged, passOne }: SunListener<Pack>): void {
    const passedMs = nowMs - fromMs;
    for (const charge of charges) {
      const { unit } = charge;
      const endMs = fromMs + at(this.#leftMs, unit);
      // Not in a lane, or its step ended meanwhile.
      if (!(endMs >= nowMs)) {
        passOne(charge);
        continue;
      }
      const powerW = at(this.#powerW, unit);
      const wh = (powerW * passedMs) / HOUR_MS;
      this.#leftMs[unit] = endMs - nowMs;
      this.#mixedWh[unit] = at(this.#mixedWh, unit) + wh;
      charge.pack.contentWh += wh;
      meter.add(fromMs, nowMs, powerW);
      charged(wh);
    }
    const sunWh = (sunW * passedMs) / HOUR_MS / GRID_WH_PER_CONTENT_WH;
    let takenWh = 0;
    for (const charge of charges) takenWh += this.#mixedOf(charge);
    if (takenWh === 0) return;
    const pvRatio = Math.min(1, sunWh / takenWh);
    for (const charge of charges) this.#shareOut(charge, pvRatio);
    meter.addPv(fromMs, takenWh * pvRatio);
  }

  #mixedOf({ unit, mixedWh }: Charge<Pack>): number {
    return Number.isNaN(at(this.#leftMs, unit)) ? mixedWh : at(this.#mixedWh, unit);
  }

  #shareOut(charge: Charge<Pack>, pvRatio: number): void {
    const { unit } = charge;
    if (Number.isNaN(at(this.#leftMs, unit))) {
      charge.pvWh += charge.mixedWh * pvRatio;
      charge.gridWh += charge.mixedWh * (1 - pvRatio);
      charge.mixedWh = 0;
      return;
    }
    const mixedWh = at(this.#mixedWh, unit);
    this.#pvWh[unit] = at(this.#pvWh, unit) + mixedWh * pvRatio;
    this.#gridWh[unit] = at(this.#gridWh, unit) + mixedWh * (1 - pvRatio);
    this.#mixedWh[unit] = 0;
  }
}

const at = (lane: Float64Array, unit: number): number => lane[unit] ?? violated(`no charger ${unit + 1}`);

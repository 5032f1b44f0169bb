import type { ChargeStep } from '@corridor/actors/pack/charge-curve';

/** What a pack has taken since it was plugged, by where it came from. Content [Wh]. */
export interface ChargeFlow {
  readonly gridWh: number;
  readonly pvWh: number;
}

/** A pack on a charger. */
export interface Charge<Pack> {
  pack: Pack;
  /** Number of its charger less one. */
  unit: number;
  /** What it holds is told as of this instant. */
  sinceMs: number;
  /** What the charger may give now [W]. */
  limitW: number;
  /** Of its cells, all the while [°C]. */
  cellTempC: number;
  /** Its own, to be worn away; null where they have to be told anew. */
  steps: ChargeStep[] | null;
  /** Which of them is under way; it lasts for so long from `sinceMs` on. */
  step: number;
  /** Where the scenario draws how long a charge takes: what is left of it, at an even power. */
  drawn: { remainingMs: number; powerW: number } | null;
  gridWh: number;
  pvWh: number;
  /** Taken while the sun shone, and not told apart yet. */
  mixedWh: number;
}

/** A charge as it is plugged. */
export const NOT_BEGUN = { limitW: 0, steps: null, step: 0, gridWh: 0, pvWh: 0, mixedWh: 0 };

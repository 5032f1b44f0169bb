/** Factors that a person may choose; below the first, mountains would sink into the plain. */
export const RELIEF_RANGE = { min: 1, max: 15 } as const;

/**
 * How much higher than life heights are drawn: by itself strong from far away, where 1 km of mountain over 430 km would be a line, and
 * nearly true from near; or the one factor that was chosen.
 */
export class Relief {
  /** null: by itself. */
  chosen: number | null = null;

  at(focusKm: number): number {
    return this.chosen ?? reliefByItself(focusKm);
  }
}

export function reliefByItself(focusKm: number): number {
  const near = { km: 4, factor: 1.4 };
  const far = { km: 300, factor: 8 };
  const part = Math.min(Math.max(Math.log(focusKm / near.km) / Math.log(far.km / near.km), 0), 1);
  return near.factor + (far.factor - near.factor) * part;
}

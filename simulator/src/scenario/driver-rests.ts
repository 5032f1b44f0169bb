/** So long a driver may drive before a rest, and so long it is at least. */
export const DRIVING_MS_MAX = 4 * 3_600_000;
export const REST_MS = 20 * 60_000;

/** Rests in so much driving without another stop that counts as one [ms]. */
export const restsMsIn = (drivenMs: number): number => Math.floor(drivenMs / DRIVING_MS_MAX) * REST_MS;

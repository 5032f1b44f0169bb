/** China keeps one zone without daylight saving: its local day is UTC+8 throughout. */
const SHANGHAI_OFFSET_MS = 8 * 3_600_000;

/** Local calendar date of an instant, `2026-11-22`. */
export const localDateOf = (atMs: number): string => new Date(atMs + SHANGHAI_OFFSET_MS).toISOString().slice(0, 10);

/** First instant of the local day that `atMs` lies in, ms since the epoch. */
export const localDayStartMs = (atMs: number): number => Date.parse(`${localDateOf(atMs)}T00:00:00.000Z`) - SHANGHAI_OFFSET_MS;

/// <reference lib="esnext.temporal" />

/** Tariffs, contracts and certificates are in force by the calendar and the clock of this zone. */
export const TARIFF_ZONE = 'Asia/Shanghai';
export const HOUR_MS = 3_600_000;

export interface LocalHour {
  /** `2026-11-22` */
  date: string;
  /** 1..12 */
  month: number;
  /** 0..23 */
  hour: number;
}

const CACHED_HOURS_MAX = 4_096;
const cache = new Map<number, LocalHour>();

/**
 * Local date, month and hour of an instant. Kept per hour: the zone is a whole number of hours off, and a rating asks for
 * the same hours again and again.
 * @param atMs since the epoch   @throws RangeError on what is no instant: a caller bug
 */
export function localHourOf(atMs: number): LocalHour {
  const hourIndex = Math.floor(atMs / HOUR_MS);
  const known = cache.get(hourIndex);
  if (known !== undefined) return known;
  const local = Temporal.Instant.fromEpochMilliseconds(hourIndex * HOUR_MS).toZonedDateTimeISO(TARIFF_ZONE);
  const found: LocalHour = { date: local.toPlainDate().toString(), month: local.month, hour: local.hour };
  if (cache.size >= CACHED_HOURS_MAX) cache.clear();
  cache.set(hourIndex, found);
  return found;
}

/** Local date of an instant, `2026-11-22`: what contracts and tariff versions compare with. */
export const localDateOf = (atMs: number): string => localHourOf(atMs).date;

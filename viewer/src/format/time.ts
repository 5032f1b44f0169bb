import { UNKNOWN } from './quantity.ts';

/** Business time of the corridor; the zone stands in every tooltip. */
export const ZONE = 'Asia/Shanghai';
export const ZONE_NAME = 'UTC+08:00 (Asia/Shanghai)';

const timeFormat = new Intl.DateTimeFormat('en-GB', {
  timeZone: ZONE,
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});
const dayFormat = new Intl.DateTimeFormat('en-CA', { timeZone: ZONE, year: 'numeric', month: '2-digit', day: '2-digit' });

function millisOf(at: string | number | null | undefined): number {
  if (at === null || at === undefined) return Number.NaN;
  return typeof at === 'number' ? at : Date.parse(at);
}

/** 14:03:27 */
export function clockTime(at: string | number | null | undefined): string {
  const ms = millisOf(at);
  return Number.isFinite(ms) ? timeFormat.format(ms) : UNKNOWN;
}

/** 2026-11-22 */
export function day(at: string | number | null | undefined): string {
  const ms = millisOf(at);
  return Number.isFinite(ms) ? dayFormat.format(ms) : UNKNOWN;
}

/** 2026-11-22 14:03:27 */
export function dayAndTime(at: string | number | null | undefined): string {
  const ms = millisOf(at);
  return Number.isFinite(ms) ? `${dayFormat.format(ms)} ${timeFormat.format(ms)}` : UNKNOWN;
}

/** For tooltips: date, time, zone. */
export function withZone(at: string | number | null | undefined): string {
  const text = dayAndTime(at);
  return text === UNKNOWN ? UNKNOWN : `${text} ${ZONE_NAME}`;
}

/**
 * A period whose end is not in it: `2026-11-22`, `2026-11-01 – 2026-11-30`; with times when it does not consist of local days, the day said
 * once where it is one, and the end of a day as 24:00: `2026-11-22 23:00 – 24:00`.
 */
export function period(from: string, until: string): string {
  const isOfDays = clockTime(from) === MIDNIGHT && clockTime(until) === MIDNIGHT;
  if (isOfDays) {
    const [first, last] = [day(from), day(millisOf(until) - 1)];
    return first === last ? first : `${first} – ${last}`;
  }
  const isOneDay = day(from) === day(millisOf(until) - 1);
  const end = clockTime(until) === MIDNIGHT && isOneDay ? '24:00' : withoutSeconds(clockTime(until));
  return `${day(from)} ${withoutSeconds(clockTime(from))} – ${isOneDay ? '' : `${day(until)} `}${end}`;
}

const MIDNIGHT = '00:00:00';
const withoutSeconds = (clock: string): string => (clock.endsWith(':00') ? clock.slice(0, -3) : clock);

const DAY_MS = 86_400_000;
/** The zone has had no summer time since 1991. */
const ZONE_OFFSET = '+08:00';

/** Start of a local day (`2026-11-22`) as an instant; with `days` 1, of the day after. Empty for no day. */
export function instantOfDay(localDay: string, days: 0 | 1 = 0): string {
  const ms = Date.parse(`${localDay}T00:00:00${ZONE_OFFSET}`);
  return Number.isFinite(ms) ? new Date(ms + days * DAY_MS).toISOString() : '';
}

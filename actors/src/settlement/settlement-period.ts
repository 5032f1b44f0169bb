/// <reference lib="esnext.temporal" />
import type { SettlementPeriod } from '@corridor/protocols/agreement/settlement-agreement';
import { assert } from '@corridor/protocols/assert';
import { TARIFF_ZONE } from '../tariff/local-time.ts';

const DAY_MS = 86_400_000;
const M1_15_DELAY_DAYS = 15;
/** Begins before every payment that there can be: 2020-01-01 in the zone of the tariffs. */
export const FIRST_PERIOD_FROM_MS = Date.parse('2020-01-01T00:00:00+08:00');

const localOf = (atMs: number) => Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(TARIFF_ZONE);

/** Begin of the period that an instant lies in [ms]: hours, days, weeks from Monday, months of Asia/Shanghai. */
export function periodBeginMs(period: SettlementPeriod, atMs: number): number {
  const local = localOf(atMs);
  const day = local.startOfDay();
  switch (period) {
    case 'T0':
      return local.round({ smallestUnit: 'hour', roundingMode: 'floor' }).epochMilliseconds;
    case 'D1':
      return day.epochMilliseconds;
    case 'W1':
      return day.subtract({ days: local.dayOfWeek - 1 }).epochMilliseconds;
    case 'M1':
    case 'M1_15':
      return day.with({ day: 1 }).epochMilliseconds;
  }
}

/**
 * First end of a period after an instant [ms]. A period that begins between two ends, because another kind of period went
 * before, is the shorter for it: periods of a principal follow each other without gap or overlap.
 */
export function periodEndMs(period: SettlementPeriod, fromMs: number): number {
  const begin = localOf(periodBeginMs(period, fromMs));
  const step = { T0: { hours: 1 }, D1: { days: 1 }, W1: { days: 7 }, M1: { months: 1 }, M1_15: { months: 1 } }[period];
  const endMs = begin.add(step).epochMilliseconds;
  assert(endMs > fromMs, `period ${period} from ${fromMs} ends at ${endMs}`);
  return endMs;
}

/** When a statement of a closed period is paid [ms]: at once, or 15 days later. */
export const payableAtMs = (period: SettlementPeriod, untilMs: number): number =>
  period === 'M1_15' ? untilMs + M1_15_DELAY_DAYS * DAY_MS : untilMs;

/** Id of the statement of a principal for a period: one for each, whoever makes it. */
export function statementIdOf(principalId: string, fromMs: number, untilMs: number): string {
  return `${principalId}-${stamp(fromMs)}-${stamp(untilMs)}`;
}

/** `20261122`, or `20261122T13` within a day. */
function stamp(atMs: number): string {
  const local = localOf(atMs);
  const date = local.toPlainDate().toString().replaceAll('-', '');
  return local.hour === 0 ? date : `${date}T${String(local.hour).padStart(2, '0')}`;
}

import type { PackReading } from '@corridor/protocols/tele/packs';
import { INVALID, isStuck, judgeSoc, SOC_JUMP, STUCK } from './data-quality.ts';
import type { PACK_NUMBERS, PACK_TEXTS } from './signal-columns.ts';
import type { SignalRows } from './signal-rows.ts';

type PackRows = SignalRows<(typeof PACK_NUMBERS)[number], (typeof PACK_TEXTS)[number]>;

const [SOC, POWER, RAW, CHANGED, HELD] = [0, 5, 9, 10, 11];
/** A report that moves by less is nothing suspicious: no need to judge it. */
const UNSUSPICIOUS_PERCENT = 1;
/** Over a longer silence the value may have moved and come back: nothing froze. */
const FROZEN_SILENCE_MS_MAX = 120_000;

/**
 * Puts the SOC that rules may use into a pack's row: as reported, or carried on by the current while it jumps.
 * @returns the data-quality flags that it found
 */
export function takePlausibleSoc(rows: PackRows, row: number, reading: PackReading, atMs: number, nominalWh: number): number {
  const { numbers, reportedAtMs } = rows;
  const at = rows.at(row, 0);
  const { socPercent } = reading;
  if (socPercent === null) return INVALID;
  const last = numbers[at + SOC] ?? Number.NaN;
  const raw = numbers[at + RAW] ?? Number.NaN;
  const heldSinceMs = numbers[at + HELD] ?? Number.NaN;
  const wasSilent = atMs - (reportedAtMs[row] ?? Number.NaN) > FROZEN_SILENCE_MS_MAX;
  if (raw !== socPercent || wasSilent) numbers[at + CHANGED] = atMs;
  const powerW = reading.powerW ?? Number.NaN;
  const stuck = isStuck({ unchangedMs: atMs - (numbers[at + CHANGED] ?? atMs), powerW }) ? STUCK : 0;
  numbers[at + RAW] = socPercent;
  if (Math.abs(socPercent - last) <= UNSUSPICIOUS_PERCENT && Number.isNaN(heldSinceMs)) {
    numbers[at + SOC] = socPercent;
    return stuck;
  }
  const judged = judgeSoc(
    { socPercent, powerW, atMs },
    { socPercent: last, rawPercent: raw, powerW: numbers[at + POWER] ?? Number.NaN, atMs: reportedAtMs[row] ?? Number.NaN, heldSinceMs },
    nominalWh * ((reading.sohPercent ?? 100) / 100),
  );
  numbers[at + SOC] = judged.socPercent;
  numbers[at + HELD] = judged.heldSinceMs;
  return stuck | (judged.jumped ? SOC_JUMP : 0);
}

import { type FadeState, fadeBy, sohRatioOf } from '@corridor/actors/pack/soh-fade';
import type { Kpis, MeasuredWorld } from './kpis.ts';

/** How packs are used in the mean of a run. */
export interface PackUse {
  /** Equivalent full cycles a pack and day, of its nominal capacity. */
  cyclesPerDay: number;
  /** Of what a pack holds when new, as it is given out and as it comes back, 0..1. */
  issuedRatio: number;
  returnedRatio: number;
}

const DAY_MS = 86_400_000;
const DAYS_A_YEAR = 365;
const STEP_DAYS = 5;
const YEARS_MAX = 20;
/** Packs are taken out of service here. */
export const END_OF_LIFE_RATIO = 0.8;
/** Cells outside were never tested. */
const TEMP_C = { min: 10, max: 45 };

/** Of the counted time. @returns null: nothing was charged */
export function packUseOf({ yards, packs, scenario }: MeasuredWorld, countedMs: number): PackUse | null {
  const sum = (of: (yard: MeasuredWorld['yards'][number]) => number) => yards.reduce((total, yard) => total + of(yard), 0);
  const chargedWh = sum(({ measures }) => measures.chargedWh);
  const swaps = sum(({ measures }) => measures.swaps);
  const { nominalWh } = scenario.pack;
  if (chargedWh <= 0 || swaps === 0) return null;
  return {
    cyclesPerDay: chargedWh / nominalWh / packs.length / (countedMs / DAY_MS),
    issuedRatio: sum(({ measures }) => measures.issuedWh) / swaps / nominalWh,
    returnedRatio: sum(({ measures }) => measures.returnedWh) / swaps / nominalWh,
  };
}

/**
 * What becomes of new packs that are used for years as they were in the run. A run lasts weeks, in which packs do not fade: so this is an outlook,
 * and nothing of it acts on the run.
 * @param cellTempC mean of the run   @returns null for what the model of fading knows nothing of: cells below 10 or above 45 °C; and for years beyond 20
 */
export function packLifeKpis(cellTempC: number, use: PackUse | null): Kpis {
  const years = use === null ? null : fadingYears(cellTempC, use);
  return {
    packCyclesPerDay: use?.cyclesPerDay ?? null,
    packIssuedRatioMean: use?.issuedRatio ?? null,
    packReturnedRatioMean: use?.returnedRatio ?? null,
    packSohRatioAfter5Years: years?.find(({ year }) => year >= 5)?.sohRatio ?? null,
    packYearsTo80Percent: years?.find(({ sohRatio }) => sohRatio <= END_OF_LIFE_RATIO)?.year ?? null,
  };
}

/** Of packs that age in the run: as they are at its end, and how many got new cells in the time that counts. */
export function packHealthKpis({ packs, scenario }: Pick<MeasuredWorld, 'packs' | 'scenario'>, countedMs: number): Kpis {
  if (scenario.pack.ageing === undefined) return {};
  const countsFromMs = scenario.warmUpDays * DAY_MS;
  let [sum, least, renewed] = [0, Number.POSITIVE_INFINITY, 0];
  for (const { sohPercent, ageing } of packs) {
    sum += sohPercent / 100;
    least = Math.min(least, sohPercent / 100);
    for (const atMs of ageing?.renewedAtMs ?? []) if (atMs >= countsFromMs) renewed += 1;
  }
  return {
    packSohRatioMean: sum / packs.length,
    packSohRatioLeast: least,
    packsRenewedPerYear: (renewed / (countedMs / DAY_MS)) * DAYS_A_YEAR,
  };
}

/** State of health of a new pack over the years, by steps of five days. @returns null where nobody tested such cells */
export function fadingYears(
  tempC: number,
  { cyclesPerDay, issuedRatio, returnedRatio }: PackUse,
): { year: number; sohRatio: number }[] | null {
  if (tempC < TEMP_C.min || tempC > TEMP_C.max) return null;
  let state: FadeState = { calendarLossRatio: 0, cycleLossRatio: 0 };
  return Array.from({ length: Math.floor((YEARS_MAX * DAYS_A_YEAR) / STEP_DAYS) }, (_, index) => {
    state = fadeBy(state, {
      days: STEP_DAYS,
      equivalentFullCycles: cyclesPerDay * STEP_DAYS,
      tempC,
      socRatio: (issuedRatio + returnedRatio) / 2,
      depthOfDischargeRatio: Math.min(1, Math.max(0, issuedRatio - returnedRatio)),
      // Each cycle passes twice, out and in.
      meanRatePerHour: (2 * cyclesPerDay) / 24,
    });
    return { year: ((index + 1) * STEP_DAYS) / DAYS_A_YEAR, sohRatio: sohRatioOf(state) };
  });
}

import { type FadeState, fadeBy, sohRatioOf } from '@corridor/actors/pack/soh-fade';
import type { Scenario } from '../scenario/scenario.schema.ts';
import type { Kpis } from './kpis.ts';

/** How packs are used in the mean of a run. */
export interface PackUse {
  /** Equivalent full cycles a pack and day, of its nominal capacity. */
  cyclesPerDay: number;
  /** Of what a pack holds when new, as it is given out and as it comes back, 0..1. */
  issuedRatio: number;
  returnedRatio: number;
}

const DAYS_A_YEAR = 365;
const STEP_DAYS = 5;
const YEARS_MAX = 20;
/** End of life. */
const SOH_MIN = 0.8;
/** Cells outside were never tested. */
const TEMP_C = { min: 10, max: 45 };

/**
 * What becomes of new packs that are used for years as they were in the run. A run lasts weeks, in which packs do not fade: so this is an outlook,
 * and nothing of it acts on the run.
 * @returns null for what the model of fading knows nothing of: cells below 10 or above 45 °C; and for years beyond 20
 */
export function packLifeKpis({ pack }: Pick<Scenario, 'pack'>, use: PackUse | null): Kpis {
  if (use === null) return { packCyclesPerDay: null, packSohRatioAfter5Years: null, packYearsTo80Percent: null };
  const { cyclesPerDay } = use;
  if (pack.cellTempC < TEMP_C.min || pack.cellTempC > TEMP_C.max)
    return { packCyclesPerDay: cyclesPerDay, packSohRatioAfter5Years: null, packYearsTo80Percent: null };
  const years = fadingYears(pack.cellTempC, use);
  return {
    packCyclesPerDay: cyclesPerDay,
    packSohRatioAfter5Years: years.find(({ year }) => year >= 5)?.sohRatio ?? null,
    packYearsTo80Percent: years.find(({ sohRatio }) => sohRatio <= SOH_MIN)?.year ?? null,
  };
}

function fadingYears(tempC: number, { cyclesPerDay, issuedRatio, returnedRatio }: PackUse): { year: number; sohRatio: number }[] {
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

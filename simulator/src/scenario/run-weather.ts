import type { Prng } from '@corridor/actors/time/prng';
import { assert, violated } from '@corridor/protocols/assert';
import type { Scenario } from './scenario.schema.ts';
import { startMsOf } from './scenario-calendar.ts';
import type { Climate } from './weather.schema.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const HOURS = 24;
/** The coldest hour of a day; the warmest is twelve hours later (assumption, as in the live plant). */
const COLDEST_HOUR = 3;
/** Air at which trucks drive by the figures of summer and of winter; between them by what lies between, degree by degree (assumption). */
const SUMMER_FROM_C = 20;
const WINTER_UNTIL_C = -5;
/** Air is between these on Earth's roads: a departure is drawn from a bell curve, which has no end. */
const AIR_C = { min: -60, max: 60 };

/** What the weather does to trucks and packs. */
export interface Conditions {
  /** 0: by the figures of summer, 1: by those of winter. */
  coldRatio: number;
  /** Of cells that are charged [°C]. */
  cellTempC: number;
}

type Weathered = Pick<Scenario, 'weather' | 'pack' | 'startsOn' | 'days'>;

/** The weather of a run, by the hour. Departures of days are drawn by the number of the day: they are the same in every scenario with a seed. */
export class RunWeather {
  readonly #climate: Climate | null;
  readonly #prng: Prng | null;
  readonly #firstDayMs: number;
  #hour = -1;
  #now: Conditions;

  /** @param prng of the run; null: every day is as its season */
  constructor(scenario: Pick<Weathered, 'weather' | 'pack' | 'startsOn'>, prng: Prng | null) {
    const { weather, pack } = scenario;
    this.#climate = typeof weather === 'string' ? null : weather;
    this.#prng = prng;
    this.#firstDayMs = this.#climate === null ? 0 : startMsOf(scenario);
    this.#now = { coldRatio: weather === 'WINTER' ? 1 : 0, cellTempC: pack.cellTempC ?? Number.NaN };
    assert(this.#climate !== null || pack.cellTempC !== undefined, 'cells without a temperature');
  }

  /** @param atMs from the first midnight, >= 0 */
  at(atMs: number): Conditions {
    const hour = Math.floor(atMs / HOUR_MS);
    if (this.#climate === null || hour === this.#hour) return this.#now;
    this.#hour = hour;
    this.#now = conditionsIn(this.#climate, this.#airC(this.#climate, hour));
    return this.#now;
  }

  /** Of the whole hour. @returns °C */
  #airC({ monthMeanC, dayRangeK, dayDepartureK }: Climate, hour: number): number {
    const day = Math.floor(hour / HOURS);
    const seasonC = seasonMeanC(monthMeanC, this.#firstDayMs + day * DAY_MS);
    const swing = Math.cos((2 * Math.PI * ((hour % HOURS) - COLDEST_HOUR)) / HOURS);
    const departure = this.#prng === null ? 0 : this.#prng.fork(`weather:day:${day}`).normal();
    return Math.min(AIR_C.max, Math.max(AIR_C.min, seasonC - (dayRangeK / 2) * swing + dayDepartureK * departure));
  }
}

/** Between the middles of months by what lies between. @param atMs of a local midnight */
function seasonMeanC(monthMeanC: readonly number[], atMs: number): number {
  // Midnight in China plus eight hours is that midnight in UTC, whose date is read here.
  const noon = new Date(atMs + 20 * HOUR_MS);
  const monthDays = new Date(Date.UTC(noon.getUTCFullYear(), noon.getUTCMonth() + 1, 0)).getUTCDate();
  const fromMiddle = (noon.getUTCDate() - 0.5) / monthDays - 0.5;
  const month = noon.getUTCMonth();
  const meanC = (of: number) => monthMeanC[(of + 12) % 12] ?? violated(`no month ${of}`);
  const near = meanC(fromMiddle < 0 ? month - 1 : month + 1);
  return meanC(month) + (near - meanC(month)) * Math.abs(fromMiddle);
}

function conditionsIn({ cells }: Climate, airC: number): Conditions {
  const span = SUMMER_FROM_C - WINTER_UNTIL_C;
  return {
    coldRatio: Math.min(span, Math.max(0, Math.round(SUMMER_FROM_C - airC))) / span,
    cellTempC: Math.min(cells.cooledToC, Math.max(cells.heatedToC, airC + cells.aboveAirK)),
  };
}

/** Of all hours of the horizon, every day as its season: the hardest, and their mean, by which queues are judged. */
export function plannedConditions(scenario: Weathered): { coldest: Conditions; mean: Conditions } {
  const weather = new RunWeather(scenario, null);
  const first = weather.at(0);
  if (typeof scenario.weather === 'string') return { coldest: first, mean: first };
  let coldest = first;
  let [coldSum, cellSum] = [0, 0];
  const hours = Math.ceil(scenario.days * HOURS);
  for (let hour = 0; hour < hours; hour += 1) {
    const { coldRatio, cellTempC } = weather.at(hour * HOUR_MS);
    coldest = { coldRatio: Math.max(coldest.coldRatio, coldRatio), cellTempC: Math.min(coldest.cellTempC, cellTempC) };
    coldSum += coldRatio;
    cellSum += cellTempC;
  }
  return { coldest, mean: { coldRatio: coldSum / hours, cellTempC: cellSum / hours } };
}

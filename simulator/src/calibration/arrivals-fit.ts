import type { ArrivalPlan } from '../scenario/scenario.schema.ts';
import { COUNT_MIN, type DurationFit, fitDurations } from './duration-fit.ts';
import { ascending } from './goodness.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export interface ArrivalsFit {
  count: number;
  /** Of the observation, over all runs. */
  days: number;
  plan: ArrivalPlan;
  /** Twice the gain in log-likelihood of a rate by the hour over one rate; null when less than two days, or not every hour of the day, were seen. */
  profileGain: number | null;
  /** Gaps in units of the expected number of arrivals [1000 = one]: exponential with mean 1000 if these are Poisson arrivals. */
  gaps: DurationFit;
}

/** Chi-squared with 23 degrees of freedom exceeds this by chance once in a hundred times. */
const PROFILE_GAIN_MIN = 41.64;
/** A day profile needs every hour at least twice. */
const PROFILE_DAYS_MIN = 2;
/** Unit of the gaps: whatever is fitted, is fitted in ms. */
const UNIT_MS = 1_000;

/**
 * A Poisson stream, with a rate by the hour of the day where the hours differ by more than chance; where even then the gaps are not those of a
 * Poisson stream, gaps as they were observed.
 * @param runs instants of arrival by run, since a midnight [ms]; together at least `COUNT_MIN` gaps
 */
export function fitArrivals(runs: readonly (readonly number[])[]): ArrivalsFit | null {
  const streams = runs.map(ascending).filter(({ length }) => length > 1);
  const count = streams.reduce((sum, { length }) => sum + length - 1, 0);
  const hours = hourly(streams);
  const openMs = hours.reduce((sum, hour) => sum + hour.openMs, 0);
  if (count < COUNT_MIN || openMs === 0) return null;
  const perMs = count / openMs;
  const days = openMs / DAY_MS;
  const isWholeDay = hours.every((hour) => hour.openMs >= HOUR_MS);
  const profileGain = days < PROFILE_DAYS_MIN || !isWholeDay ? null : gainOf(hours, perMs);
  const hasProfile = profileGain !== null && profileGain > PROFILE_GAIN_MIN;
  const ratesPerMs = hours.map((hour) => (hasProfile ? hour.arrivals / hour.openMs : perMs));
  const gaps = fitDurations(streams.flatMap((stream) => rescaledGaps(stream, ratesPerMs)));
  return { count, days, plan: planOf(streams, ratesPerMs, { hasProfile, gaps }), profileGain, gaps };
}

function planOf(
  streams: readonly (readonly number[])[],
  ratesPerMs: readonly number[],
  { hasProfile, gaps }: { hasProfile: boolean; gaps: DurationFit },
): ArrivalPlan {
  const isPoisson = gaps.chosen.kind === 'exponential';
  if (!isPoisson) {
    const between = fitDurations(streams.flatMap((stream) => stream.slice(1).map((atMs, index) => atMs - (stream[index] ?? atMs))));
    return { kind: 'interval', between: between.chosen };
  }
  const meanPerMs = ratesPerMs.reduce((sum, rate) => sum + rate, 0) / 24;
  const perHour = rounded(meanPerMs * HOUR_MS);
  return hasProfile
    ? { kind: 'poisson', perHour, dayProfile: ratesPerMs.map((rate) => rounded(rate / meanPerMs)) }
    : { kind: 'poisson', perHour };
}

const rounded = (value: number): number => Number(value.toPrecision(4));

interface HourOfDay {
  arrivals: number;
  /** How long this hour was observed, over all days. */
  openMs: number;
}

/** From the first arrival, which only begins the clock, to the last. */
function hourly(streams: readonly (readonly number[])[]): HourOfDay[] {
  const hours = Array.from({ length: 24 }, () => ({ arrivals: 0, openMs: 0 }));
  for (const stream of streams) {
    for (const atMs of stream.slice(1)) (hours[hourOf(atMs)] ?? { arrivals: 0 }).arrivals += 1;
    eachHour(stream[0] ?? 0, stream.at(-1) ?? 0, (hour, openMs) => {
      (hours[hour] ?? { openMs: 0 }).openMs += openMs;
    });
  }
  return hours;
}

const hourOf = (atMs: number): number => Math.floor(atMs / HOUR_MS) % 24;

/** The pieces of a span by the hour of the day. */
function eachHour(fromMs: number, untilMs: number, visit: (hour: number, openMs: number) => void): void {
  for (let atMs = fromMs; atMs < untilMs; ) {
    const nextMs = Math.min(untilMs, (Math.floor(atMs / HOUR_MS) + 1) * HOUR_MS);
    visit(hourOf(atMs), nextMs - atMs);
    atMs = nextMs;
  }
}

function gainOf(hours: readonly HourOfDay[], perMs: number): number {
  return 2 * hours.reduce((sum, { arrivals, openMs }) => sum + (arrivals === 0 ? 0 : arrivals * Math.log(arrivals / (openMs * perMs))), 0);
}

/** Time runs as fast as trucks are expected: then a Poisson stream of any rate has gaps of the same exponential distribution. */
function rescaledGaps(stream: readonly number[], ratesPerMs: readonly number[]): number[] {
  return stream.slice(1).map((atMs, index) => {
    let expected = 0;
    eachHour(stream[index] ?? atMs, atMs, (hour, openMs) => {
      expected += (ratesPerMs[hour] ?? 0) * openMs;
    });
    return expected * UNIT_MS;
  });
}

import type { AlarmFigures } from '@corridor/protocols/http/alarm-figures';
import type { RaisedAlarm } from '../../projection/facts.ts';

/** ISA-18.2-2016, 16.5: alarms are counted over ten minutes; more than ten of them is a flood, which ends below five. */
const INTERVAL_MS = 600_000;
const FLOOD_ABOVE = 10;
const FLOOD_ENDS_BELOW = 5;
/** The same alarm so often within a minute chatters. */
const CHATTER_TIMES = 3;
const CHATTER_MS = 60_000;
/** One that stands for longer than a day is stale. */
const STALE_MS = 86_400_000;
const SHOWN = 10;
/** Beyond this many intervals they are summed by the hour. */
const BINS_MAX = 300;
const HOUR_MS = 3_600_000;

export interface FiguresAsked {
  readonly fromMs: number;
  readonly untilMs: number;
  /** Alarms raised in the span, oldest first. */
  readonly alarms: readonly RaisedAlarm[];
  /** Alarms that stand at its end, also those raised before it. */
  readonly standing: readonly RaisedAlarm[];
}

const timeText = (atMs: number): string => new Date(atMs).toISOString();

/** How people fare with the alarms of a span, by the measures of ISA-18.2. */
export function alarmFigures({ fromMs, untilMs, alarms, standing }: FiguresAsked): Omit<AlarmFigures, 'isCut'> {
  const counts = countsOf(alarms, { fromMs, untilMs, binMs: INTERVAL_MS });
  const binMs = counts.length > BINS_MAX ? HOUR_MS : INTERVAL_MS;
  const peak = counts.reduce((most, count, index) => (count > (counts[most] ?? 0) ? index : most), 0);
  const points = byPoint(alarms);
  const stale = standing
    .filter(({ raised }) => untilMs - raised.atMs > STALE_MS)
    .toSorted((one, other) => one.raised.atMs - other.raised.atMs);
  return {
    from: timeText(fromMs),
    until: timeText(untilMs),
    raised: alarms.length,
    perTenMinutes: {
      mean: counts.length === 0 ? 0 : alarms.length / counts.length,
      peak: counts[peak] ?? 0,
      peakAt: (counts[peak] ?? 0) === 0 ? null : timeText(fromMs + peak * INTERVAL_MS),
      floodRatio: counts.length === 0 ? 0 : counts.filter((count) => count > FLOOD_ABOVE).length / counts.length,
    },
    binMs,
    bins: binMs === INTERVAL_MS ? counts : countsOf(alarms, { fromMs, untilMs, binMs }),
    floods: floodsOf(alarms).slice(-SHOWN).reverse(),
    byLevel: [3, 2, 1].map((level) => ({ level, raised: alarms.filter(({ raised }) => raised.level === level).length })),
    top: points.slice(0, SHOWN).map(({ point, times }) => ({ ...point, raised: times.length })),
    chattering: points
      .filter(({ times }) => peakWithin(times) >= CHATTER_TIMES)
      .map(({ point, times }) => ({ ...point, raised: times.length, perMinute: peakWithin(times) })),
    standing: standing.length,
    staleCount: stale.length,
    stale: stale.slice(0, SHOWN).map(({ raised }) => ({ ...pointOf(raised), id: raised.alarmId, since: timeText(raised.atMs) })),
    acknowledgedMedianMs: medianOf(
      alarms.flatMap(({ raised, acknowledged }) => (acknowledged === null ? [] : [acknowledged.atMs - raised.atMs])),
    ),
    neverAcknowledged: alarms.filter(
      ({ acknowledged, clearedAtMs, closed }) => acknowledged === null && (clearedAtMs !== null || closed !== null),
    ).length,
  };
}

const pointOf = ({ code, scope, scopeId }: RaisedAlarm['raised']) => ({ code, scope, scopeId });

function countsOf(
  alarms: readonly RaisedAlarm[],
  { fromMs, untilMs, binMs }: { fromMs: number; untilMs: number; binMs: number },
): number[] {
  const counts = Array.from({ length: Math.max(0, Math.ceil((untilMs - fromMs) / binMs)) }, () => 0);
  for (const { raised } of alarms) {
    const index = Math.floor((raised.atMs - fromMs) / binMs);
    const count = counts[index];
    if (count !== undefined) counts[index] = count + 1;
  }
  return counts;
}

/** Most frequent first. */
function byPoint(alarms: readonly RaisedAlarm[]) {
  const points = new Map<string, { point: ReturnType<typeof pointOf>; times: number[] }>();
  for (const { raised } of alarms) {
    const key = `${raised.code}/${raised.scope}/${raised.scopeId}`;
    const known = points.get(key) ?? { point: pointOf(raised), times: [] };
    known.times.push(raised.atMs);
    points.set(key, known);
  }
  return [...points.entries()]
    .toSorted(([one, a], [other, b]) => b.times.length - a.times.length || (one < other ? -1 : 1))
    .map(([, each]) => each);
}

/** Most often within a minute. @param times rising */
function peakWithin(times: readonly number[]): number {
  let most = 0;
  let first = 0;
  for (const [index, atMs] of times.entries()) {
    while (atMs - (times[first] ?? atMs) > CHATTER_MS) first += 1;
    most = Math.max(most, index - first + 1);
  }
  return most;
}

/** Begins with what was raised first of the ten minutes in which there were too many; ends when less than five came in ten minutes. */
function floodsOf(alarms: readonly RaisedAlarm[]): AlarmFigures['floods'] {
  const floods: AlarmFigures['floods'] = [];
  const lately: RaisedAlarm['raised'][] = [];
  let flood: AlarmFigures['floods'][number] | null = null;
  for (const { raised } of alarms) {
    lately.push(raised);
    while (raised.atMs - (lately[0]?.atMs ?? raised.atMs) > INTERVAL_MS) lately.shift();
    if (flood !== null && lately.length < FLOOD_ENDS_BELOW) flood = null;
    const [first] = lately;
    if (flood !== null) {
      flood.raised += 1;
      flood.until = timeText(raised.atMs);
    } else if (lately.length > FLOOD_ABOVE && first !== undefined) {
      const firstOut = { ...pointOf(first), id: first.alarmId };
      flood = { from: timeText(first.atMs), until: timeText(raised.atMs), raised: lately.length, firstOut };
      floods.push(flood);
    }
  }
  return floods;
}

function medianOf(values: readonly number[]): number | null {
  const sorted = values.toSorted((one, other) => one - other);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  return upper === undefined || lower === undefined ? null : Math.round((upper + lower) / 2);
}

import { violated } from '@corridor/protocols/assert';
import type { Kpis } from '../measures/kpis.ts';
import type { Warning } from '../scenario/warning.ts';
import { type Interval, interval95 } from './interval.ts';
import { networkWarnings } from './network-difference.ts';
import type { Result } from './result.ts';

/** A figure of the second scenario less that of the first, run by run. */
export interface Difference extends Interval {
  /** Mean of the first. */
  ofFirst: number;
  /** `LESS` or `MORE` where the interval excludes 0; `OPEN`: these runs do not tell. */
  verdict: 'LESS' | 'MORE' | 'OPEN' | 'SAME';
}

/** What `compare.json` holds. */
export interface Comparison {
  version: 1;
  kind: 'comparison';
  complete: boolean;
  first: Result;
  second: Result;
  /** That they are no plans for one network. */
  warnings: readonly Warning[];
  /** Of the whole, by figure. */
  differences: Readonly<Record<string, Difference>>;
  /** Of stations that both have. */
  stations: readonly { id: string; differences: Readonly<Record<string, Difference>> }[];
}

/** Runs of both with the same seed. */
export const pairsOf = (first: Result, second: Result): (readonly [Result['runs'][number], Result['runs'][number]])[] =>
  first.runs.flatMap((run) => {
    const other = second.runs.find(({ seed }) => seed === run.seed);
    return other ? [[run, other] as const] : [];
  });

/** Paired by seed: what the seed makes of both cancels out. */
export function comparisonOf(first: Result, second: Result): Comparison {
  const pairs = pairsOf(first, second);
  return {
    version: 1,
    kind: 'comparison',
    complete: first.complete && second.complete,
    first,
    second,
    warnings: networkWarnings(first.scenario, second.scenario),
    differences: differencesOf(pairs.map(([one, other]) => [one.total, other.total])),
    stations: first.stations.flatMap(({ id }) =>
      second.stations.some((station) => station.id === id)
        ? [
            {
              id,
              differences: differencesOf(pairs.map(([one, other]) => [kpisAt(one, id), kpisAt(other, id)])),
            },
          ]
        : [],
    ),
  };
}

function kpisAt({ seed, stations }: Result['runs'][number], id: string): Kpis {
  return (stations.find((station) => station.id === id) ?? violated(`SEED=${seed} tells nothing of ${id}`)).kpis;
}

/** Of one figure, paired by seed; null: no seed has it in both. */
export const differenceOf = (first: Result, second: Result, kpi: string): Difference | null =>
  comparisonOf(first, second).differences[kpi] ?? null;

function differencesOf(pairs: readonly (readonly [Kpis, Kpis])[]): Record<string, Difference> {
  const names = new Set(pairs.flatMap(([one]) => Object.keys(one)));
  return Object.fromEntries(
    [...names].flatMap((name) => {
      const both = pairs.flatMap(([one, other]) => {
        const [a, b] = [one[name], other[name]];
        return typeof a === 'number' && typeof b === 'number' ? [[a, b] as const] : [];
      });
      const interval = interval95(both.map(([a, b]) => b - a));
      if (interval === null) return [];
      const ofFirst = both.reduce((sum, [a]) => sum + a, 0) / both.length;
      return [[name, { ...interval, ofFirst, verdict: verdictOf(interval, ofFirst) }] as const];
    }),
  );
}

/** Sums of the same numbers in another order differ by no more than this share. */
const ROUNDING_RATIO = 1e-9;

function verdictOf({ low, high }: Interval, ofFirst: number): Difference['verdict'] {
  if (low === null || high === null) return 'OPEN';
  if (Math.max(Math.abs(low), Math.abs(high)) <= ROUNDING_RATIO * Math.abs(ofFirst)) return 'SAME';
  if (high < 0) return 'LESS';
  return low > 0 ? 'MORE' : 'OPEN';
}

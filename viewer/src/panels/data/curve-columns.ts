import type { Curves } from '@corridor/protocols/http/equipment';

/** Columns as the plot takes them: seconds, mean, least, greatest. */
export type PlotColumns = [at: number[], mean: (number | null)[], low: (number | null)[], high: (number | null)[]];

/** Values of one field with a break in every gap: a line across it would tell what nobody measured. */
export function plotColumns(curves: Curves, field: string): PlotColumns {
  const series = curves.series[field];
  const columns: PlotColumns = [[], [], [], []];
  if (series === undefined) return columns;
  const gaps = curves.gaps.map(({ from, until }) => ({ fromS: Date.parse(from) / 1_000, untilS: Date.parse(until) / 1_000 }));
  let next = 0;
  curves.at.forEach((at, index) => {
    const atS = Date.parse(at) / 1_000;
    for (let gap = gaps[next]; gap !== undefined && gap.untilS <= atS + curves.widthMs / 1_000; gap = gaps[next]) {
      const breakS = Math.max(gap.fromS, (columns[0].at(-1) ?? gap.fromS) + 0.001);
      if (breakS < atS && columns[0].length > 0) push(columns, breakS, [null, null, null]);
      next += 1;
    }
    push(columns, atS, [series.mean[index] ?? null, series.low[index] ?? null, series.high[index] ?? null]);
  });
  return columns;
}

function push(columns: PlotColumns, atS: number, [mean, low, high]: readonly [number | null, number | null, number | null]): void {
  columns[0].push(atS);
  columns[1].push(mean);
  columns[2].push(low);
  columns[3].push(high);
}

export interface Extent {
  readonly low: number;
  readonly high: number;
  readonly last: number;
}

/** Least, greatest and last of what is known; null: nothing is. */
export function extentOf([, mean, low, high]: PlotColumns): Extent | null {
  const known = (values: (number | null)[]) => values.filter((value) => value !== null);
  const last = known(mean).at(-1);
  if (last === undefined) return null;
  return {
    low: known(low).reduce((least, value) => Math.min(least, value), last),
    high: known(high).reduce((most, value) => Math.max(most, value), last),
    last,
  };
}

import type { Curves } from '@corridor/protocols/http/equipment';
import { equipmentRow } from '@corridor/testkit/equipment-row';
import { expect, it } from 'vitest';
import { extentOf, plotColumns } from './curve-columns.ts';
import { csvRows } from './equipment-columns.ts';

const at = (minute: number) => new Date(minute * 60_000).toISOString();
const curves = (minutes: number[], gaps: [number, number][]): Curves => ({
  resolution: 'RAW',
  at: minutes.map(at),
  widthMs: 0,
  series: { powerW: { mean: minutes.map((minute) => minute * 10), low: minutes.map((minute) => minute * 10 - 5), high: minutes } },
  gaps: gaps.map(([from, until]) => ({ from: at(from), until: at(until) })),
  flags: [],
});

it('breaks the line in every gap, and nowhere else', () => {
  const [seconds, mean] = plotColumns(curves([0, 1, 2, 30, 31], [[2, 30]]), 'powerW');
  expect(mean).toEqual([0, 10, 20, null, 300, 310]);
  expect(seconds.every((each, index) => index === 0 || each > (seconds[index - 1] ?? 0))).toBe(true);
  expect(plotColumns(curves([0, 1], []), 'powerW')[1]).toEqual([0, 10]);
  expect(plotColumns(curves([0, 1], []), 'unknown')[0]).toEqual([]);
});

it('tells least, greatest and last of what is known', () => {
  expect(extentOf(plotColumns(curves([1, 2], []), 'powerW'))).toEqual({ low: 5, high: 20, last: 20 });
  expect(extentOf([[], [], [], []])).toBeNull();
});

it('leaves cells of a file empty where nothing is known', () => {
  const [head, first] = csvRows([equipmentRow('P1', { socPercent: 0 })]);
  expect(first?.[head?.indexOf('soc_percent') ?? -1]).toBe('0');
  expect(first?.[head?.indexOf('soh_percent_estimated') ?? -1]).toBe('');
  expect(first).toHaveLength(head?.length ?? -1);
});

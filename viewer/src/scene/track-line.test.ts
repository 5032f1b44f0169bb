import { expect, it } from 'vitest';
import { marksOf, piecesOf } from './track-line.ts';

const MINUTE_MS = 60_000;
/** 08:00 in the corridor. */
const START_MS = Date.parse('2026-11-22T00:00:00Z');
const point = (minute: number, chainageM: number) => ({ atMs: START_MS + minute * MINUTE_MS, chainageM });
const path = (points: ReturnType<typeof point>[], widthMs = 0) => ({ runs: [points], widthMs });

it('joins reports where the truck moved, and sets out from a rest when it moves', () => {
  const pieces = piecesOf(path([point(0, 1_000), point(1, 2_000), point(2, 2_010), point(30, 2_005), point(31, 3_000)]));
  expect(pieces.map(({ from, to, guessed }) => [from.chainageM, to.chainageM, guessed])).toEqual([
    [1_000, 2_000, false],
    [2_000, 3_000, false],
  ]);
  expect(pieces[1]?.from.atMs).toBe(START_MS + 30 * MINUTE_MS);
});

it('marks as guessed what lies between reports that are far apart, and draws no leap that no truck makes', () => {
  const pieces = piecesOf(path([point(0, 0), point(30, 30_000), point(31, 200_000), point(32, 201_000)]));
  expect(pieces.map(({ from, to, guessed }) => [from.chainageM, to.chainageM, guessed])).toEqual([
    [0, 30_000, true],
    [200_000, 201_000, false],
  ]);
  // Thinned out, they are as far apart as that.
  expect(piecesOf(path([point(0, 0), point(20, 20_000)], 10 * MINUTE_MS))).toMatchObject([{ guessed: false }]);
  expect(piecesOf(path([]))).toEqual([]);
});

it('joins nothing over a gap between two runs, and marks each by the time of both', () => {
  const runs = [
    [point(0, 0), point(240, 0)],
    [point(480, 0), point(500, 20_000), point(1_200, 20_000)],
  ];
  expect(piecesOf({ runs, widthMs: 0 })).toMatchObject([{ from: { chainageM: 0 }, to: { chainageM: 20_000 } }]);
  expect(marksOf({ runs }).map(({ fromMs, untilMs }) => [(fromMs - START_MS) / MINUTE_MS, (untilMs - START_MS) / MINUTE_MS])).toEqual([
    [60, 240],
    [600, 1_140],
  ]);
});

it('marks whole times of the local day between reports, few enough, and one for a stop', () => {
  const points = Array.from({ length: 361 }, (_, minute) => point(minute, minute < 120 || minute > 240 ? minute * 1_000 : 120_000));
  const marks = marksOf(path(points));
  expect(marks.length).toBeLessThanOrEqual(10);
  expect(marks.map(({ fromMs, untilMs }) => [(fromMs - START_MS) / MINUTE_MS, (untilMs - START_MS) / MINUTE_MS])).toEqual([
    [0, 0],
    [60, 60],
    [120, 240],
    [300, 300],
    [360, 360],
  ]);
  expect(marks[1]?.chainageM).toBe(60_000);
  expect(marksOf(path([]))).toEqual([]);
});

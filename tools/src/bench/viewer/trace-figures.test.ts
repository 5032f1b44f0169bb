import { describe, expect, it } from 'vitest';
import { figuresOf, MARKS, quantile, slopeOf, type TraceEvent } from './trace-figures.ts';

const event = (name: string, tsMs: number, durMs: number, cpuMs: number, type?: string): TraceEvent => ({
  name,
  ph: 'X',
  pid: 1,
  tid: 1,
  ts: tsMs * 1_000,
  dur: durMs * 1_000,
  tdur: cpuMs * 1_000,
  ...(type === undefined ? {} : { args: { data: { type } } }),
});
const mark = (name: string, tsMs: number): TraceEvent => ({ name, ph: 'I', pid: 1, tid: 1, ts: tsMs * 1_000 });

describe('a trace', () => {
  it('tells processor time of drawn frames, with all their callbacks, apart from messages and the rest', () => {
    const figures = figuresOf([
      event('FireAnimationFrame', 0, 100, 3),
      mark(MARKS.drawn, 50),
      event('FireAnimationFrame', 100.5, 1, 0.5),
      // A frame that was left out.
      event('FireAnimationFrame', 200, 0.1, 0.1),
      event('FunctionCall', 300, 4, 2),
      mark(MARKS.message, 300.1),
      // Within the message: counted with it.
      event('FunctionCall', 301, 2, 1),
      event('EventDispatch', 400, 4, 1.5, 'pointermove'),
      event('TimerFire', 1_000, 4, 4),
      { ...event('TimerFire', 1_000, 4, 400), tid: 2 },
    ]);
    expect(figures.restPerS).toBeCloseTo(4.1);
    expect(figures).toMatchObject({ frames: [3.5], messages: [2], pointerMoves: [1.5] });
    expect(figures.messagesPerS).toBeCloseTo(2);
  });

  it('is none without a drawn frame', () => {
    expect(() => figuresOf([event('FireAnimationFrame', 0, 1, 1)])).toThrow('nothing was drawn');
  });
});

it('a quantile is a sample, a slope that of the line through all points', () => {
  expect([quantile([4, 1, 3, 2], 0.5), quantile([4, 1, 3, 2], 0.95), quantile([7], 0.95)]).toEqual([2, 4, 7]);
  expect(slopeOf([0, 1, 2, 3].map((x) => ({ x, y: 5 - 2 * x })))).toBeCloseTo(-2);
  expect(() => slopeOf([{ x: 1, y: 1 }])).toThrow('two instants');
});

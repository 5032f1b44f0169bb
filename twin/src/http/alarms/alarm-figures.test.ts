import { describe, expect, it } from 'vitest';
import type { RaisedAlarm } from '../../projection/facts.ts';
import { alarmFigures } from './alarm-figures.ts';

const FROM_MS = Date.parse('2026-11-22T00:00:00Z');
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** An alarm that was raised so many minutes after the begin. */
const alarmAt = (
  minutes: number,
  of: { code?: string; scopeId?: string; level?: 1 | 2 | 3; acknowledgedMin?: number } = {},
): RaisedAlarm => {
  const atMs = FROM_MS + minutes * MINUTE_MS;
  const { code = 'CHARGER_DOWN', scopeId = 'HH1-1', level = 2 } = of;
  const raised = {
    type: 'alarm.raised',
    atMs,
    alarmId: `${code}-${minutes}`,
    code,
    level,
    scope: 'slot',
    scopeId,
    detail: '',
    args: {},
  } as const;
  const acknowledged = of.acknowledgedMin === undefined ? null : { atMs: atMs + of.acknowledgedMin * MINUTE_MS, by: 'ops', note: null };
  return { raised, clearedAtMs: atMs + MINUTE_MS, acknowledged, closed: null };
};

const figuresOf = (alarms: readonly RaisedAlarm[], standing: readonly RaisedAlarm[] = [], hours = 1) =>
  alarmFigures({ fromMs: FROM_MS, untilMs: FROM_MS + hours * HOUR_MS, alarms, standing });

describe('figures of alarms', () => {
  it('are nothing, and not missing, where nothing was raised', () => {
    const figures = figuresOf([]);
    expect(figures).toMatchObject({
      raised: 0,
      perTenMinutes: { mean: 0, peak: 0, peakAt: null, floodRatio: 0 },
      bins: [0, 0, 0, 0, 0, 0],
    });
    expect(figures).toMatchObject({ top: [], chattering: [], stale: [], floods: [], acknowledgedMedianMs: null });
  });

  it('count by ten minutes, and tell the interval with the most', () => {
    const figures = figuresOf([alarmAt(1), alarmAt(21), alarmAt(22), alarmAt(29.9), alarmAt(30)]);
    expect(figures.bins).toEqual([1, 0, 3, 1, 0, 0]);
    expect(figures.perTenMinutes).toEqual({ mean: 5 / 6, peak: 3, peakAt: '2026-11-22T00:20:00.000Z', floodRatio: 0 });
  });

  it('tell a flood from its first alarm until fewer than five came in ten minutes', () => {
    const burst = Array.from({ length: 12 }, (_, n) => alarmAt(10 + n * 0.5, { code: n === 0 ? 'BLACKOUT' : 'CHARGER_DOWN' }));
    const figures = figuresOf([...burst, alarmAt(40)]);
    expect(figures.floods).toEqual([
      {
        from: '2026-11-22T00:10:00.000Z',
        until: '2026-11-22T00:15:30.000Z',
        raised: 12,
        firstOut: { code: 'BLACKOUT', scope: 'slot', scopeId: 'HH1-1', id: 'BLACKOUT-10' },
      },
    ]);
    expect(figures.perTenMinutes.floodRatio).toBeCloseTo(1 / 6);
    // Ten are no flood.
    expect(figuresOf(burst.slice(0, 10)).floods).toEqual([]);
  });

  it('name what comes most often, and what comes three times within a minute', () => {
    const chatters = [5, 5.4, 5.9].map((minutes) => alarmAt(minutes, { scopeId: 'HH1-2' }));
    const spread = [10, 20, 30, 40].map((minutes) => alarmAt(minutes));
    const figures = figuresOf([...chatters, ...spread]);
    expect(figures.top).toEqual([
      { code: 'CHARGER_DOWN', scope: 'slot', scopeId: 'HH1-1', raised: 4 },
      { code: 'CHARGER_DOWN', scope: 'slot', scopeId: 'HH1-2', raised: 3 },
    ]);
    expect(figures.chattering).toEqual([{ code: 'CHARGER_DOWN', scope: 'slot', scopeId: 'HH1-2', raised: 3, perMinute: 3 }]);
  });

  it('tell what stands for longer than a day, oldest first, and how long it took until somebody had seen one', () => {
    const standing = [alarmAt(-30 * 60), alarmAt(-26 * 60), alarmAt(-60)].map((alarm) => ({ ...alarm, clearedAtMs: null }));
    const figures = figuresOf([alarmAt(1, { acknowledgedMin: 2 }), alarmAt(2, { acknowledgedMin: 6 }), alarmAt(3)], standing);
    expect(figures).toMatchObject({ standing: 3, staleCount: 2, acknowledgedMedianMs: 4 * MINUTE_MS, neverAcknowledged: 1 });
    expect(figures.stale.map(({ since }) => since)).toEqual(['2026-11-20T18:00:00.000Z', '2026-11-20T22:00:00.000Z']);
  });

  it('sum by the hour what would be too many bars', () => {
    const figures = figuresOf([alarmAt(1), alarmAt(59), alarmAt(61)], [], 30 * 24);
    expect(figures).toMatchObject({ binMs: HOUR_MS, bins: expect.objectContaining({ 0: 2, 1: 1, length: 720 }) });
  });
});

import { describe, expect, it } from 'vitest';
import { SourceClocks } from './source-time.ts';

const NOW = Date.UTC(2026, 10, 22, 4);
const HOUR = 3_600_000;
const live = (atMs: number) => ({ atMs, factor: 1, buffered: false });

describe('SourceClocks', () => {
  it('corrects a clock eight hours off once three live messages agree', () => {
    const clocks = new SourceClocks();
    for (let n = 0; n < 3; n += 1) clocks.observeLive('HH1', NOW + n * 5_000 + 8 * HOUR, NOW + n * 5_000, 1);
    expect(clocks.correct('HH1', NOW + 8 * HOUR, live(NOW + 15_000))).toEqual({ atMs: NOW, skewed: true, implausible: false });
    for (let n = 0; n < 3; n += 1) clocks.observeLive('HJ1', NOW - 8 * HOUR, NOW, 1);
    expect(clocks.correct('HJ1', NOW - 8 * HOUR, live(NOW + 15_000)).atMs).toBe(NOW);
  });

  it('leaves the time of a buffered event as it is', () => {
    const clocks = new SourceClocks();
    clocks.observeLive('HH1', NOW, NOW, 1);
    expect(clocks.correct('HH1', NOW - 5 * HOUR, { atMs: NOW, factor: 1, buffered: true })).toEqual({
      atMs: NOW - 5 * HOUR,
      skewed: false,
      implausible: false,
    });
  });

  it('takes the time of receipt for 1970 and for the far future', () => {
    const clocks = new SourceClocks();
    expect(clocks.correct('HH1', 0, live(NOW))).toEqual({ atMs: NOW, skewed: true, implausible: true });
    expect(clocks.correct('HH1', NOW + 400 * 24 * HOUR, live(NOW))).toEqual({ atMs: NOW, skewed: true, implausible: true });
  });

  it('takes the time of receipt for a live message that is hours old', () => {
    expect(new SourceClocks().correct('HH1', NOW - 8 * HOUR, live(NOW))).toEqual({ atMs: NOW, skewed: true, implausible: false });
  });

  it('does not believe one late message', () => {
    const clocks = new SourceClocks();
    clocks.observeLive('T001', NOW - HOUR, NOW, 1);
    expect(clocks.offsetMsOf('T001')).toBe(0);
  });
});

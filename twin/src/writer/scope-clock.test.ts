import { describe, expect, it } from 'vitest';
import { COAST_MS_MAX, ScopeClock } from './scope-clock.ts';

function clockAt(options: { storedScopeMs: number | null; driven: boolean }) {
  const wall = { nowMs: 1_000_000 };
  return { wall, clock: new ScopeClock({ wallNowMs: () => wall.nowMs, ...options }) };
}

describe('ScopeClock', () => {
  it('runs with the wall clock while nobody drives the scope', () => {
    const { wall, clock } = clockAt({ storedScopeMs: null, driven: false });
    expect(clock.nowMs()).toBe(1_000_000);
    wall.nowMs += 10_000;
    expect(clock.nowMs()).toBe(1_010_000);
  });

  it('goes on at the pace of its driver', () => {
    const { wall, clock } = clockAt({ storedScopeMs: null, driven: false });
    expect(clock.tick(2_000_000, 10)).toBe(true);
    wall.nowMs += 500;
    expect(clock.nowMs()).toBe(2_005_000);
    expect(clock.tick(2_010_000, 10)).toBe(false);
  });

  it('stands still when the driver is gone', () => {
    const { wall, clock } = clockAt({ storedScopeMs: null, driven: false });
    clock.tick(2_000_000, 10);
    wall.nowMs += 60_000;
    expect(clock.nowMs()).toBe(2_000_000 + COAST_MS_MAX * 10);
  });

  it('stands at the stored instant after a restart until the driver is back', () => {
    const { wall, clock } = clockAt({ storedScopeMs: 5_000_000, driven: true });
    wall.nowMs += 3_600_000;
    expect(clock.nowMs()).toBe(5_000_000);
    clock.tick(5_001_000, 10);
    expect(clock.nowMs()).toBe(5_001_000);
  });

  it('never goes back when the driver does', () => {
    const { wall, clock } = clockAt({ storedScopeMs: null, driven: false });
    clock.tick(2_000_000, 10);
    wall.nowMs += 1_000;
    expect(clock.nowMs()).toBe(2_010_000);
    clock.tick(2_003_000, 10);
    expect(clock.nowMs()).toBe(2_010_000);
    wall.nowMs += 1_000;
    expect(clock.nowMs()).toBe(2_013_000);
  });
});

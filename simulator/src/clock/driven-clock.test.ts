import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { DrivenClock } from './driven-clock.ts';

let wallMs = 0;
const clockAt = (factor: number) => new DrivenClock({ scopeAtMs: 1_000_000, factor, wallNowMs: () => wallMs });
/** Wall time goes on, with the host ticking as it does. */
async function pass(clock: DrivenClock, ms: number, everyMs = 100): Promise<void> {
  for (let left = ms; left > 0; left -= everyMs) {
    wallMs += everyMs;
    await vi.advanceTimersByTimeAsync(everyMs);
    clock.tick();
  }
}

beforeEach(() => {
  wallMs = 5_000;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => vi.useRealTimers());

it('runs factor times as fast as the wall', async () => {
  const clock = clockAt(10);
  await pass(clock, 3_000);
  expect(clock.nowMs()).toBe(1_030_000);
});

it('fires timers at their scope time, also when the factor changes', async () => {
  const clock = clockAt(10);
  const fired: number[] = [];
  clock.setTimer(20_000, () => fired.push(clock.nowMs()));
  const cleared = clock.setTimer(5_000, () => fired.push(-1));
  clock.clearTimer(cleared);
  await pass(clock, 1_000);
  clock.setFactor(1);
  await pass(clock, 9_900);
  expect(fired).toEqual([]);
  await pass(clock, 200);
  expect(fired).toHaveLength(1);
  expect(fired[0]).toBeGreaterThanOrEqual(1_020_000);
});

it('stands still while the process was suspended, and never goes back', async () => {
  const clock = clockAt(1);
  await pass(clock, 1_000);
  wallMs += 3_600_000;
  expect(clock.nowMs()).toBe(1_003_000);
  clock.tick();
  expect(clock.nowMs()).toBe(1_003_000);
  await pass(clock, 500);
  expect(clock.nowMs()).toBe(1_003_500);
});

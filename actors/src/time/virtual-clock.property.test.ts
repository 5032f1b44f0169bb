import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Timer, VirtualClock } from './virtual-clock.ts';

type Deed = { kind: 'set'; delayMs: number } | { kind: 'clear'; index: number } | { kind: 'run'; ms: number };
const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), delayMs: fc.integer({ min: -2, max: 20 }) }),
  fc.record({ kind: fc.constant('clear' as const), index: fc.nat(30) }),
  fc.record({ kind: fc.constant('run' as const), ms: fc.nat(10) }),
);

it('fires in the order of due and of setting, with the clock at the due time, as a sorted list would', () => {
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 80 }), (deeds) => {
      const clock = new VirtualClock(100);
      const fired: string[] = [];
      const expected: string[] = [];
      const timers: Timer[] = [];
      let model: { name: number; dueAtMs: number }[] = [];
      let nowMs = 100;
      for (const each of deeds) {
        if (each.kind === 'set') {
          const name = timers.length;
          timers.push(clock.setTimeout(() => fired.push(`${name}@${clock.nowMs}`), each.delayMs));
          model.push({ name, dueAtMs: nowMs + Math.max(0, each.delayMs) });
        } else if (each.kind === 'clear') {
          clock.clearTimeout(timers[each.index]);
          model = model.filter(({ name }) => name !== each.index);
        } else {
          nowMs += each.ms;
          clock.runUntil(nowMs);
          const due = model.filter(({ dueAtMs }) => dueAtMs <= nowMs).sort((a, b) => a.dueAtMs - b.dueAtMs || a.name - b.name);
          expected.push(...due.map(({ name, dueAtMs }) => `${name}@${dueAtMs}`));
          model = model.filter(({ dueAtMs }) => dueAtMs > nowMs);
        }
        const next = model.reduce<number | null>((least, { dueAtMs }) => Math.min(least ?? dueAtMs, dueAtMs), null);
        expect(clock.nextDueMs).toBe(next);
        expect(clock.next?.dueAtMs ?? null).toBe(next);
      }
      expect(fired).toEqual(expected);
    }),
  );
});

it('gives a timer that re-arms itself every one of its turns in a jump', () => {
  const clock = new VirtualClock();
  const turns: number[] = [];
  const turn = () => {
    turns.push(clock.nowMs);
    clock.setTimeout(turn, 1_000);
  };
  clock.setTimeout(turn, 1_000);
  clock.runUntil(5_000);
  expect(turns).toEqual([1_000, 2_000, 3_000, 4_000, 5_000]);
});

it('keeps the place of a timer that is set again after a restart', () => {
  const clock = new VirtualClock(50);
  const fired: string[] = [];
  clock.schedule(60, () => fired.push('later'), { seq: 9 });
  clock.schedule(60, () => fired.push('earlier'), { seq: 2 });
  clock.setTimeout(() => fired.push('new'), 10);
  clock.runUntil(60);
  expect(fired).toEqual(['earlier', 'later', 'new']);
});

it('forgets thousands of cancelled timers and keeps the rest', () => {
  const clock = new VirtualClock();
  let fired = 0;
  for (let count = 0; count < 5_000; count += 1) {
    const timer = clock.setTimeout(() => (fired += 1), 10);
    if (count % 10 !== 0) clock.clearTimeout(timer);
  }
  clock.runUntil(10);
  expect(fired).toBe(500);
  expect(clock.nextDueMs).toBeNull();
});

it('does not go back', () => {
  expect(() => new VirtualClock(10).runUntil(9)).toThrow('cannot go back');
});

import { describe, expect, it } from 'vitest';
import { TelemetryOrder } from './telemetry-order.ts';

describe('TelemetryOrder', () => {
  it('knows what is new, what comes again, and begins anew with a boot', () => {
    const order = new TelemetryOrder();
    const take = (bootId: number, seq: number) => order.take('station:S1', bootId, seq, 0);
    expect([take(1, 1), take(1, 2), take(1, 2), take(1, 1), take(2, 1), take(1, 3)]).toEqual([
      'new',
      'new',
      'again',
      'again',
      'new',
      'again',
    ]);
  });

  it('does not believe a number that a source cannot have reached, and goes on behind it', () => {
    const order = new TelemetryOrder();
    const take = (seq: number, storedWallMs: number, bootId = 1) => order.take('station:S1', bootId, seq, storedWallMs);
    expect(take(Number.MAX_SAFE_INTEGER, 0)).toBe('SEQ_IMPLAUSIBLE');
    expect(take(5, 0)).toBe('new');
    expect(take(Number.MAX_SAFE_INTEGER, 1_000)).toBe('SEQ_IMPLAUSIBLE');
    expect(take(Number.MAX_SAFE_INTEGER, 1_000, 2)).toBe('SEQ_IMPLAUSIBLE');
    expect(take(6, 1_000)).toBe('new');
    // A night in which its messages went elsewhere.
    expect(take(1_000_000, 12 * 3_600_000)).toBe('new');
  });

  it('does not adopt a boot that a source cannot have reached, and lets one begin anew', () => {
    const order = new TelemetryOrder();
    const take = (bootId: number, eventBootId = 0) => order.take('station:S1', bootId, 1, 0, eventBootId);
    // Not heard since the start of the platform, which knows the boots of its events all the same.
    expect(take(Number.MAX_SAFE_INTEGER)).toBe('BOOT_IMPLAUSIBLE');
    expect(take(50_000, 7)).toBe('BOOT_IMPLAUSIBLE');
    expect(take(8, 7)).toBe('new');
    expect(take(8 + 10_001, 7)).toBe('BOOT_IMPLAUSIBLE');
    expect(take(9, 7)).toBe('new');
    expect(take(1, 7)).toBe('again');
    order.forget('station:S1');
    expect(take(1)).toBe('new');
  });
});

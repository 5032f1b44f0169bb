import { SETTLEMENT_PERIODS } from '@corridor/protocols/agreement/settlement-agreement';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { statementStateOf } from './frozen-statement.ts';
import { payableAtMs, periodBeginMs, periodEndMs, statementIdOf } from './settlement-period.ts';

const at = (text: string) => Date.parse(`${text}+08:00`);

describe('settlement periods', () => {
  it.each([
    ['T0', '2026-11-22T13:20:00', '2026-11-22T13:00:00', '2026-11-22T14:00:00'],
    ['D1', '2026-11-22T00:00:00', '2026-11-22T00:00:00', '2026-11-23T00:00:00'],
    ['W1', '2026-11-22T23:59:59', '2026-11-16T00:00:00', '2026-11-23T00:00:00'],
    ['W1', '2026-11-23T00:00:00', '2026-11-23T00:00:00', '2026-11-30T00:00:00'],
    ['M1', '2026-02-28T12:00:00', '2026-02-01T00:00:00', '2026-03-01T00:00:00'],
    ['M1_15', '2026-12-31T23:00:00', '2026-12-01T00:00:00', '2027-01-01T00:00:00'],
  ] as const)('%s of %s is from %s to %s, local time', (period, instant, begin, end) => {
    expect(periodBeginMs(period, at(instant))).toBe(at(begin));
    expect(periodEndMs(period, at(instant))).toBe(at(end));
  });

  it('pays M1_15 fifteen days after the end, the others at once', () => {
    expect(payableAtMs('M1_15', at('2026-12-01T00:00:00'))).toBe(at('2026-12-16T00:00:00'));
    expect(payableAtMs('M1', at('2026-12-01T00:00:00'))).toBe(at('2026-12-01T00:00:00'));
  });

  it('leaves a total below zero to what was agreed, and tells a carrier only', () => {
    const of = (totalFen: bigint, belowZero: 'CARRY' | 'COLLECT', isCarrier = false) =>
      statementStateOf(totalFen, { isCarrier, belowZero });
    expect([of(-1n, 'CARRY'), of(-1n, 'COLLECT')]).toEqual(['CARRIED', 'DUE']);
    for (const rule of ['CARRY', 'COLLECT'] as const)
      expect([of(1n, rule), of(0n, rule), of(-1n, rule, true)]).toEqual(['FROZEN', 'PAID', 'PAID']);
  });

  it('names a statement by principal and span', () => {
    expect(statementIdOf('SO1', at('2026-11-01T00:00:00'), at('2026-12-01T00:00:00'))).toBe('SO1-20261101-20261201');
    expect(statementIdOf('SO1', at('2026-11-01T13:00:00'), at('2026-11-01T14:00:00'))).toBe('SO1-20261101T13-20261101T14');
  });

  it('leaves no gap and no overlap, whatever the periods', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...SETTLEMENT_PERIODS), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: at('2026-01-01T00:00:00'), max: at('2028-01-01T00:00:00') }),
        (periods, startMs) => {
          let fromMs = startMs;
          for (const period of periods) {
            const untilMs = periodEndMs(period, fromMs);
            expect(untilMs).toBeGreaterThan(fromMs);
            expect(periodBeginMs(period, untilMs - 1)).toBeLessThanOrEqual(fromMs);
            expect(periodBeginMs(period, untilMs)).toBe(untilMs);
            fromMs = untilMs;
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});

import type { Billing } from '@corridor/protocols/agreement/billing';
import type { Contract } from '@corridor/protocols/network-file';
import { describe, expect, it } from 'vitest';
import type { RentedTruck } from '../charge/rent-charge.ts';
import { aReference, aReferenceBilledBy, packageBilling } from '../order/order.fixture.ts';
import { NO_DRAFTS, type Trial, trialOf } from './draft-reference.ts';
import { daysBegunIn, paysRentByMonth, rentsTried } from './rerate-rents.ts';
import { RerateTotals } from './rerate-totals.ts';

const at = (local: string) => Date.parse(`${local}+08:00`);
const byMonth = (yuanPerKwh: number): Billing => ({
  mode: 'MONTHLY_RENT',
  issuerId: 'BO1',
  feeNanoYuanPerKwhMonth: `${yuanPerKwh}000000000`,
});
const truck: RentedTruck = {
  truckId: 'T1',
  carrierId: 'C1',
  packId: 'P1',
  nominalWh: 282_000,
  fromDate: '2026-01-01',
  untilDate: null,
  stay: 1,
};
const contractOf = (billing: Billing): Contract => {
  const found = aReferenceBilledBy(billing).contractOf('C1', '2026-11-01');
  if (found === undefined) throw new Error('no contract');
  return found;
};
const drafted = (before: Billing, after: Billing): Trial =>
  trialOf(aReferenceBilledBy(before), { ...NO_DRAFTS, contracts: [contractOf(after)] });
const NOVEMBER = { month: '2026-11', fromDate: '2026-11-01', untilDate: '2026-11-30' };

describe('days of a span', () => {
  it('are those that begin in it, by month', () => {
    expect(daysBegunIn(at('2026-11-01T00:00:00'), at('2026-12-01T00:00:00'))).toEqual([NOVEMBER]);
    expect(daysBegunIn(at('2026-11-21T00:00:01'), at('2027-01-02T00:00:01'))).toEqual([
      { month: '2026-11', fromDate: '2026-11-22', untilDate: '2026-11-30' },
      { month: '2026-12', fromDate: '2026-12-01', untilDate: '2026-12-31' },
      { month: '2027-01', fromDate: '2027-01-01', untilDate: '2027-01-02' },
    ]);
    expect(daysBegunIn(at('2026-11-21T08:00:00'), at('2026-11-21T20:00:00'))).toEqual([]);
    expect(daysBegunIn(at('2026-11-21T00:00:00'), at('2026-11-20T00:00:00'))).toEqual([]);
  });
});

describe('rents under a draft', () => {
  const rowsOf = (trial: Trial, days = NOVEMBER) => {
    const totals = new RerateTotals();
    totals.addBeside(rentsTried(trial, truck, days));
    return totals.rows().map(({ kind, id, orders, beforeFen, afterFen }) => [kind, id, orders, beforeFen, afterFen]);
  };

  it('are paid by the carrier to the issuer, of no station and as no order', () => {
    expect(rowsOf(drafted({ mode: 'PER_KWH' }, byMonth(10)))).toEqual([
      ['PARTY', 'BO1', 0, 0n, 282_000n],
      ['PARTY', 'PF', 0, 0n, 0n],
      ['PARTY', 'C1', 0, 0n, -282_000n],
      ['TRUCK', 'T1', 0, 0n, 282_000n],
    ]);
    expect(rowsOf(drafted({ mode: 'PER_KWH' }, { mode: 'PER_KWH' }))).toEqual([]);
  });

  it('of the same draft are those of before, of part of a month in proportion', () => {
    for (const days of [NOVEMBER, { ...NOVEMBER, fromDate: '2026-11-16' }, { ...NOVEMBER, untilDate: '2026-11-15' }]) {
      const part = days === NOVEMBER ? 282_000n : 141_000n;
      const found = rowsOf(drafted(byMonth(10), byMonth(20)), days);
      expect(found.at(-1)).toEqual(['TRUCK', 'T1', 0, part, 2n * part]);
      for (const [, , , beforeFen, afterFen] of rowsOf(drafted(byMonth(10), byMonth(10)), days)) expect(afterFen).toBe(beforeFen);
    }
  });

  it('are asked for where somebody pays them, and not where swaps cannot be compared', () => {
    expect(paysRentByMonth(trialOf(aReference(), NO_DRAFTS), 'C1', NOVEMBER)).toBe('NO');
    expect(paysRentByMonth(drafted({ mode: 'PER_KWH' }, byMonth(10)), 'C1', NOVEMBER)).toBe('YES');
    expect(paysRentByMonth(drafted(byMonth(10), { mode: 'PER_KWH' }), 'C1', NOVEMBER)).toBe('YES');
    expect(paysRentByMonth(drafted(byMonth(10), packageBilling), 'C1', NOVEMBER)).toBe('UNKNOWN');
  });
});

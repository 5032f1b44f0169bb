import type { Billing } from '@corridor/protocols/agreement/billing';
import type { Incentive } from '@corridor/protocols/agreement/incentive';
import type { Penalty } from '@corridor/protocols/agreement/penalty';
import type { Contract } from '@corridor/protocols/network-file';
import { describe, expect, it } from 'vitest';
import { yuanText } from '../ledger/decimal-text.ts';
import { fen } from '../ledger/fen.ts';
import { type Bill, type BillLine, cashFenOf } from '../order/bill.ts';
import { monthlyRentFen } from './monthly-rent.ts';
import { rateNoShow, rateOverstay, rateSwap } from './rate-swap.ts';
import { commissionOf, type RatingTerms } from './rating-terms.ts';
import { type SwapUsage, UNKNOWN_USAGE } from './swap-usage.ts';
import { taxOf } from './tax-of-line.ts';
import { contract, issued, returned, terms } from './worked-example.fixture.ts';

/** Terms of the worked example, whose swap costs 289.00 per kWh: 126.50 electricity, 86.90 service, 65.60 rent, 10.00 handling. */
const termsWith = (over: Partial<Contract>): RatingTerms => {
  const changed = { ...contract, ...over };
  return { ...terms, contract: changed, commission: commissionOf(changed) };
};
const billed = (over: Partial<Contract>, usage: Partial<SwapUsage> = {}) =>
  rateSwap(termsWith(over), { out: issued, in: returned }, { ...UNKNOWN_USAGE, ...usage });
const extra = ({ lines }: Bill) => lines.slice(10);
const short = ({ component, beneficiaryId, amountFen }: BillLine) => [component, beneficiaryId, yuanText(amountFen)];
const net = ({ shares }: Bill, principalId: string, role: string) =>
  yuanText(shares.find((share) => share.principalId === principalId && share.role === role)?.netFen ?? fen(0n));
const ALL = ['ELECTRICITY', 'SERVICE', 'BATTERY_RENT', 'SWAP_HANDLING'] as const;

describe('billing modes', () => {
  it.each<[string, Billing, Partial<SwapUsage>, string, string]>([
    [
      'PER_SWAP, a flat price and the electricity',
      { mode: 'PER_SWAP', issuerId: 'SO1', replaces: ['SERVICE', 'BATTERY_RENT', 'SWAP_HANDLING'], priceFen: '15000' },
      {},
      '-12.50',
      '1 swap x 150.00 yuan; replaces SERVICE 86.90, BATTERY_RENT 65.60, SWAP_HANDLING 10.00: 162.50 yuan; 150.00 - (162.50) = -12.50 yuan; contract CT-C1',
    ],
    [
      'PER_KM',
      { mode: 'PER_KM', issuerId: 'BO2', replaces: [...ALL], priceNanoYuanPerKm: '1950000000' },
      { distanceSinceSwapM: 152_347 },
      '8.08',
      '152.347 km x 1.95 yuan/km = 297.08 yuan; replaces ELECTRICITY 126.50, SERVICE 86.90, BATTERY_RENT 65.60, SWAP_HANDLING 10.00: 289.00 yuan; 297.08 - (289.00) = 8.08 yuan; contract CT-C1',
    ],
    [
      'MONTHLY_RENT',
      { mode: 'MONTHLY_RENT', issuerId: 'BO1', feeNanoYuanPerKwhMonth: '10000000000' },
      {},
      '-65.60',
      'rent is paid by the month; replaces BATTERY_RENT 65.60: 65.60 yuan; 0.00 - (65.60) = -65.60 yuan; contract CT-C1',
    ],
  ])('%s: one line to its issuer', (_, billing, usage, amount, derivation) => {
    const bill = billed({ billing }, usage);
    const issuerId = 'issuerId' in billing ? billing.issuerId : '';
    expect(extra(bill).map(short)).toEqual([['MODE_ADJUSTMENT', issuerId, amount]]);
    expect(extra(bill)[0]?.derivation).toBe(derivation);
    expect(net(bill, issuerId, 'ISSUER')).toBe(amount);
    expect([net(bill, 'SO1', 'STATION_OPERATOR'), net(bill, 'BO2', 'BATTERY_OWNER'), net(bill, 'BO1', 'BATTERY_OWNER')]).toEqual([
      '218.55',
      '76.81',
      '-13.18',
    ]);
  });

  const packaged: Billing = { mode: 'PACKAGE', issuerId: 'PF', replaces: [...ALL], offers: [] };
  it('PACKAGE: draws its part, and leaves the rest per kWh', () => {
    const whole = billed(
      { billing: packaged },
      { packageGrant: { packageId: 'PK1', unit: 'Wh', quantity: 300_000n, amountFen: fen(27_000n) } },
    );
    expect(whole.packageDraw).toEqual({ packageId: 'PK1', quantity: 217_253n, unit: 'Wh', amountFen: 19_553n });
    expect([yuanText(whole.payableFen), yuanText(cashFenOf(whole))]).toEqual(['195.53', '0.00']);
    const part = billed(
      { billing: packaged },
      { packageGrant: { packageId: 'PK1', unit: 'Wh', quantity: 100_000n, amountFen: fen(9_001n) } },
    );
    expect(part.packageDraw).toMatchObject({ quantity: 100_000n, amountFen: 9_001n });
    // 289.00 x 100.000 / 217.253 = 133.02 is covered.
    expect(extra(part).map(short)).toEqual([['MODE_ADJUSTMENT', 'PF', '-43.01']]);
    expect(yuanText(cashFenOf(part))).toBe('155.98');
    const swaps = billed(
      { billing: packaged },
      { packageGrant: { packageId: 'PK2', unit: 'swap', quantity: 1n, amountFen: fen(25_001n) } },
    );
    expect([yuanText(swaps.payableFen), yuanText(cashFenOf(swaps))]).toEqual(['250.01', '0.00']);
    expect(extra(billed({ billing: packaged }))).toEqual([]);
  });

  it('charge nothing for a swap in which no pack was given, and hand what is credited to the issuer', () => {
    const billing: Billing = {
      mode: 'PER_SWAP',
      issuerId: 'PF',
      replaces: ['SERVICE', 'BATTERY_RENT', 'SWAP_HANDLING'],
      priceFen: '15000',
    };
    const bill = rateSwap(termsWith({ billing }), { out: null, in: returned }, UNKNOWN_USAGE);
    expect(bill.lines.slice(4).map(short)).toEqual([['MODE_ADJUSTMENT', 'PF', '32.27']]);
    expect(yuanText(bill.payableFen)).toBe('-24.35');
  });

  it('by the kilometre without a distance are a bug: the order asks before', () => {
    const billing: Billing = { mode: 'PER_KM', issuerId: 'PF', replaces: [...ALL], priceNanoYuanPerKm: '1' };
    expect(() => billed({ billing })).toThrow('ODOMETER_MISSING');
  });

  it('count the rent of a month by its days', () => {
    const rent = { mode: 'MONTHLY_RENT', issuerId: 'BO1', feeNanoYuanPerKwhMonth: '10000000000' } as const;
    expect(monthlyRentFen(rent, { nominalWh: 282_000, days: 30, daysOfMonth: 30 })).toBe(282_000n);
    expect(monthlyRentFen(rent, { nominalWh: 282_000, days: 10, daysOfMonth: 31 })).toBe(90_968n);
    expect(() => monthlyRentFen(rent, { nominalWh: 282_000, days: 31, daysOfMonth: 30 })).toThrow('31 of 30 days');
  });
});

describe('incentives', () => {
  const night: Incentive = {
    id: 'NIGHT',
    name: 'Evening discount',
    nameZh: '晚间优惠',
    validFrom: '2025-01-01',
    validUntil: '2025-12-31',
    when: { hours: [[20, 22]] },
    discount: { nanoYuanPerKwh: '50000000' },
    funderId: 'SO1',
  };
  const earned = (over: Partial<Incentive>, usage: Partial<SwapUsage> = {}) =>
    extra(billed({ incentives: [{ ...night, ...over }] }, usage));

  it('are lines with their name, paid by their funder', () => {
    const bill = billed({ incentives: [night] });
    expect(extra(bill)).toMatchObject([
      { component: 'INCENTIVE', description: 'Evening discount', beneficiaryId: 'SO1', amountFen: -1_086n },
    ]);
    expect(extra(bill)[0]?.derivation).toBe('-217.253 kWh x 0.05 yuan/kWh, rounded -10.86 yuan; incentive NIGHT');
    expect([net(bill, 'SO1', 'FUNDER'), net(bill, 'SO1', 'STATION_OPERATOR')]).toEqual(['-10.86', '218.55']);
  });

  it.each<[string, Partial<Incentive>, Partial<SwapUsage>, boolean]>([
    ['at another hour', { when: { hours: [[21, 24]] } }, {}, false],
    ['at another station', { when: { stationIds: ['HH1'] } }, {}, false],
    ['at its station', { when: { stationIds: ['HH1', 'BD1'] } }, {}, true],
    ['before its time', { validFrom: '2025-07-16' }, {}, false],
    ['after its time', { validUntil: '2025-07-14' }, {}, false],
    ['with many packs ready', { when: { readyPacksAbove: 5 } }, { readyPacks: 6 }, true],
    ['with too few ready', { when: { readyPacksAbove: 5 } }, { readyPacks: 5 }, false],
    ['with stock that nobody knows', { when: { readyPacksAbove: 0 } }, {}, false],
    ['at a station short of packs', { when: { readyPacksBelow: 2 } }, { readyPacks: 1 }, true],
    ['at one that is not', { when: { readyPacksBelow: 2 } }, { readyPacks: 2 }, false],
    ['short of packs, as nobody knows', { when: { readyPacksBelow: 2 } }, {}, false],
  ])('%s', (_, over, usage, isEarned) => expect(earned(over, usage).length).toBe(isEarned ? 1 : 0));

  it('take at most what there is to pay', () => {
    const all = { ...night, discount: { fenPerSwap: '20000' } };
    const bill = billed({ incentives: [all, all, all] });
    expect(extra(bill).map(short)).toEqual([
      ['INCENTIVE', 'SO1', '-200.00'],
      ['INCENTIVE', 'SO1', '-89.00'],
    ]);
    expect(bill.payableFen).toBe(0n);
  });
});

describe('penalties', () => {
  const deep = (waivers: Penalty['waivers']): Penalty => ({ kind: 'DEEP_DISCHARGE', belowSocPercent: 20, amountFen: '5000', waivers });

  it('of a pack that comes back too empty go to its owner', () => {
    expect(extra(billed({ penalties: [deep([])] })).map(short)).toEqual([['PENALTY', 'BO1', '50.00']]);
    expect(net(billed({ penalties: [deep([])] }), 'BO1', 'BATTERY_OWNER')).toBe('36.82');
    expect(extra(billed({ penalties: [{ ...deep([]), belowSocPercent: 18 } as Penalty] }))).toEqual([]);
  });

  it.each<[string, Penalty['waivers'][number], Partial<SwapUsage>, boolean]>([
    ['on its last day', { rule: 'INTRODUCTION', until: '2025-07-15' }, {}, true],
    ['after it', { rule: 'INTRODUCTION', until: '2025-07-14' }, {}, false],
    ['at its station', { rule: 'STATIONS', stationIds: ['BD1'] }, {}, true],
    ['at another', { rule: 'STATIONS', stationIds: ['HH1'] }, {}, false],
    ['after a wait', { rule: 'WAITED', minutes: 30 }, { waitedMs: 1_800_000 }, true],
    ['after a short wait', { rule: 'WAITED', minutes: 30 }, { waitedMs: 1_799_999 }, false],
    ['after a wait that nobody knows', { rule: 'WAITED', minutes: 30 }, {}, false],
  ])('are waived %s', (_, waiver, usage, isWaived) => {
    const lines = extra(billed({ penalties: [deep([waiver])] }, usage)).map(short);
    expect(lines).toEqual([['PENALTY', 'BO1', '50.00'], ...(isWaived ? [['WAIVER', 'BO1', '-50.00']] : [])]);
  });

  it('of a truck that does not come, or does not leave, go to the station', () => {
    const penalties: Penalty[] = [
      { kind: 'NO_SHOW', amountFen: '2000', waivers: [] },
      { kind: 'OVERSTAY', graceMinutes: 5, blockMinutes: 10, amountFen: '1000', waivers: [] },
    ];
    expect(rateNoShow(termsWith({ penalties }))?.lines.map(short)).toEqual([['PENALTY', 'SO1', '20.00']]);
    expect(rateNoShow(termsWith({}))).toBeNull();
    const overstay = (minutes: number) => rateOverstay(termsWith({ penalties }), minutes * 60_000)?.payableFen ?? null;
    expect([5, 5.1, 15, 15.1].map(overstay)).toEqual([null, 1_000n, 1_000n, 2_000n]);
  });
});

describe('tax and commission', () => {
  it('are stated by the contract where it does', () => {
    const tax = { ...terms.tax, ELECTRICITY: 900 };
    expect(rateSwap({ ...terms, tax }, { out: issued, in: returned }, UNKNOWN_USAGE).lines[0]?.taxRateBasisPoints).toBe(900);
    const commission = { ELECTRICITY: 100, SERVICE: 0, BATTERY_RENT: 1_000, SWAP_HANDLING: 0, PENALTY: 0 };
    const bill = billed({ commission });
    expect([net(bill, 'SO1', 'STATION_OPERATOR'), net(bill, 'BO2', 'BATTERY_OWNER'), net(bill, 'PF', 'PLATFORM')]).toEqual([
      '222.13',
      '71.27',
      '7.83',
    ]);
  });

  it.each([
    [11_300n, 1_300, 10_000n, 1_300n],
    [-11_300n, 1_300, -10_000n, -1_300n],
    [1n, 1_300, 1n, 0n],
    [100n, 0, 100n, 0n],
    [8_690n, 600, 8_198n, 492n],
  ])('%s fen at %s basis points are %s and %s', (amountFen, taxRateBasisPoints, netFen, taxFen) => {
    expect(taxOf({ amountFen: fen(amountFen), taxRateBasisPoints })).toEqual({ netFen, taxFen });
  });
});

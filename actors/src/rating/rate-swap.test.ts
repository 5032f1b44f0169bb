import { describe, expect, it } from 'vitest';
import { yuanText } from '../ledger/decimal-text.ts';
import { fen } from '../ledger/fen.ts';
import { holdForQuote } from '../ledger/fen-arithmetic.ts';
import type { Bill } from '../order/bill.ts';
import { packEnergyWh } from './pack-energy.ts';
import { rateSwap } from './rate-swap.ts';
import { openingRentRateOf, rentRateOf } from './rent-rate.ts';
import { UNKNOWN_USAGE } from './swap-usage.ts';
import { contract, issued, rate, returned, returnedWith, terms } from './worked-example.fixture.ts';

const lineTable = (bill: Bill) =>
  bill.lines.map(({ component, leg, period, quantity, unitPriceNanoYuan, amountFen, beneficiaryId }) => [
    component,
    leg,
    period,
    quantity,
    unitPriceNanoYuan,
    yuanText(amountFen),
    beneficiaryId,
  ]);
const shareTable = (bill: Bill) =>
  bill.shares.map(({ principalId, role, grossFen, commissionFen, netFen }) => [
    principalId,
    role,
    ...[grossFen, commissionFen, netFen].map(yuanText),
  ]);

describe('the worked example', () => {
  it('measures the content of both packs', () => {
    expect([returned.energyWh, issued.energyWh]).toEqual([46_699, 263_952]);
    expect(returnedWith(17.5).energyWh).toBe(45_402);
    expect(returnedWith(17.5).lots.map(({ energyWh }) => energyWh)).toEqual([19_445, 25_957]);
    expect([returned.rentNanoYuanPerKwh, issued.rentNanoYuanPerKwh]).toEqual([291_000_000n, 300_000_000n]);
  });

  it('is billed to the fen, line by line', () => {
    const bill = rateSwap(terms, { out: issued, in: returned }, UNKNOWN_USAGE);
    expect(lineTable(bill)).toEqual([
      ['ELECTRICITY', 'OUT', 'VALLEY', 130_000n, 350_000_000n, '45.50', 'SO1'],
      ['ELECTRICITY', 'OUT', 'FLAT', 80_000n, 650_000_000n, '52.00', 'SO1'],
      ['ELECTRICITY', 'OUT', 'PEAK', 40_000n, 950_000_000n, '38.00', 'SO1'],
      ['ELECTRICITY', 'OUT', 'SHARP', 13_952n, 1_100_000_000n, '15.35', 'SO1'],
      ['ELECTRICITY', 'IN', 'VALLEY', -20_000n, 350_000_000n, '-7.00', 'SO1'],
      ['ELECTRICITY', 'IN', 'FLAT', -26_699n, 650_000_000n, '-17.35', 'SO1'],
      ['SERVICE', 'NONE', null, 217_253n, 400_000_000n, '86.90', 'SO1'],
      ['BATTERY_RENT', 'OUT', null, 263_952n, 300_000_000n, '79.19', 'BO2'],
      ['BATTERY_RENT', 'IN', null, -46_699n, 291_000_000n, '-13.59', 'BO1'],
      ['SWAP_HANDLING', 'NONE', null, 1n, 10_000_000_000n, '10.00', 'SO1'],
    ]);
    expect(bill.lines.map(({ lineNo }) => lineNo)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    const electricity = bill.lines.filter(({ component }) => component === 'ELECTRICITY').reduce((sum, line) => sum + line.amountFen, 0n);
    expect(yuanText(electricity)).toBe('126.50');
    expect(yuanText(bill.payableFen)).toBe('289.00');
    expect([bill.energyOutWh, bill.energyInWh]).toEqual([263_952, 46_699]);
  });

  it('is cleared to the fen', () => {
    expect(shareTable(rateSwap(terms, { out: issued, in: returned }, UNKNOWN_USAGE))).toEqual([
      ['SO1', 'STATION_OPERATOR', '223.40', '-4.85', '218.55'],
      ['BO2', 'BATTERY_OWNER', '79.19', '-2.38', '76.81'],
      ['BO1', 'BATTERY_OWNER', '-13.59', '0.41', '-13.18'],
      ['PF', 'PLATFORM', '0.00', '6.82', '6.82'],
    ]);
  });

  it('is quoted 290.57 and holds 310.00', () => {
    const { payableFen } = rateSwap(terms, { out: issued, in: returnedWith(17.5) }, UNKNOWN_USAGE);
    expect(yuanText(payableFen)).toBe('290.57');
    expect(yuanText(holdForQuote({ quotedFen: payableFen, marginBasisPoints: 500, stepFen: fen(1_000n) }))).toBe('310.00');
  });

  it('prints how each line was computed', () => {
    const bill = rateSwap(terms, { out: issued, in: returned }, UNKNOWN_USAGE);
    const derivation = (lineNo: number) => bill.lines[lineNo - 1]?.derivation;
    expect(derivation(4)).toBe('13.952 kWh x 1.10 yuan/kWh = 15.3472, rounded 15.35 yuan; charged: BD1 GRID 13.952');
    expect(derivation(6)).toBe('-26.699 kWh x 0.65 yuan/kWh = -17.35435, rounded -17.35 yuan; charged: HJ1 GRID 26.699');
    expect(derivation(7)).toBe('263.952 out - 46.699 in; 217.253 kWh x 0.40 yuan/kWh = 86.9012, rounded 86.90 yuan; rate SR-BD1-1');
    expect(derivation(9)).toBe(
      '-46.699 kWh x 0.291 yuan/kWh = -13.589409, rounded -13.59 yuan; LFP282-0147: 18 % SOC x 92 % SOH x 282.000 kWh = 46.699 kWh; rate frozen when the pack was issued',
    );
    expect(derivation(10)).toBe('1 swap x 10.00 yuan; rate SR-BD1-1');
  });

  it('is split by the time of the swap when the contract says so', () => {
    const bill = rateSwap({ ...terms, contract: { ...contract, splitRule: 'SWAP_TIME' } }, { out: issued, in: returned }, UNKNOWN_USAGE);
    expect(lineTable(bill).slice(0, 2)).toEqual([
      ['ELECTRICITY', 'OUT', 'SHARP', 263_952n, 1_100_000_000n, '290.35', 'SO1'],
      ['ELECTRICITY', 'IN', 'SHARP', -46_699n, 1_100_000_000n, '-51.37', 'SO1'],
    ]);
    expect(bill.lines.length).toBe(6);
    expect(bill.lines[0]?.derivation).toContain('tariff HEBEI_SOUTH-2022-1364 at the time of the swap');
  });

  it('credits the pack returned when none is given for it', () => {
    const bill = rateSwap(terms, { out: null, in: returned }, UNKNOWN_USAGE);
    expect(lineTable(bill).map(([component, leg, , , , amount]) => [component, leg, amount])).toEqual([
      ['ELECTRICITY', 'IN', '-7.00'],
      ['ELECTRICITY', 'IN', '-17.35'],
      ['SERVICE', 'NONE', '-18.68'],
      ['BATTERY_RENT', 'IN', '-13.59'],
    ]);
    expect(shareTable(bill)).toEqual([
      ['SO1', 'STATION_OPERATOR', '-43.03', '0.93', '-42.10'],
      ['BO1', 'BATTERY_OWNER', '-13.59', '0.41', '-13.18'],
      ['PF', 'PLATFORM', '0.00', '-1.34', '-1.34'],
    ]);
    expect(yuanText(bill.payableFen)).toBe('-56.62');
  });
});

it('joins what one owner gets and gives back, and keeps the roles of a principal apart', () => {
  const bill = rateSwap({ ...terms, operatorId: 'BO2' }, { out: issued, in: { ...returned, ownerId: 'BO2' } }, UNKNOWN_USAGE);
  expect(shareTable(bill)).toEqual([
    ['BO2', 'STATION_OPERATOR', '223.40', '-4.85', '218.55'],
    ['BO2', 'BATTERY_OWNER', '65.60', '-1.97', '63.63'],
    ['PF', 'PLATFORM', '0.00', '6.82', '6.82'],
  ]);
});

it('treats lots that do not sum to the content of their pack as a bug', () => {
  expect(() => rateSwap(terms, { out: { ...issued, energyWh: 263_953 }, in: returned }, UNKNOWN_USAGE)).toThrow('do not sum');
});

describe('content of a pack', () => {
  it.each([
    [18, 92, 282_000, 46_699],
    [100, 100, 350_000, 350_000],
    [0, 100, 350_000, 0],
    [50, 99.9995, 100_000, 50_000],
    [0.0005, 100, 100_000, 1],
    [0.0004, 100, 100_000, 0],
    [33.3, 97.1, 282_000, 91_183],
  ])('SOC %s, SOH %s, %s Wh: %s Wh', (socPercent, sohPercent, nominalWh, energyWh) => {
    expect(packEnergyWh({ socPercent, sohPercent, nominalWh })).toBe(energyWh);
  });

  it.each([Number.NaN, -0.1, 100.1, Number.POSITIVE_INFINITY])('refuses SOC %s', (percent) => {
    expect(() => packEnergyWh({ socPercent: percent, sohPercent: 90, nominalWh: 1 })).toThrow('SOC');
  });
});

describe('rent rate', () => {
  it.each([
    [100, 300_000_000n],
    [95, 300_000_000n],
    [94.999, 291_000_000n],
    [90, 291_000_000n],
    [85, 279_000_000n],
    [80, 264_000_000n],
    [79.999, null],
  ])('at SOH %s is %s', (sohPercent, price) => expect(rentRateOf(rate('BO1'), sohPercent)).toBe(price));

  it('of a pack too old for issue is the lowest, when it was on a truck already', () => {
    expect(openingRentRateOf(rate('BO1'), 70)).toBe(264_000_000n);
    expect(openingRentRateOf(rate('BO1'), 97)).toBe(300_000_000n);
  });
});

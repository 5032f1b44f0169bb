import { TARIFF_PERIODS } from '@corridor/protocols/tariff-period';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PvPricing } from '../tariff/pv-price.ts';
import type { PricedPeriod } from '../tariff/time-of-use.ts';
import { addLot, addLots, chargedLots, drawFromLots, lotsEnergyWh, scaleLots, splitByTime } from './energy-lot.rules.ts';
import type { EnergyLot } from './energy-lot.ts';

const lotArbitrary = fc.record({
  energyWh: fc.integer({ min: 0, max: 300_000 }),
  period: fc.constantFrom(...TARIFF_PERIODS),
  priceNanoYuanPerKwh: fc.constantFrom(350_000_000n, 650_000_000n, 950_000_000n),
  stationId: fc.constantFrom('HH1', 'BD1', 'YP1'),
  source: fc.constantFrom('GRID', 'PV' as const),
});
const NO_PV_PRICE: PvPricing = { cutsMs: [], priceAt: () => null };
const ownPrice: PvPricing = { cutsMs: [], priceAt: () => ({ rateId: 'SR', nanoYuanPerKwh: 250_000_000n }) };
const lots = fc.array(lotArbitrary, { maxLength: 30 });
const origin = { period: 'FLAT', priceNanoYuanPerKwh: 650_000_000n, stationId: 'HH1', source: 'OPENING' } as const;
const priceOf = (all: readonly EnergyLot[]) =>
  all.reduce((sum, { energyWh, priceNanoYuanPerKwh }) => sum + BigInt(energyWh) * priceNanoYuanPerKwh, 0n);
const originOf = (lot: EnergyLot) => [lot.period, lot.priceNanoYuanPerKwh, lot.stationId, lot.source].join();

describe('lots', () => {
  it('joined keep their energy and what it cost, one of each origin', () => {
    fc.assert(
      fc.property(lots, (added) => {
        const joined = addLots([], added);
        expect(lotsEnergyWh(joined)).toBe(lotsEnergyWh(added));
        expect(priceOf(joined)).toBe(priceOf(added));
        expect(new Set(joined.map(originOf)).size).toBe(joined.length);
        expect(joined.every(({ energyWh }) => energyWh > 0)).toBe(true);
      }),
    );
  });

  it('scaled sum to the energy, each within 1 Wh of its share', () => {
    fc.assert(
      fc.property(lots, fc.integer({ min: 0, max: 500_000 }), (all, energyWh) => {
        const before = addLots([], all);
        const after = scaleLots(before, energyWh, origin);
        expect(lotsEnergyWh(after)).toBe(energyWh);
        const whole = lotsEnergyWh(before);
        if (whole === 0) expect(after).toEqual(energyWh === 0 ? [] : [{ ...origin, energyWh }]);
        else {
          for (const lot of before) {
            const found = after.find((one) => originOf(one) === originOf(lot))?.energyWh ?? 0;
            expect(Math.abs(found - (lot.energyWh * energyWh) / whole)).toBeLessThan(1);
          }
        }
      }),
    );
  });

  it('drawn and left are what was there', () => {
    fc.assert(
      fc.property(lots, fc.double({ min: 0, max: 1, noNaN: true }), (all, ratio) => {
        const before = addLots([], all);
        const energyWh = Math.floor(lotsEnergyWh(before) * ratio);
        const { left, drawn } = drawFromLots(before, energyWh);
        expect(lotsEnergyWh(drawn)).toBe(energyWh);
        expect(lotsEnergyWh(left)).toBe(lotsEnergyWh(before) - energyWh);
        expect(priceOf(left) + priceOf(drawn)).toBe(priceOf(before));
        expect([...left, ...drawn].every((lot) => lot.energyWh > 0)).toBe(true);
      }),
    );
  });

  it('refuse energy that is no whole number, and a draw above what is there', () => {
    expect(() => addLot([], { ...origin, energyWh: 0.5 })).toThrow('lot of 0.5 Wh');
    expect(() => addLot([], { ...origin, energyWh: -1 })).toThrow('lot of -1 Wh');
    expect(() => scaleLots([], Number.NaN, origin)).toThrow('NaN');
    expect(() => drawFromLots([{ ...origin, energyWh: 5 }], 6)).toThrow('draw 6 Wh of 5');
  });
});

describe('a register difference', () => {
  it('is split over boundaries by time, to the Wh', () => {
    const reading = fc.record({
      energyWh: fc.integer({ min: 0, max: 400_000 }),
      fromMs: fc.integer({ min: 0, max: 1_000 }),
      steps: fc.array(fc.integer({ min: 1, max: 7_200_000 }), { minLength: 1, maxLength: 8 }),
    });
    fc.assert(
      fc.property(reading, ({ energyWh, fromMs, steps }) => {
        let edge = fromMs;
        const edges = steps.map((step) => (edge += step));
        const toMs = edges.at(-1) ?? fromMs;
        const { parts, estimated } = splitByTime({ energyWh, fromMs, toMs, cutsMs: edges.slice(0, -1) });
        expect(estimated).toBe(steps.length > 1);
        expect(parts.reduce((sum, part) => sum + part.energyWh, 0)).toBe(energyWh);
        expect(parts.map((part) => part.toMs)).toEqual(edges);
        for (const part of parts) {
          expect(Math.abs(part.energyWh - (energyWh * (part.toMs - part.fromMs)) / (toMs - fromMs))).toBeLessThan(1);
        }
      }),
    );
  });

  it('becomes lots of grid and PV at the price of each period', () => {
    const flat: PricedPeriod = { period: 'FLAT', priceNanoYuanPerKwh: 650_000_000n, tariffId: 'T' };
    const peak: PricedPeriod = { period: 'PEAK', priceNanoYuanPerKwh: 950_000_000n, tariffId: 'T' };
    const charge = { stationId: 'HH1', gridWh: 3_001, pvWh: 100, fromMs: 0, toMs: 3_000, cutsMs: [1_000], pv: NO_PV_PRICE };
    const priceAt = (atMs: number) => (atMs < 1_000 ? flat : peak);
    expect(chargedLots({ ...charge, priceAt })).toEqual({
      estimated: true,
      lots: [
        { energyWh: 1_000, period: 'FLAT', priceNanoYuanPerKwh: 650_000_000n, stationId: 'HH1', source: 'GRID' },
        { energyWh: 2_001, period: 'PEAK', priceNanoYuanPerKwh: 950_000_000n, stationId: 'HH1', source: 'GRID' },
        { energyWh: 33, period: 'FLAT', priceNanoYuanPerKwh: 650_000_000n, stationId: 'HH1', source: 'PV' },
        { energyWh: 67, period: 'PEAK', priceNanoYuanPerKwh: 950_000_000n, stationId: 'HH1', source: 'PV' },
      ],
    });
    expect(chargedLots({ ...charge, gridWh: 0, pv: ownPrice, priceAt })?.lots).toEqual([
      { energyWh: 33, period: 'FLAT', priceNanoYuanPerKwh: 250_000_000n, stationId: 'HH1', source: 'PV', pvRateId: 'SR' },
      { energyWh: 67, period: 'PEAK', priceNanoYuanPerKwh: 250_000_000n, stationId: 'HH1', source: 'PV', pvRateId: 'SR' },
    ]);
    // From the middle of the peak the station asks another price for its PV, of the grid's energy nothing is cut by that.
    const later = { cutsMs: [2_000], priceAt: (atMs: number) => ({ rateId: atMs < 2_000 ? 'SR' : 'SR-2', nanoYuanPerKwh: 250_000_000n }) };
    const cut = chargedLots({ ...charge, gridWh: 1, pv: later, priceAt })?.lots ?? [];
    expect(cut.map(({ energyWh, period, pvRateId }) => [energyWh, period, pvRateId])).toEqual([
      [1, 'PEAK', undefined],
      [34, 'FLAT', 'SR'],
      [33, 'PEAK', 'SR'],
      [33, 'PEAK', 'SR-2'],
    ]);
    expect(chargedLots({ ...charge, gridWh: 0, pvWh: 0, priceAt })).toEqual({ estimated: false, lots: [] });
    expect(chargedLots({ ...charge, priceAt: (atMs) => (atMs < 1_000 ? flat : null) })).toBeNull();
  });
});

/** A day and a half of charging and driving at a tariff whose price changes every hour but some, reported at random times. */
it('are cut at every boundary, whatever is reported when, and lose nothing', () => {
  const HOUR = 3_600_000;
  const step = fc.record({
    minutes: fc.integer({ min: 1, max: 300 }),
    gridWh: fc.integer({ min: 0, max: 60_000 }),
    pvWh: fc.integer({ min: 0, max: 20_000 }),
    drivenRatio: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  const priceAt = (atMs: number): PricedPeriod => {
    const isPeak = Math.floor(atMs / HOUR) % 3 === 0;
    return isPeak
      ? { period: 'PEAK', priceNanoYuanPerKwh: 950_000_000n, tariffId: 'T' }
      : { period: 'FLAT', priceNanoYuanPerKwh: 650_000_000n, tariffId: 'T' };
  };
  const cutsOf = (fromMs: number, toMs: number) => {
    const cuts: number[] = [];
    for (let at = (Math.floor(fromMs / HOUR) + 1) * HOUR; at < toMs; at += HOUR) {
      if (priceAt(at).period !== priceAt(at - 1).period) cuts.push(at);
    }
    return cuts;
  };
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      let content: readonly EnergyLot[] = [];
      let [fromMs, charged, driven, costNano, usedNano] = [0, 0, 0, 0n, 0n];
      for (const { minutes, gridWh, pvWh, drivenRatio } of steps) {
        const toMs = fromMs + minutes * 60_000;
        const cutsMs = cutsOf(fromMs, toMs);
        const added = chargedLots({ stationId: 'HH1', gridWh, pvWh, fromMs, toMs, cutsMs, priceAt, pv: ownPrice });
        expect(lotsEnergyWh(added?.lots ?? [])).toBe(gridWh + pvWh);
        expect(lotsEnergyWh(added?.lots.filter(({ source }) => source === 'PV') ?? [])).toBe(pvWh);
        // Between two cuts there is one price, so a report without a cut makes one grid lot.
        const gridLots = added?.lots.filter(({ source }) => source === 'GRID') ?? [];
        if (cutsMs.length === 0) expect(gridLots.map(({ period }) => period)).toEqual(gridWh === 0 ? [] : [priceAt(fromMs).period]);
        charged += gridWh + pvWh;
        costNano += priceOf(added?.lots ?? []);
        const { left, drawn } = drawFromLots(addLots(content, added?.lots ?? []), Math.floor(lotsEnergyWh(content) * drivenRatio));
        driven += lotsEnergyWh(drawn);
        usedNano += priceOf(drawn);
        content = left;
        fromMs = toMs;
      }
      expect(lotsEnergyWh(content)).toBe(charged - driven);
      expect(priceOf(content)).toBe(costNano - usedNano);
    }),
  );
});

/// <reference lib="esnext.temporal" />
import { readFileSync } from 'node:fs';
import type { PeriodHours, TariffHoliday } from '@corridor/protocols/agreement/tariff-price';
import { assert } from '@corridor/protocols/assert';
import type { NetworkFile, TimeOfUseTariff } from '@corridor/protocols/network-file';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReferenceStore } from '../network/reference-store.ts';
import { floatingPrice } from './floating-price.ts';
import { localDateOf, localHourOf, TARIFF_ZONE } from './local-time.ts';
import { tariffFindings } from './tariff-validation.ts';
import { boundaryMinutesOf, pricedPeriodAt, type TariffLookup, tariffCutsMs } from './time-of-use.ts';

const network = JSON.parse(readFileSync(new URL('../../../data/corridor/network.json', import.meta.url), 'utf8')) as NetworkFile;
const reference = ReferenceStore.of(network, () => null);
const tariffOf: TariffLookup = (stationId, onDate) => reference.tariffOf(stationId, onDate);
/** A station in each grid. */
const STATION: Record<string, string> = { HEBEI_SOUTH: 'BD1', SHANXI: 'YP1' };
const at = (local: string) => Date.parse(`${local}+08:00`);
const periodAt = (gridRegion: string, local: string) => pricedPeriodAt(tariffOf, STATION[gridRegion] ?? gridRegion, at(local))?.period;
const versionAt = (gridRegion: string, local: string) => pricedPeriodAt(tariffOf, STATION[gridRegion] ?? gridRegion, at(local))?.tariffId;

describe('local time', () => {
  it.each([
    ['2026-11-22T23:59:59.999', { date: '2026-11-22', month: 11, hour: 23 }],
    ['2026-11-23T00:00:00.000', { date: '2026-11-23', month: 11, hour: 0 }],
    ['2026-02-28T23:59:59.999', { date: '2026-02-28', month: 2, hour: 23 }],
    ['2024-02-29T12:00:00.000', { date: '2024-02-29', month: 2, hour: 12 }],
    ['2025-12-31T23:59:59.999', { date: '2025-12-31', month: 12, hour: 23 }],
    ['2026-01-01T00:00:00.000', { date: '2026-01-01', month: 1, hour: 0 }],
  ])('of %s', (local, hour) => expect(localHourOf(at(local))).toEqual(hour));

  it('is that of the zone at any instant', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_102_444_800_000 }), (atMs) => {
        const zoned = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(TARIFF_ZONE);
        expect(localHourOf(atMs)).toEqual({ date: zoned.toPlainDate().toString(), month: zoned.month, hour: zoned.hour });
      }),
    );
  });

  it('refuses what is no instant', () => expect(() => localDateOf(Number.NaN)).toThrow(RangeError));
});

describe('period at an instant', () => {
  it.each([
    ['HEBEI_SOUTH', '2025-07-15T20:12:00', 'SHARP'],
    ['HEBEI_SOUTH', '2025-07-15T18:59:59.999', 'PEAK'],
    ['HEBEI_SOUTH', '2025-07-15T19:00:00', 'SHARP'],
    ['HEBEI_SOUTH', '2025-07-15T22:00:00', 'PEAK'],
    ['HEBEI_SOUTH', '2025-07-15T23:59:59.999', 'PEAK'],
    ['HEBEI_SOUTH', '2025-07-16T00:00:00', 'FLAT'],
    ['HEBEI_SOUTH', '2026-05-31T23:59:59.999', 'PEAK'],
    ['HEBEI_SOUTH', '2026-06-01T01:00:00', 'VALLEY'],
    ['HEBEI_SOUTH', '2026-06-01T00:59:59.999', 'FLAT'],
    ['HEBEI_SOUTH', '2026-03-10T13:00:00', 'DEEP_VALLEY'],
    ['SHANXI', '2026-01-10T18:30:00', 'SHARP'],
    ['SHANXI', '2026-10-01T12:59:59.999', 'VALLEY'],
    ['SHANXI', '2026-10-01T13:00:00', 'DEEP_VALLEY'],
    ['SHANXI', '2026-10-01T14:59:59.999', 'DEEP_VALLEY'],
    ['SHANXI', '2026-10-07T15:00:00', 'FLAT'],
    ['SHANXI', '2026-10-08T13:00:00', 'VALLEY'],
    ['SHANXI', '2026-09-30T23:59:59.999', 'PEAK'],
    ['SHANXI', '2026-02-10T18:30:00', 'PEAK'],
    ['SHANXI', '2026-11-22T16:59:59.999', 'FLAT'],
    ['SHANXI', '2026-11-22T17:00:00', 'PEAK'],
  ])('%s %s is %s', (region, local, period) => expect(periodAt(region, local)).toBe(period));

  it('changes version at the local midnight of its date', () => {
    expect(versionAt('HEBEI_SOUTH', '2025-12-31T23:59:59.999')).toBe('HEBEI_SOUTH-2022-1364');
    expect(versionAt('HEBEI_SOUTH', '2026-01-01T00:00:00')).toBe('HEBEI_SOUTH-2025-1115');
    expect(versionAt('SHANXI', '2026-04-30T23:59:59.999')).toBe('SHANXI-2021-479');
    expect(versionAt('SHANXI', '2026-05-01T00:00:00')).toBe('SHANXI-2026-15');
  });

  it('is none before the first version and in an unknown region', () => {
    expect(periodAt('HEBEI_SOUTH', '2022-11-30T23:59:59.999')).toBeUndefined();
    expect(periodAt('NOWHERE', '2026-11-22T12:00:00')).toBeUndefined();
  });
});

describe('cuts', () => {
  it('lie strictly inside the interval, where the price changes', () => {
    const cuts = (from: string, to: string) =>
      tariffCutsMs(tariffOf, 'BD1', at(from), at(to)).map((cut) => new Date(cut + 8 * 3_600_000).toISOString().slice(0, 16));
    expect(cuts('2025-07-15T18:30', '2025-07-15T22:00')).toEqual(['2025-07-15T19:00']);
    expect(cuts('2025-07-15T19:00', '2025-07-15T22:00')).toEqual([]);
    expect(cuts('2025-07-15T19:00', '2025-07-16T01:00:00.001')).toEqual(['2025-07-15T22:00', '2025-07-16T00:00', '2025-07-16T01:00']);
    expect(cuts('2025-12-31T23:30', '2026-01-01T02:00:00.001')).toEqual(['2026-01-01T00:00', '2026-01-01T02:00']);
    expect(cuts('2025-07-15T18:30', '2025-07-15T18:30')).toEqual([]);
  });

  it('leave parts of one price', () => {
    const start = at('2025-11-01T00:00:00');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400 * 86_400_000 }), fc.integer({ min: 1, max: 40 * 3_600_000 }), (offset, duration) => {
        const [fromMs, toMs] = [start + offset, start + offset + duration];
        const edges = [fromMs, ...tariffCutsMs(tariffOf, 'YP1', fromMs, toMs), toMs];
        edges.slice(0, -1).forEach((edge, index) => {
          const end = edges[index + 1] ?? toMs;
          expect(edge).toBeLessThan(end);
          const price = pricedPeriodAt(tariffOf, 'YP1', edge)?.priceNanoYuanPerKwh;
          for (const part of [0.3, 0.7, 0.999]) {
            expect(pricedPeriodAt(tariffOf, 'YP1', edge + Math.floor((end - edge) * part))?.priceNanoYuanPerKwh).toBe(price);
          }
        });
      }),
    );
  });

  it('are told to gateways as minutes of the day', () => {
    const minutesAt = (stationId: string, onDate: string) => {
      const tariff = tariffOf(stationId, onDate);
      return tariff && boundaryMinutesOf(tariff).map((minute) => minute / 60);
    };
    expect(minutesAt('BD1', '2025-07-15')).toEqual([0, 1, 6, 7, 12, 14, 15, 16, 17, 19, 22]);
    // 13 o'clock is a boundary of the holidays alone.
    expect(minutesAt('YP1', '2026-11-22')).toEqual([0, 2, 5, 6, 8, 9, 10, 11, 13, 15, 16, 17, 18, 20, 21, 23]);
  });
});

describe('validation', () => {
  const valid: TimeOfUseTariff = {
    id: 'T-1',
    gridRegion: 'SHANXI',
    effectiveFrom: '2026-01-01',
    seasons: [
      {
        months: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
        hours: [
          { period: 'VALLEY', ranges: [[0, 8]] },
          { period: 'FLAT', ranges: [[8, 24]] },
        ],
      },
    ],
    prices: [
      { period: 'VALLEY', priceNanoYuanPerKwh: '350000000' },
      { period: 'FLAT', priceNanoYuanPerKwh: '650000000' },
    ],
    source: 'test',
    unconfirmed: false,
  };
  const season = (months: number[], valley: [number, number], flat: [number, number]): TimeOfUseTariff['seasons'][number] => ({
    months,
    hours: [
      { period: 'VALLEY', ranges: [valley] },
      { period: 'FLAT', ranges: [flat] },
    ],
  });
  const holiday = (hours: PeriodHours[], over: Partial<TariffHoliday> = {}): TariffHoliday[] => [
    { name: 'Spring', dates: ['2026-02-16'], isWholeDay: false, hours, ...over },
  ];
  const year = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];

  it('finds every tariff of the default corridor valid', () => {
    expect(network.tariffs.length).toBeGreaterThan(0);
    for (const tariff of network.tariffs) expect([tariff.id, tariffFindings(tariff)]).toEqual([tariff.id, []]);
  });

  it.each<[string, Partial<TimeOfUseTariff>, object[]]>([
    ['a gap', { seasons: [season(year, [0, 8], [8, 24]), season([12], [0, 8], [9, 24])] }, [{ kind: 'GAP', month: 12, hour: 8 }]],
    [
      'an overlap',
      { seasons: [season(year, [0, 8], [8, 24]), season([12], [0, 9], [8, 24])] },
      [{ kind: 'OVERLAP', month: 12, hour: 8, periods: ['VALLEY', 'FLAT'] }],
    ],
    ['a price that is missing', { prices: valid.prices.slice(0, 1) }, [{ kind: 'PRICE_MISSING', period: 'FLAT' }]],
    ['two prices', { prices: [...valid.prices, ...valid.prices.slice(0, 1)] }, [{ kind: 'PRICE_TWICE', period: 'VALLEY' }]],
    [
      'an hour of a holiday that is missing',
      { holidays: holiday([{ period: 'FLAT', ranges: [[1, 24]] }], { isWholeDay: true }) },
      [{ kind: 'GAP', holiday: 'Spring', hour: 0, text: 'holiday Spring, hour 0: no period' }],
    ],
    [
      'an hour of a holiday that is there twice',
      {
        holidays: holiday([
          { period: 'FLAT', ranges: [[12, 14]] },
          { period: 'VALLEY', ranges: [[13, 15]] },
        ]),
      },
      [{ kind: 'OVERLAP', holiday: 'Spring', hour: 13, periods: ['FLAT', 'VALLEY'] }],
    ],
    [
      'a date of two holidays',
      { holidays: holiday([{ period: 'FLAT', ranges: [[12, 14]] }], { dates: ['2026-02-16', '2026-02-16'] }) },
      [{ kind: 'HOLIDAY_TWICE', date: '2026-02-16' }],
    ],
    ['a period of a holiday without a price', { holidays: holiday([{ period: 'PEAK', ranges: [[12, 14]] }]) }, [{ kind: 'PRICE_MISSING' }]],
    [
      'a factor without a formula',
      { prices: [...valid.prices.slice(0, 1), { period: 'FLAT', factorBasisPoints: 10_000 }] },
      [{ kind: 'FORMULA_MISSING', period: 'FLAT' }],
    ],
    ['a date that is none', { effectiveFrom: '2026-02-30' }, [{ kind: 'DATE_INVALID' }]],
  ])('names %s', (_, over, found) => expect(tariffFindings({ ...valid, ...over })).toMatchObject(found));

  it('names a month that is missing and one that is there twice, hour by hour', () => {
    const missing = tariffFindings({ ...valid, seasons: [season(year, [0, 8], [8, 24])] });
    expect(missing.length).toBe(24);
    expect(missing[0]).toMatchObject({ kind: 'GAP', month: 12, hour: 0, text: 'month 12, hour 0: no period' });
    const twice = tariffFindings({ ...valid, seasons: [season([...year, 12, 12], [0, 8], [8, 24])] });
    expect(twice.map(({ kind }) => kind)).toEqual(Array(24).fill('OVERLAP'));
  });

  it('names a range without hours', () => {
    expect(tariffFindings({ ...valid, seasons: [season([...year, 12], [8, 8], [0, 24])] })).toMatchObject([
      { kind: 'EMPTY_RANGE', period: 'VALLEY' },
    ]);
  });

  it('makes pricing by an invalid tariff a bug', () => {
    expect(() => pricedPeriodAt(() => ({ ...valid, prices: [] }), 'SHANXI', 0)).toThrow('VALLEY has no price');
  });
});

it('floats a published price table exactly', () => {
  const price = (factorBasisPoints: number) =>
    floatingPrice({ fixedNanoYuanPerKwh: '194349750', baseNanoYuanPerKwh: '398598000' }, factorBasisPoints);
  expect([20_400, 17_000, 10_000, 3_000, 2_400].map(price)).toEqual([
    1_007_489_670n,
    871_966_350n,
    592_947_750n,
    313_929_150n,
    290_013_270n,
  ]);
});

it('divides a price at the meter by the efficiency into the pack, rounded once', () => {
  const formula = { fixedNanoYuanPerKwh: '170000000', baseNanoYuanPerKwh: '420000000', efficiencyBasisPoints: 9_300 };
  expect(floatingPrice(formula, 19_200)).toBe(1_049_892_473n);
  expect(pricedPeriodAt(tariffOf, 'YP1', at('2026-11-22T17:00:00'))?.priceNanoYuanPerKwh).toBe(905_376_344n);
  expect(() => floatingPrice(formula, -1)).toThrow('factor');
});

describe('scope', () => {
  const [regional] = network.tariffs.filter(({ id }) => id === 'HEBEI_SOUTH-2025-1115');
  assert(regional !== undefined, 'the tariff of the region');
  const own = { ...regional, id: 'OWN', stationId: 'BD1', effectiveFrom: '2026-03-01' };
  const store = ReferenceStore.of({ ...network, tariffs: [...network.tariffs, own] }, () => null);

  it('of a station wins over its region from its date, at that station alone', () => {
    expect(store.tariffOf('BD1', '2026-02-28')?.id).toBe('HEBEI_SOUTH-2025-1115');
    expect(store.tariffOf('BD1', '2026-03-01')?.id).toBe('OWN');
    expect(store.tariffOf('BD2', '2026-03-01')?.id).toBe('HEBEI_SOUTH-2025-1115');
  });

  it('of a single pack wins over its owner, until it is sold', () => {
    const [ofOwner] = network.batteryRates;
    assert(ofOwner !== undefined, 'a battery rate');
    const ofPack = { ...ofOwner, id: 'OF-PACK', packId: 'P1', effectiveFrom: '2026-03-01' };
    const rates = ReferenceStore.of({ ...network, batteryRates: [ofPack, ...network.batteryRates] }, () => null);
    const { ownerId } = ofOwner;
    expect(rates.batteryRate({ packId: 'P1', ownerId }, '2026-02-28')?.id).toBe(ofOwner.id);
    expect(rates.batteryRate({ packId: 'P1', ownerId }, '2026-03-01')?.id).toBe('OF-PACK');
    expect(rates.batteryRate({ packId: 'P2', ownerId }, '2026-03-01')?.id).toBe(ofOwner.id);
    expect(rates.batteryRate({ packId: 'P1', ownerId: 'BO3' }, '2026-03-01')?.id).toBe('BR-BO3-1');
  });
});

import type { TimeOfUseTariff } from '@corridor/protocols/network-file';
import type { TariffPeriodKind } from '@corridor/protocols/tariff-period';

/**
 * Time-of-use tariffs of the two grids, half-open local hours. Hours and ratios are second hand from the price notices
 * named in `source`; prices of the energy in the pack are assumptions (docs/domain/tariffs.md).
 */
const PRICES = [
  { period: 'SHARP', priceNanoYuanPerKwh: '1100000000' },
  { period: 'PEAK', priceNanoYuanPerKwh: '950000000' },
  { period: 'FLAT', priceNanoYuanPerKwh: '650000000' },
  { period: 'VALLEY', priceNanoYuanPerKwh: '350000000' },
  { period: 'DEEP_VALLEY', priceNanoYuanPerKwh: '320000000' },
] satisfies TimeOfUseTariff['prices'];

type Ranges = [number, number][];
type Season = TimeOfUseTariff['seasons'][number];
const season = (months: number[], hours: Partial<Record<TariffPeriodKind, Ranges>>): Season => ({
  months,
  hours: Object.entries(hours).map(([period, ranges]) => ({ period: period as TariffPeriodKind, ranges })),
});

export const timeOfUseTariffs: TimeOfUseTariff[] = [
  {
    id: 'HEBEI_SOUTH-2022-1364',
    gridRegion: 'HEBEI_SOUTH',
    effectiveFrom: '2022-12-01',
    seasons: [
      season([12, 1, 2], {
        VALLEY: [
          [1, 6],
          [12, 15],
        ],
        FLAT: [
          [0, 1],
          [6, 12],
          [15, 16],
        ],
        PEAK: [
          [16, 17],
          [19, 24],
        ],
        SHARP: [[17, 19]],
      }),
      season([3, 4, 5, 9, 10, 11], {
        VALLEY: [
          [1, 6],
          [12, 15],
        ],
        FLAT: [
          [0, 1],
          [6, 12],
          [15, 16],
        ],
        PEAK: [[16, 24]],
      }),
      season([6, 7, 8], {
        VALLEY: [
          [1, 7],
          [12, 14],
        ],
        FLAT: [
          [0, 1],
          [7, 12],
          [14, 16],
        ],
        PEAK: [
          [16, 19],
          [22, 24],
        ],
        SHARP: [[19, 22]],
      }),
    ],
    prices: PRICES,
    source: '冀发改能价〔2022〕1364; summer hours as in 〔2025〕1115',
    unconfirmed: true,
  },
  {
    id: 'HEBEI_SOUTH-2025-1115',
    gridRegion: 'HEBEI_SOUTH',
    effectiveFrom: '2026-01-01',
    seasons: [
      season([3, 4, 5], {
        VALLEY: [
          [3, 7],
          [11, 12],
        ],
        DEEP_VALLEY: [[12, 15]],
        FLAT: [
          [0, 3],
          [7, 11],
          [15, 16],
        ],
        PEAK: [[16, 24]],
      }),
      season([6, 7, 8], {
        VALLEY: [
          [1, 7],
          [12, 14],
        ],
        FLAT: [
          [0, 1],
          [7, 12],
          [14, 16],
        ],
        PEAK: [
          [16, 19],
          [22, 24],
        ],
        SHARP: [[19, 22]],
      }),
      season([9, 10, 11], {
        VALLEY: [
          [2, 6],
          [11, 12],
          [14, 15],
        ],
        DEEP_VALLEY: [[12, 14]],
        FLAT: [
          [0, 2],
          [6, 11],
          [15, 16],
        ],
        PEAK: [[16, 24]],
      }),
      season([12, 1, 2], {
        VALLEY: [
          [2, 6],
          [11, 15],
        ],
        FLAT: [
          [0, 2],
          [6, 7],
          [9, 11],
          [15, 17],
          [23, 24],
        ],
        PEAK: [
          [7, 9],
          [19, 23],
        ],
        SHARP: [[17, 19]],
      }),
    ],
    prices: PRICES,
    source: '冀发改能价〔2025〕1115; effective date assumed',
    unconfirmed: true,
  },
  {
    id: 'SHANXI-2021-479',
    gridRegion: 'SHANXI',
    effectiveFrom: '2022-01-01',
    seasons: [
      season([2, 3, 4, 5, 6, 9, 10, 11], {
        VALLEY: [
          [0, 7],
          [11, 13],
        ],
        FLAT: [
          [7, 8],
          [13, 17],
          [23, 24],
        ],
        PEAK: [
          [8, 11],
          [17, 23],
        ],
      }),
      season([1, 7, 8, 12], {
        VALLEY: [
          [0, 7],
          [11, 13],
        ],
        FLAT: [
          [7, 8],
          [13, 17],
          [23, 24],
        ],
        PEAK: [
          [8, 11],
          [17, 18],
          [20, 23],
        ],
        SHARP: [[18, 20]],
      }),
    ],
    prices: PRICES,
    source: '晋发改商品发〔2021〕479',
    unconfirmed: true,
  },
  {
    id: 'SHANXI-2026-15',
    gridRegion: 'SHANXI',
    effectiveFrom: '2026-05-01',
    seasons: [
      season([3, 4, 5], {
        VALLEY: [
          [2, 5],
          [9, 15],
        ],
        FLAT: [
          [0, 2],
          [5, 6],
          [8, 9],
          [15, 17],
        ],
        PEAK: [
          [6, 8],
          [17, 24],
        ],
      }),
      season([6, 7, 8], {
        VALLEY: [
          [2, 5],
          [10, 15],
        ],
        FLAT: [
          [0, 2],
          [5, 6],
          [8, 10],
          [15, 18],
        ],
        PEAK: [
          [6, 8],
          [21, 24],
        ],
        SHARP: [[18, 21]],
      }),
      season([9, 10, 11], {
        VALLEY: [
          [2, 5],
          [11, 15],
        ],
        FLAT: [
          [0, 2],
          [5, 6],
          [8, 11],
          [15, 17],
        ],
        PEAK: [
          [6, 8],
          [17, 24],
        ],
      }),
      season([12, 1, 2], {
        VALLEY: [
          [2, 5],
          [10, 15],
        ],
        FLAT: [
          [0, 2],
          [5, 6],
          [8, 10],
          [15, 16],
          [23, 24],
        ],
        PEAK: [
          [6, 8],
          [16, 17],
          [20, 23],
        ],
        SHARP: [[17, 20]],
      }),
    ],
    prices: PRICES,
    source: '晋发改商品发〔2026〕15; deep valley of the holidays is not loaded',
    unconfirmed: true,
  },
];

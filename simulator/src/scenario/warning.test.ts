import { expect, it } from 'vitest';
import { type Warning, type WarningReason, warningWords } from './warning.ts';

/** One of each code: a new one does not compile until it stands here. */
const ONE_OF_EACH: { [Code in WarningReason['code']]: Extract<WarningReason, { code: Code }> } = {
  NOBODY_PLANS_TO_SWAP: { code: 'NOBODY_PLANS_TO_SWAP' },
  RESERVE_USED: { code: 'RESERVE_USED', stationIds: ['RC1', 'DX1'] },
  AGED_PACKS_TOO_WEAK: { code: 'AGED_PACKS_TOO_WEAK', towardsId: 'FP1', peakWh: 235_400, contentWh: 214_300 },
  TRUCKS_TOO_FEW: { code: 'TRUCKS_TOO_FEW', askedPerHour: 2.5, possiblePerHour: 1.25 },
  STATION_OVERLOADED: { code: 'STATION_OVERLOADED', part: 'CONNECTION', trucksPerHour: 13, load: 1.08 },
  CHARGE_TIME_TOO_SHORT: { code: 'CHARGE_TIME_TOO_SHORT', neededW: 262_500, limitedBy: 'CHARGER', limitW: 240_000 },
  REPAIRS_OUTLAST_WORK: { code: 'REPAIRS_OUTLAST_WORK', downRatio: 0.75 },
  ONLY_FULL_MODEL_BILLS: { code: 'ONLY_FULL_MODEL_BILLS' },
  STAFF_NOT_CALLED: { code: 'STAFF_NOT_CALLED' },
  LIMIT_SIGNAL_NOT_FOLLOWED: { code: 'LIMIT_SIGNAL_NOT_FOLLOWED', charging: 'fastest' },
  REGION_WITHOUT_PRICES: { code: 'REGION_WITHOUT_PRICES' },
  TARIFF_OF_NO_STATION: { code: 'TARIFF_OF_NO_STATION', gridRegion: 'SHANXI' },
  PRICES_NOT_ASKED: { code: 'PRICES_NOT_ASKED', chooseStation: 'nearest' },
  EVENTS_EXCEEDED: {
    code: 'EVENTS_EXCEEDED',
    seed: 3,
    byDay: 1.5,
    causes: [
      { cause: 'FAULTS', ratio: 0.925 },
      { cause: 'TRUCKS', ratio: 0.05 },
      { cause: 'CHARGES', ratio: 0.02 },
      { cause: 'POWER', ratio: 0.005 },
    ],
  },
  NETWORKS_UNRELATED: { code: 'NETWORKS_UNRELATED', part: 'stations', ofFirst: 'HH1, HJ1' },
  LOADS_WAIT_AT_END: { code: 'LOADS_WAIT_AT_END', loads: 88.25, ratio: 0.025, growthPerDay: 14.36 },
  WAITING_AT_END: { code: 'WAITING_AT_END', trucks: 12.345, ratio: 0.31 },
};

it.each(Object.values(ONE_OF_EACH))('tells $code in both languages, with the same figures', (reason) => {
  const warning: Warning = { path: '/stations/0', value: '"S1"', ...reason };
  const { en, zh } = warningWords(warning);
  expect(en).toMatch(/^\/stations\/0: "S1"; [\x20-\x7e]+$/);
  expect(zh).toMatch(/^\/stations\/0："S1"；.*[\u4e00-\u9fff]/);
  expect(zh).not.toContain('undefined');
  const figures = (text: string) => (text.match(/[\d.]+/g) ?? []).toSorted();
  expect(figures(zh)).toEqual(figures(en));
});

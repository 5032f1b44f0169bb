import { readFileSync } from 'node:fs';
import { periodPrice } from '@corridor/actors/tariff/floating-price';
import type { NetworkFile } from '@corridor/protocols/network-file';
import { expect, it } from 'vitest';
import { priceListOf, timeOfUseTariffs } from './read-tariffs.ts';

const pricesOf = (list: string) => {
  const { prices, formula } = priceListOf(list);
  return Object.fromEntries(prices.map((price) => [price.period, periodPrice(price, formula)]));
};

it('reproduces the published table of Hebei North, August 2026, to the last digit', () => {
  expect(pricesOf('HEBEI_NORTH_METER_2026_08')).toEqual({
    SHARP: 1_007_489_670n,
    PEAK: 871_966_350n,
    FLAT: 592_947_750n,
    VALLEY: 313_929_150n,
    DEEP_VALLEY: 290_013_270n,
  });
});

it('gives Shanxi the prices that are assumed for its meters', () => {
  expect(pricesOf('SHANXI_METER')).toEqual({
    SHARP: 976_400_000n,
    PEAK: 842_000_000n,
    FLAT: 590_000_000n,
    VALLEY: 359_000_000n,
    DEEP_VALLEY: 321_200_000n,
  });
});

it('is what the default network is priced with', () => {
  const network = JSON.parse(readFileSync(new URL('../../../data/corridor/network.json', import.meta.url), 'utf8')) as NetworkFile;
  expect(network.tariffs).toEqual(timeOfUseTariffs());
});

it('refuses a list that is not there', () => expect(() => priceListOf('NONE')).toThrow('no price list NONE'));

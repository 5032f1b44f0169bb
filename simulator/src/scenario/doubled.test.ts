import { expect, it } from 'vitest';
import { smallCorridor } from '../full/small-corridor.fixture.ts';
import { doubled } from './doubled.ts';
import { problemText } from './problem.ts';
import type { Scenario } from './scenario.schema.ts';

const sound = smallCorridor();
const told = (scenario: Scenario) => doubled(scenario).map(problemText);

/** The first of a list of agreements once more. */
function again(list: 'principals' | 'contracts' | 'stationRates' | 'batteryRates', change: object = {}): Scenario {
  const { business } = sound;
  if (business === undefined) throw new TypeError('a corridor without books');
  return { ...sound, business: { ...business, [list]: [...business[list], { ...business[list][0], ...change }] } };
}
const withTariff = (change: object): Scenario => {
  const { tariffs = [] } = sound;
  return { ...sound, tariffs: [...tariffs, ...tariffs.slice(0, 1).map((tariff) => ({ ...tariff, ...change }))] };
};

it('finds nothing where everything stands once, and where a newer version follows', () => {
  expect(told(sound)).toEqual([]);
  expect(told(withTariff({ id: 'NEXT', effectiveFrom: '2027-01-01' }))).toEqual([]);
  expect(told(again('contracts', { id: 'NEXT', validFrom: '2027-01-01' }))).toEqual([]);
});

it.each<[string, Scenario, RegExp]>([
  ['a tariff', withTariff({}), /^\/tariffs\/\d\/id: ".*"; each id stands once$/],
  [
    'two tariffs of a region from the same day on',
    withTariff({ id: 'OTHER' }),
    /^\/tariffs\/\d\/effectiveFrom: ".*"; another date: .* is of the same/,
  ],
  ['a principal', again('principals'), /^\/business\/principals\/\d+\/id: ".*"; each id stands once$/],
  ['two contracts of a carrier', again('contracts', { id: 'OTHER' }), /^\/business\/contracts\/\d+\/validFrom: /],
  ['two rates of a station', again('stationRates', { id: 'OTHER' }), /^\/business\/stationRates\/\d+\/effectiveFrom: /],
  ['two rates of an owner', again('batteryRates', { id: 'OTHER' }), /^\/business\/batteryRates\/\d+\/effectiveFrom: /],
])('refuses %s twice', (_, scenario, text) => {
  expect(told(scenario)).toEqual([expect.stringMatching(text)]);
});

import { expect, it } from 'vitest';
import { smallCorridor } from '../full/small-corridor.fixture.ts';
import type { Business } from './business.schema.ts';
import { businessProblems } from './business-problems.ts';
import { problemText } from './problem.ts';
import { readScenario } from './read-scenario.ts';
import type { Scenario } from './scenario.schema.ts';
import { warningWords } from './warning.ts';

const sound = smallCorridor();
const told = (scenario: Scenario) => businessProblems(scenario).map(problemText);
const withBusiness = (change: (business: Business) => Partial<Business>): Scenario => {
  const { business } = sound;
  return business ? { ...sound, business: { ...business, ...change(business) } } : sound;
};

it('finds nothing where nothing is wrong', () => {
  expect(told(sound)).toEqual([]);
  expect(readScenario(JSON.stringify(sound)).scenario).toEqual(sound);
});

it('names what the full model needs', () => {
  const { business: _, startsOn: __, ...bare } = sound;
  expect(told({ ...bare, pack: { ...bare.pack, sohPercent: 79 } })).toEqual([
    '/business: missing; the full model needs parties and agreements',
    '/startsOn: missing; the full model needs the date of the first day',
    '/pack/sohPercent: 79; at least 80: packs below are never given out',
  ]);
});

it.each<[string, Scenario, RegExp]>([
  [
    'a station without an operator',
    withBusiness(() => ({ stationOperators: [] })),
    /^\/business\/stationOperators: missing; an entry for M1/,
  ],
  [
    'an operator that is none',
    withBusiness(() => ({ stationOperators: [{ stationId: 'M1', operatorId: 'C1' }] })),
    /operatorId: "C1"; a principal of kind STATION_OPERATOR: SO1/,
  ],
  ['a fleet without a carrier', withBusiness(() => ({ fleetCarriers: [] })), /^\/business\/fleetCarriers: missing; an entry for haul/],
  [
    'a carrier without a contract',
    withBusiness(() => ({ contracts: [] })),
    /^\/business\/contracts: missing; a contract of C1 in force on/,
  ],
  ['a station without a rate', withBusiness(() => ({ stationRates: [] })), /^\/business\/stationRates: missing; a rate of M1 in force on/],
  ['packs without a rent', withBusiness(() => ({ batteryRates: [] })), /^\/business\/batteryRates: missing; a rate of BO1 in force on/],
  [
    'a station that no contract reaches',
    withBusiness(({ alliances }) => ({ alliances: alliances.map((alliance) => ({ ...alliance, stationIds: [] })) })),
    /^\/business\/alliances: missing; C1 may swap at M1: contract CT-C1 does not reach M1/,
  ],
  [
    'packs that a carrier may not get',
    withBusiness(({ alliances }) => ({ alliances: alliances.map((alliance) => ({ ...alliance, packOwnerIds: ['BO1'] })) })),
    /^\/business\/packOwnerIds\/1: "BO2"; an owner whose packs C1 may get at M1/,
  ],
  ['top-ups of nothing', withBusiness(() => ({ topUp: { belowFen: '1', amountFen: '0' } })), /^\/business\/topUp: .*; amounts above 0/],
])('refuses %s', (_, scenario, text) => {
  expect(told(scenario)).toContainEqual(expect.stringMatching(text));
});

it('warns that the coarse model does not bill', () => {
  const { warnings } = readScenario(JSON.stringify({ ...sound, model: 'coarse' }));
  expect(warnings.map((warning) => warningWords(warning).en)).toContain('/business: {…}; it has no effect: only the full model bills');
});

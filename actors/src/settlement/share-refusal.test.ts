import { COMPONENTS } from '@corridor/protocols/agreement/component';
import { type PartnerRule, SHARE_BASES, type ShareBase } from '@corridor/protocols/agreement/settlement-agreement';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { fen } from '../ledger/fen.ts';
import { type EarnedOrder, keptFen, secondarySplits } from './secondary-clearing.ts';
import { shareRefusal } from './share-refusal.ts';

const share = (base: ShareBase, basisPoints: number, ...stationIds: string[]): PartnerRule => ({
  kind: 'REVENUE_SHARE',
  partnerId: 'A',
  base,
  basisPoints,
  ...(stationIds.length > 0 ? { stationIds } : {}),
});
const site = (basisPoints: number): PartnerRule => ({ kind: 'SITE_OWNER', partnerId: 'B', basisPoints });
const shapley = (base: ShareBase, basisPoints: number, ...stations: string[]): PartnerRule => ({
  kind: 'SHAPLEY',
  base,
  basisPoints,
  players: stations.map((stationId, index) => ({ partnerId: `P${index}`, stationIds: [stationId] })),
});
const pv: PartnerRule = { kind: 'PV_OWNER', partnerId: 'PV', priceNanoYuanPerKwh: '250000000' };

it.each<[string, PartnerRule[]]>([
  ['nothing', []],
  ['all of net', [share('NET', 10_000), pv]],
  ['all of one component and all of another', [share('ELECTRICITY', 10_000), site(10_000)]],
  [
    'all, at each station to somebody else',
    [share('NET', 10_000, 'HH1'), share('GROSS', 10_000, 'HJ1'), shapley('NET', 10_000, 'BD1', 'BD2')],
  ],
])('lets %s be given away', (_, rules) => {
  expect(shareRefusal(rules)).toBeNull();
});

it.each<[string, PartnerRule[], string]>([
  ['all of net, and service and a pool on top', [share('NET', 10_000), site(1_000), shapley('GROSS', 1_000, 'HH1')], 'of SERVICE'],
  ['more than all of one component', [share('SERVICE', 5_000), site(5_001)], '100.01 % of SERVICE'],
  ['more than all at one station only', [share('NET', 6_000), share('GROSS', 4_001, 'HJ1', 'HH1')], 'at HJ1'],
  ['a pool on top of all', [share('NET', 9_500), shapley('ELECTRICITY', 501, 'HH1', 'HJ1')], '100.01 % of ELECTRICITY at HH1'],
])('refuses %s', (_, rules, detail) => {
  expect(shareRefusal(rules)).toMatchObject({ code: 'SHARES_ABOVE_WHOLE', detail: expect.stringContaining(detail) });
});

const STATIONS = ['HH1', 'HJ1', 'BD1'];
const some = fc.subarray(STATIONS, { minLength: 1 });
const basisPoints = fc.integer({ min: 0, max: 6_000 });
const base = fc.constantFrom(...SHARE_BASES);
const anyRule: fc.Arbitrary<PartnerRule> = fc.oneof(
  fc.tuple(base, basisPoints, fc.option(some)).map(([of, points, at]) => share(of, points, ...(at ?? []))),
  basisPoints.map(site),
  fc.tuple(base, basisPoints, some).map(([of, points, at]) => shapley(of, points, ...at)),
);
const anyOrder: fc.Arbitrary<EarnedOrder> = fc
  .record({ stationId: fc.constantFrom(...STATIONS), earned: fc.array(fc.tuple(fc.constantFrom(...COMPONENTS), fc.bigInt(0n, 90_000n))) })
  .map(({ stationId, earned }) => {
    const grossFen = Object.fromEntries(earned);
    const netFen = Object.values(grossFen).reduce((sum, amount) => sum + amount, 0n);
    return { orderId: 'O', truckId: 'T', atMs: 0, energyWh: 1n, pvWh: {}, stationId, netFen, grossFen };
  });

it('lets nothing through that leaves a principal less than nothing of what it earned, but for rounding', () => {
  fc.assert(
    fc.property(fc.array(anyRule, { maxLength: 6 }), fc.array(anyOrder, { minLength: 1, maxLength: 6 }), (rules, orders) => {
      fc.pre(shareRefusal(rules) === null);
      const earnedFen = orders.reduce((sum, { netFen }) => sum + netFen, 0n);
      expect(keptFen(fen(earnedFen), secondarySplits(rules, orders, 1))).toBeGreaterThanOrEqual(BigInt(-rules.length));
    }),
  );
});

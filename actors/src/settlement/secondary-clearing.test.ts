import type { PartnerRule } from '@corridor/protocols/agreement/settlement-agreement';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fen } from '../ledger/fen.ts';
import { type EarnedOrder, keptFen, secondarySplits } from './secondary-clearing.ts';

/** The order of the worked example: electricity 126.50, service 86.90, handling 10.00; 218.55 after commission. */
const example: EarnedOrder = {
  orderId: 'O1',
  truckId: 'T1',
  stationId: 'BD1',
  atMs: Date.parse('2025-07-15T20:12:00+08:00'),
  energyWh: 217_253n,
  netFen: 21_855n,
  grossFen: { ELECTRICITY: 12_650n, SERVICE: 8_690n, SWAP_HANDLING: 1_000n },
  pvWh: { BD1: 50_000n },
};
const rules: PartnerRule[] = [
  { kind: 'PV_OWNER', partnerId: 'PV1', stationIds: ['BD1'], priceNanoYuanPerKwh: '250000000' },
  { kind: 'SITE_OWNER', partnerId: 'SITE1', basisPoints: 600 },
];

describe('secondary clearing', () => {
  it('splits the worked example: 12.50, 5.21, kept 200.84', () => {
    const splits = secondarySplits(rules, [example], 1);
    expect(splits.map(({ partnerId, amountFen }) => [partnerId, amountFen])).toEqual([
      ['PV1', 1_250n],
      ['SITE1', 521n],
    ]);
    expect(splits[0]?.derivation).toBe('50.000 kWh of PV lots x 0.25 yuan/kWh = 12.50 yuan');
    expect(keptFen(fen(21_855n), splits)).toBe(20_084n);
  });

  it('counts only the stations of a rule', () => {
    const elsewhere = secondarySplits(
      [
        { kind: 'PV_OWNER', partnerId: 'PV1', stationIds: ['HH1'], priceNanoYuanPerKwh: '250000000' },
        { kind: 'REVENUE_SHARE', partnerId: 'R1', stationIds: ['HH1'], base: 'NET', basisPoints: 1_000 },
        { kind: 'REVENUE_SHARE', partnerId: 'R1', base: 'NET', basisPoints: 1_000 },
      ],
      [example],
      1,
    );
    // What comes to nothing is no split: two that share with each other would make statements of it for ever.
    expect(elsewhere.map(({ ruleNo, amountFen }) => [ruleNo, amountFen])).toEqual([[3, 2_186n]]);
  });

  it('gives a partner that a Shapley rule names twice one split, with the stations of both: splits have a key of rule and partner', () => {
    const rule = (players: { partnerId: string; stationIds: string[] }[]): PartnerRule => ({
      kind: 'SHAPLEY',
      base: 'SERVICE',
      basisPoints: 1_000,
      players,
    });
    const orders = [
      example,
      { ...example, orderId: 'O2', stationId: 'HH1', pvWh: {} },
      { ...example, orderId: 'O3', stationId: 'BD2', truckId: 'T2' },
    ];
    const other = { partnerId: 'B', stationIds: ['BD2'] };
    const twice = rule([{ partnerId: 'A', stationIds: ['BD1'] }, other, { partnerId: 'A', stationIds: ['HH1', 'BD1'] }]);
    const splits = secondarySplits([twice], orders, 1);
    expect(splits).toEqual(secondarySplits([rule([{ partnerId: 'A', stationIds: ['BD1', 'HH1'] }, other])], orders, 1));
    expect(splits.map(({ partnerId }) => partnerId)).toEqual(['A', 'B']);
  });

  it('hands a Shapley pool out to the last fen, nothing where no journey passed', () => {
    const shapley: PartnerRule = {
      kind: 'SHAPLEY',
      base: 'SERVICE',
      basisPoints: 1_000,
      players: [
        { partnerId: 'A', stationIds: ['BD1'] },
        { partnerId: 'B', stationIds: ['HH1'] },
      ],
    };
    const orders = [example, { ...example, orderId: 'O2', stationId: 'HH1', pvWh: {} }, { ...example, orderId: 'O3', truckId: 'T2' }];
    const splits = secondarySplits([shapley], orders, 1);
    // Of 869 x 3: T1 needs both, so each gets half of it; T2 only needs BD1.
    expect(splits.map(({ partnerId, amountFen }) => [partnerId, amountFen])).toEqual([
      ['A', 1_738n],
      ['B', 869n],
    ]);
    expect(secondarySplits([shapley], [{ ...example, energyWh: 0n }], 1)).toEqual([]);
  });

  it('splits and kept part sum to the share, whatever was earned', () => {
    const order = fc.record({
      stationId: fc.constantFrom('BD1', 'HH1', 'HJ1'),
      truck: fc.nat(4),
      energyWh: fc.bigInt({ min: -50_000n, max: 300_000n }),
      netFen: fc.bigInt({ min: -30_000n, max: 60_000n }),
      service: fc.bigInt({ min: -9_000n, max: 9_000n }),
      pvWh: fc.bigInt({ min: -90_000n, max: 90_000n }),
    });
    fc.assert(
      fc.property(fc.array(order, { maxLength: 20 }), fc.integer({ min: 0, max: 10_000 }), (drawn, basisPoints) => {
        const orders = drawn.map(
          ({ stationId, truck, energyWh, netFen, service, pvWh }, index): EarnedOrder => ({
            orderId: `O${index}`,
            truckId: `T${truck}`,
            stationId,
            atMs: 0,
            energyWh,
            netFen,
            grossFen: { SERVICE: service },
            pvWh: { [stationId]: pvWh },
          }),
        );
        const splits = secondarySplits(
          [
            ...rules,
            { kind: 'REVENUE_SHARE', partnerId: 'R', base: 'GROSS', basisPoints },
            {
              kind: 'SHAPLEY',
              base: 'NET',
              basisPoints,
              players: ['BD1', 'HH1', 'HJ1'].map((id) => ({ partnerId: id, stationIds: [id] })),
            },
          ],
          orders,
          3,
        );
        const share = fen(orders.reduce((sum, { netFen }) => sum + netFen, 0n));
        expect(splits.reduce((sum, { amountFen }) => sum + amountFen, keptFen(share, splits) as bigint)).toBe(share);
      }),
      { numRuns: 100 },
    );
  });
});

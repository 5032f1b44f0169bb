import { TARIFF_PERIODS } from '@corridor/protocols/tariff-period';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { fen } from '../ledger/fen.ts';
import { LedgerBook } from '../ledger/ledger-book.ts';
import type { PackLeg } from '../network/actor-event.ts';
import { clearingTransfers } from '../order/clearing-transfers.ts';
import { addLot, drawFromLots, lotsEnergyWh } from '../pack/energy-lot.rules.ts';
import type { EnergyLot } from '../pack/energy-lot.ts';
import { rateSwap } from './rate-swap.ts';
import type { RatingTerms } from './rating-terms.ts';
import { STATED_TAX_RATES } from './stated-tax-rates.ts';

const OWNERS = ['BO1', 'BO2', 'SO1'] as const;
const lotArbitrary: fc.Arbitrary<EnergyLot> = fc.record({
  energyWh: fc.integer({ min: 1, max: 60_000 }),
  period: fc.constantFrom(...TARIFF_PERIODS),
  priceNanoYuanPerKwh: fc.bigInt(0n, 2_000_000_000n),
  stationId: fc.constantFrom('HH1', 'BD1'),
  source: fc.constantFrom('GRID', 'PV' as const),
});
const legArbitrary = (packId: string): fc.Arbitrary<PackLeg> =>
  fc
    .record({
      lots: fc.array(lotArbitrary, { maxLength: 12 }),
      ownerId: fc.constantFrom(...OWNERS),
      rentNanoYuanPerKwh: fc.bigInt(0n, 600_000_000n),
    })
    .map(({ lots, ...rest }) => ({
      packId,
      typeCode: 'LFP350',
      socPercent: 50,
      sohPercent: 90,
      nominalWh: 350_000,
      energyWh: lotsEnergyWh(lots),
      lots,
      ...rest,
    }));
const termsArbitrary: fc.Arbitrary<RatingTerms> = fc
  .record({
    splitRule: fc.constantFrom('LOTS', 'SWAP_TIME' as const),
    service: fc.bigInt(0n, 900_000_000n),
    handlingFen: fc.bigInt(0n, 5_000n),
    commissionServiceBasisPoints: fc.integer({ min: 0, max: 10_000 }),
    commissionRentBasisPoints: fc.integer({ min: 0, max: 10_000 }),
    price: fc.bigInt(0n, 2_000_000_000n),
  })
  .map(({ splitRule, service, handlingFen, price, ...commission }) => ({
    atMs: 0,
    stationId: 'HH1',
    operatorId: 'SO1',
    platformId: 'PF',
    contract: {
      id: 'CT-C1',
      carrierId: 'C1',
      allianceIds: [],
      validFrom: '2025-01-01',
      validUntil: '2035-12-31',
      splitRule,
      holdMarginBasisPoints: 500,
      holdStepFen: '1000',
      settlementPeriod: 'M1',
      ...commission,
    },
    stationRate: {
      id: 'SR',
      stationId: 'HH1',
      effectiveFrom: '2025-01-01',
      serviceNanoYuanPerKwh: service.toString(),
      handlingFen: handlingFen.toString(),
    },
    tax: STATED_TAX_RATES,
    priceNow: { period: 'FLAT', priceNanoYuanPerKwh: price, tariffId: 'T' },
  }));
const legsArbitrary = fc.oneof(
  fc.record({ out: legArbitrary('P-OUT'), in: legArbitrary('P-IN') }),
  fc.record({ out: fc.constant(null), in: legArbitrary('P-IN') }),
);

it('lines and nets sum to the payable amount, and commission never exceeds or turns what it is taken of', () => {
  fc.assert(
    fc.property(termsArbitrary, legsArbitrary, (terms, legs) => {
      const bill = rateSwap(terms, legs);
      expect(bill.lines.reduce((sum, { amountFen }) => sum + amountFen, 0n)).toBe(bill.payableFen);
      expect(bill.shares.reduce((sum, { netFen }) => sum + netFen, 0n)).toBe(bill.payableFen);
      expect(bill.shares.reduce((sum, { grossFen }) => sum + grossFen, 0n)).toBe(bill.payableFen);
      expect(bill.shares.reduce((sum, { commissionFen }) => sum + commissionFen, 0n)).toBe(0n);
      for (const { role, grossFen, commissionFen, netFen } of bill.shares) {
        expect(netFen).toBe(grossFen + commissionFen);
        if (role !== 'BATTERY_OWNER') continue;
        expect(commissionFen * grossFen <= 0n).toBe(true);
        expect(netFen * grossFen >= 0n).toBe(true);
      }
      for (const { amountFen, quantity, unit, unitPriceNanoYuan } of bill.lines) {
        const exactTimesTwo = 2n * quantity * unitPriceNanoYuan;
        const fenUnits = unit === 'Wh' ? 10_000_000_000n : 10_000_000n;
        const errorTimesTwo = exactTimesTwo - 2n * amountFen * fenUnits;
        expect(errorTimesTwo <= fenUnits && errorTimesTwo >= -fenUnits).toBe(true);
      }
      expect(rateSwap(terms, legs)).toEqual(bill);
    }),
  );
});

it('is cleared by transfers that empty the clearing account and give everybody the net', () => {
  fc.assert(
    fc.property(termsArbitrary, legsArbitrary, (terms, legs) => {
      const bill = rateSwap(terms, legs);
      const book = new LedgerBook();
      const put = (key: string, from: string, to: string, amountFen: bigint) =>
        book.postAll([{ key, kind: 'HOLD', debitAccountId: from, creditAccountId: to, amountFen: fen(amountFen), orderId: null }]);
      put('top', 'RAIL_sandbox', 'C1_held', 100_000_000n);
      if (bill.payableFen > 0n) put('expense', 'C1_held', 'PF_clearing', bill.payableFen);
      book.postAll(clearingTransfers({ orderId: 'O1', carrierId: 'C1', platformId: 'PF', bill }));
      expect(book.findings()).toEqual([]);
      expect(book.balance('PF_clearing')).toBe(0n);
      expect(book.balance('C1_held') + book.balance('C1_prepaid')).toBe(100_000_000n - bill.payableFen);
      for (const principalId of new Set(bill.shares.map((share) => share.principalId))) {
        const net = bill.shares.filter((share) => share.principalId === principalId).reduce((sum, { netFen }) => sum + netFen, 0n);
        expect(book.balance(`${principalId}_income`)).toBe(net);
      }
    }),
  );
});

/** A pack of the fleet in the sequence test: what it holds, and the rate frozen at its last issue. */
interface FleetPack {
  packId: string;
  ownerId: string;
  lots: EnergyLot[];
  rentNanoYuanPerKwh: bigint;
}
const swapArbitrary = fc.record({
  drivenRatio: fc.double({ min: 0, max: 1, noNaN: true }),
  charged: fc.array(lotArbitrary, { maxLength: 4 }),
  issue: fc.nat(3),
  rent: fc.bigInt(0n, 600_000_000n),
});

/**
 * One truck swaps packs of three owners, over and over. For each issue of a pack, what its owner is paid in the end is the
 * energy taken from it times the rate frozen at that issue, but for at most half a fen of rounding on each of the two lines.
 * The same holds for what the carrier pays for electricity: what was used, at what it cost to charge.
 */
it('leaves each owner with the energy taken from his packs times their rate', () => {
  fc.assert(
    fc.property(termsArbitrary, fc.array(swapArbitrary, { minLength: 1, maxLength: 25 }), (given, swaps) => {
      const terms = { ...given, contract: { ...given.contract, splitRule: 'LOTS' as const } };
      const fleet: FleetPack[] = OWNERS.map((ownerId, index) => ({ packId: `P${index}`, ownerId, lots: [], rentNanoYuanPerKwh: 0n }));
      let onTruck: FleetPack = { packId: 'P3', ownerId: 'BO1', lots: [], rentNanoYuanPerKwh: 0n };
      const paidFen = new Map<string, bigint>();
      const dueNano = new Map<string, bigint>();
      const linesOf = new Map<string, bigint>();
      let electricityFen = 0n;
      let usedNano = 0n;
      let electricityLines = 0n;
      const add = (map: Map<string, bigint>, key: string, value: bigint) => map.set(key, (map.get(key) ?? 0n) + value);
      const drive = (ratio: number) => {
        const { left, drawn } = drawFromLots(onTruck.lots, Math.floor(lotsEnergyWh(onTruck.lots) * ratio));
        for (const lot of drawn) usedNano += BigInt(lot.energyWh) * lot.priceNanoYuanPerKwh;
        add(dueNano, onTruck.ownerId, BigInt(lotsEnergyWh(drawn)) * onTruck.rentNanoYuanPerKwh);
        onTruck = { ...onTruck, lots: left };
      };
      const leg = (pack: FleetPack): PackLeg => ({
        ...pack,
        typeCode: 'LFP350',
        socPercent: 50,
        sohPercent: 90,
        nominalWh: 350_000,
        energyWh: lotsEnergyWh(pack.lots),
      });
      for (const { drivenRatio, charged, issue, rent } of swaps) {
        drive(drivenRatio);
        const [chosen] = fleet.splice(issue % fleet.length, 1);
        if (chosen === undefined) return;
        const issued = { ...chosen, lots: charged.reduce(addLot, chosen.lots), rentNanoYuanPerKwh: rent };
        const bill = rateSwap(terms, { out: leg(issued), in: leg(onTruck) });
        for (const line of bill.lines) {
          if (line.component === 'ELECTRICITY') {
            electricityFen += line.amountFen;
            electricityLines += 1n;
          }
          if (line.component !== 'BATTERY_RENT') continue;
          add(paidFen, line.beneficiaryId, line.amountFen);
          add(linesOf, line.beneficiaryId, 1n);
        }
        fleet.push(onTruck);
        onTruck = issued;
      }
      // What is still on board was paid for and not yet used: it is the energy deposit that telescopes over the next swap.
      for (const lot of onTruck.lots) usedNano += BigInt(lot.energyWh) * lot.priceNanoYuanPerKwh;
      add(dueNano, onTruck.ownerId, BigInt(lotsEnergyWh(onTruck.lots)) * onTruck.rentNanoYuanPerKwh);
      for (const ownerId of OWNERS) {
        expectWithin(paidFen.get(ownerId) ?? 0n, dueNano.get(ownerId) ?? 0n, linesOf.get(ownerId) ?? 0n);
      }
      expectWithin(electricityFen, usedNano, electricityLines);
    }),
  );
});

/** `fen` is `whNano / 10^10` up to half a fen for each line. */
function expectWithin(amountFen: bigint, whNano: bigint, lines: bigint): void {
  const error = amountFen * 10_000_000_000n - whNano;
  const allowed = lines * 5_000_000_000n;
  expect(error <= allowed && error >= -allowed).toBe(true);
}

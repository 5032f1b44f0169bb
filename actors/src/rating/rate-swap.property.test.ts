import type { Billing, PackageOffer } from '@corridor/protocols/agreement/billing';
import { RATED_COMPONENTS } from '@corridor/protocols/agreement/component';
import type { Incentive } from '@corridor/protocols/agreement/incentive';
import type { Contract } from '@corridor/protocols/network-file';
import { TARIFF_PERIODS } from '@corridor/protocols/tariff-period';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { fen } from '../ledger/fen.ts';
import { LedgerBook } from '../ledger/ledger-book.ts';
import type { PackLeg } from '../network/actor-event.ts';
import { type Bill, cashFenOf } from '../order/bill.ts';
import { clearingTransfers } from '../order/clearing-transfers.ts';
import { addLot, drawFromLots, lotsEnergyWh } from '../pack/energy-lot.rules.ts';
import type { EnergyLot } from '../pack/energy-lot.ts';
import { drawOf } from './mode-charge.ts';
import { rateSwap, swapAmounts } from './rate-swap.ts';
import { commissionOf, type RatingTerms } from './rating-terms.ts';
import { STATED_TAX_RATES } from './stated-tax-rates.ts';
import type { SwapUsage } from './swap-usage.ts';
import { taxOf } from './tax-of-line.ts';

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
const issuer = { issuerId: fc.constantFrom('PF', 'BO1', 'SO1') };
const replaces = fc.subarray([...RATED_COMPONENTS], { minLength: 1 });
const billingArbitrary: fc.Arbitrary<Billing> = fc.oneof(
  fc.constant({ mode: 'PER_KWH' as const }),
  fc.record({ mode: fc.constant('PER_SWAP' as const), ...issuer, replaces, priceFen: fc.bigInt(0n, 60_000n).map(String) }),
  fc.record({ mode: fc.constant('PER_KM' as const), ...issuer, replaces, priceNanoYuanPerKm: fc.bigInt(0n, 4_000_000_000n).map(String) }),
  fc.record({ mode: fc.constant('MONTHLY_RENT' as const), ...issuer, feeNanoYuanPerKwhMonth: fc.constant('10000000000') }),
  fc.record({ mode: fc.constant('PACKAGE' as const), ...issuer, replaces, offers: fc.constant<PackageOffer[]>([]) }),
);
const incentiveArbitrary: fc.Arbitrary<Incentive> = fc.record({
  id: fc.constant('IN'),
  name: fc.constant('Night'),
  nameZh: fc.constant('夜间'),
  validFrom: fc.constant('1970-01-01'),
  validUntil: fc.constantFrom('1969-12-31', '2035-12-31'),
  when: fc.record({ readyPacksAbove: fc.nat(8) }),
  discount: fc.oneof(
    fc.record({ nanoYuanPerKwh: fc.bigInt(0n, 900_000_000n).map(String) }),
    fc.record({ fenPerSwap: fc.bigInt(1n, 90_000n).map(String) }),
  ),
  funderId: fc.constantFrom('PF', 'SO1', 'BO2'),
});
const termsArbitrary: fc.Arbitrary<RatingTerms> = fc
  .record({
    splitRule: fc.constantFrom('LOTS', 'SWAP_TIME' as const),
    service: fc.bigInt(0n, 900_000_000n),
    handlingFen: fc.bigInt(0n, 5_000n),
    commissionServiceBasisPoints: fc.integer({ min: 0, max: 10_000 }),
    commissionRentBasisPoints: fc.integer({ min: 0, max: 10_000 }),
    price: fc.bigInt(0n, 2_000_000_000n),
    billing: billingArbitrary,
    incentives: fc.array(incentiveArbitrary, { maxLength: 3 }),
    penaltyFen: fc.bigInt(1n, 50_000n),
    isWaived: fc.boolean(),
  })
  .map(({ splitRule, service, handlingFen, price, billing, incentives, penaltyFen, isWaived, ...commission }) => {
    const contract: Contract = {
      id: 'CT-C1',
      carrierId: 'C1',
      allianceIds: [],
      validFrom: '2025-01-01',
      validUntil: '2035-12-31',
      splitRule,
      holdMarginBasisPoints: 500,
      holdStepFen: '1000',
      settlementPeriod: 'M1',
      billing,
      incentives,
      penalties: [
        {
          kind: 'DEEP_DISCHARGE',
          belowSocPercent: 60,
          amountFen: penaltyFen.toString(),
          waivers: isWaived ? [{ rule: 'STATIONS', stationIds: ['HH1'] }] : [],
        },
      ],
      ...commission,
    };
    const stationRate = {
      id: 'SR',
      stationId: 'HH1',
      effectiveFrom: '2025-01-01',
      serviceNanoYuanPerKwh: service.toString(),
      handlingFen: handlingFen.toString(),
    };
    return {
      atMs: 0,
      stationId: 'HH1',
      operatorId: 'SO1',
      platformId: 'PF',
      contract,
      stationRate,
      tax: STATED_TAX_RATES,
      commission: commissionOf(contract),
      priceNow: { period: 'FLAT', priceNanoYuanPerKwh: price, tariffId: 'T' } as const,
    };
  });
const usageArbitrary: fc.Arbitrary<SwapUsage> = fc.record({
  distanceSinceSwapM: fc.integer({ min: 0, max: 900_000 }),
  readyPacks: fc.option(fc.nat(8)),
  waitedMs: fc.constant(null),
  packageGrant: fc.option(
    fc.record({
      packageId: fc.constant('PK1'),
      unit: fc.constantFrom('Wh', 'swap' as const),
      quantity: fc.bigInt(1n, 400_000n),
      amountFen: fc.bigInt(0n, 100_000n).map(fen),
    }),
  ),
});
const legsArbitrary = fc.oneof(
  fc.record({ out: legArbitrary('P-OUT'), in: legArbitrary('P-IN') }),
  fc.record({ out: fc.constant(null), in: legArbitrary('P-IN') }),
);

it('lines and nets sum to the payable amount, and commission never exceeds or turns what it is taken of', () => {
  fc.assert(
    fc.property(termsArbitrary, legsArbitrary, usageArbitrary, (terms, legs, usage) => {
      const bill = rateSwap(terms, legs, usage);
      expect(bill.lines.reduce((sum, { amountFen }) => sum + amountFen, 0n)).toBe(bill.payableFen);
      expect(bill.shares.reduce((sum, { netFen }) => sum + netFen, 0n)).toBe(bill.payableFen);
      expect(bill.shares.reduce((sum, { grossFen }) => sum + grossFen, 0n)).toBe(bill.payableFen);
      expect(bill.shares.reduce((sum, { commissionFen }) => sum + commissionFen, 0n)).toBe(0n);
      for (const { role, grossFen, commissionFen, netFen } of bill.shares) {
        expect(netFen).toBe(grossFen + commissionFen);
        if (role === 'PLATFORM' || role === 'STATION_OPERATOR') continue;
        // Half a fen of rounding apart, since rent and a penalty may be at two rates.
        if (role === 'ISSUER' || role === 'FUNDER') expect(commissionFen).toBe(0n);
        if (bill.lines.some(({ component }) => component === 'PENALTY')) continue;
        expect(commissionFen * grossFen <= 0n).toBe(true);
        expect(netFen * grossFen >= 0n).toBe(true);
      }
      for (const { amountFen, quantity, unit, unitPriceNanoYuan } of bill.lines) {
        const exactTimesTwo = 2n * quantity * unitPriceNanoYuan;
        const fenUnits = unit === 'Wh' ? 10_000_000_000n : 10_000_000n;
        const errorTimesTwo = exactTimesTwo - 2n * amountFen * fenUnits;
        expect(errorTimesTwo <= fenUnits && errorTimesTwo >= -fenUnits).toBe(true);
      }
      const service = bill.lines.find(({ component }) => component === 'SERVICE');
      expect(service?.quantity).toBe(BigInt((legs.out?.energyWh ?? 0) - legs.in.energyWh));
      for (const line of bill.lines) {
        const { netFen, taxFen } = taxOf(line);
        expect(netFen + taxFen).toBe(line.amountFen);
        expect(taxFen * line.amountFen >= 0n).toBe(true);
      }
      expect(rateSwap(terms, legs, usage)).toEqual(bill);
      const { lines: _, ...amounts } = bill;
      expect(swapAmounts(terms, legs, usage)).toEqual(amounts);
    }),
  );
});

it('is cleared by transfers that empty the clearing account and give everybody the net', () => {
  fc.assert(
    fc.property(termsArbitrary, legsArbitrary, usageArbitrary, (terms, legs, usage) => {
      const bill = rateSwap(terms, legs, usage);
      const cashFen = cashFenOf(bill);
      const book = new LedgerBook();
      const put = (key: string, from: string, to: string, amountFen: bigint) =>
        book.postAll([{ key, kind: 'HOLD', debitAccountId: from, creditAccountId: to, amountFen: fen(amountFen), orderId: null }]);
      put('top', 'RAIL_sandbox', 'C1_held', 100_000_000n);
      put('package', 'RAIL_sandbox', 'C1_package', 100_000_000n);
      const drawnFen = bill.packageDraw?.amountFen ?? 0n;
      if (drawnFen > 0n) put('draw', 'C1_package', 'PF_clearing', drawnFen);
      if (cashFen > 0n) put('expense', 'C1_held', 'PF_clearing', cashFen);
      book.postAll(clearingTransfers({ orderId: 'O1', carrierId: 'C1', platformId: 'PF', bill }));
      expect(book.findings()).toEqual([]);
      expect(book.balance('PF_clearing')).toBe(0n);
      expect(book.balance('C1_held') + book.balance('C1_prepaid')).toBe(100_000_000n - cashFen);
      expect(book.balance('C1_package')).toBe(100_000_000n - drawnFen);
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
  usage: usageArbitrary,
  drivenRatio: fc.double({ min: 0, max: 1, noNaN: true }),
  charged: fc.array(lotArbitrary, { maxLength: 4 }),
  issue: fc.nat(3),
  rent: fc.bigInt(0n, 600_000_000n),
});

/**
 * One truck swaps packs of three owners, over and over. For each issue of a pack, what its owner is paid in the end is the
 * energy taken from it times the rate frozen at that issue, but for at most half a fen of rounding on each of the two lines.
 * The same holds for what is paid for electricity: what was used, at what it cost to charge. Both in every billing mode.
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
      for (const { usage, drivenRatio, charged, issue, rent } of swaps) {
        drive(drivenRatio);
        const [chosen] = fleet.splice(issue % fleet.length, 1);
        if (chosen === undefined) return;
        const issued = { ...chosen, lots: charged.reduce(addLot, chosen.lots), rentNanoYuanPerKwh: rent };
        const bill = rateSwap(terms, { out: leg(issued), in: leg(onTruck) }, usage);
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

it('pays owners and operator what PER_KWH pays, and leaves the difference to the issuer', () => {
  fc.assert(
    fc.property(termsArbitrary, legsArbitrary, usageArbitrary, (given, legs, usage) => {
      const terms = { ...given, contract: { ...given.contract, incentives: [] } };
      const perKwh = rateSwap({ ...terms, contract: { ...terms.contract, billing: { mode: 'PER_KWH' } } }, legs, usage);
      const bill = rateSwap(terms, legs, usage);
      const fair = (of: Bill) => of.shares.filter(({ role }) => role !== 'ISSUER');
      expect(fair(bill)).toEqual(fair(perKwh));
      const issuerFen = bill.shares.filter(({ role }) => role === 'ISSUER').reduce((sum, { netFen }) => sum + netFen, 0n);
      expect(bill.payableFen - perKwh.payableFen).toBe(issuerFen);
    }),
  );
});

it('draws a package once, to the last unit and the last fen', () => {
  const draws = fc.array(fc.bigInt(1n, 90_000n), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(draws, fc.bigInt(0n, 10_000_000n), (quantities, priceFen) => {
      let left = { quantity: quantities.reduce((sum, each) => sum + each, 0n), amountFen: fen(priceFen) };
      let drawnFen = 0n;
      for (const quantity of quantities) {
        const amountFen = drawOf(left, quantity);
        expect(amountFen >= 0n && amountFen <= left.amountFen).toBe(true);
        drawnFen += amountFen;
        left = { quantity: left.quantity - quantity, amountFen: fen(left.amountFen - amountFen) };
      }
      expect(left.quantity).toBe(0n);
      expect(drawnFen).toBe(priceFen);
    }),
  );
});

/** `fen` is `whNano / 10^10` up to half a fen for each line. */
function expectWithin(amountFen: bigint, whNano: bigint, lines: bigint): void {
  const error = amountFen * 10_000_000_000n - whNano;
  const allowed = lines * 5_000_000_000n;
  expect(error <= allowed && error >= -allowed).toBe(true);
}

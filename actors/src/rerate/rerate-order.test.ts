import type { NetworkFile, StationRate } from '@corridor/protocols/network-file';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PackLeg } from '../network/actor-event.ts';
import type { ReferenceStore } from '../network/reference-store.ts';
import { aLeg, aReference, aReferenceBilledBy, NOON_MS, networkFile, packageBilling } from '../order/order.fixture.ts';
import { chargedLots, lotsEnergyWh } from '../pack/energy-lot.rules.ts';
import type { EnergyLot } from '../pack/energy-lot.ts';
import { swapAmounts } from '../rating/rate-swap.ts';
import { ratingTermsAt } from '../rating/rating-terms.ts';
import { rentRateOf } from '../rating/rent-rate.ts';
import { UNKNOWN_USAGE } from '../rating/swap-usage.ts';
import { HOUR_MS } from '../tariff/local-time.ts';
import { pvPricingOf } from '../tariff/pv-price.ts';
import { pricedPeriodAt, tariffCutsMs } from '../tariff/time-of-use.ts';
import { type Drafts, NO_DRAFTS, trialOf } from './draft-reference.ts';
import { rerateOrder } from './rerate-order.ts';

const [RATE] = networkFile.stationRates;
const [TOU] = networkFile.tariffs;
if (RATE === undefined || TOU === undefined) throw new Error('no station rate, no tariff');
const withPv = (nanoYuanPerKwh: bigint | null): StationRate =>
  nanoYuanPerKwh === null ? RATE : { ...RATE, pvNanoYuanPerKwh: `${nanoYuanPerKwh}` };
const threePeriods: NetworkFile['tariffs'][number] = {
  ...TOU,
  seasons: [
    {
      months: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
      hours: [
        { period: 'VALLEY', ranges: [[0, 8]] },
        { period: 'FLAT', ranges: [[8, 16]] },
        { period: 'PEAK', ranges: [[16, 24]] },
      ],
    },
  ],
  prices: [
    { period: 'VALLEY', priceNanoYuanPerKwh: '310000000' },
    { period: 'FLAT', priceNanoYuanPerKwh: '650000000' },
    { period: 'PEAK', priceNanoYuanPerKwh: '970000000' },
  ],
};
const batteryRates: NetworkFile['batteryRates'] = ['BO1', 'BO2'].map((ownerId) => ({
  id: `BR-${ownerId}`,
  ownerId,
  effectiveFrom: '2025-01-01',
  rentNanoYuanPerKwh: '333333333',
  sohSteps: [
    { minSohPercent: 95, factorBasisPoints: 10_000 },
    { minSohPercent: 0, factorBasisPoints: 8_888 },
  ],
}));

interface ChargedPack {
  readonly charges: readonly { gridWh: number; pvWh: number; hoursAgo: number }[];
  readonly sohPercent: number;
  readonly packId: string;
  readonly ownerId: string;
}
const charge = fc.record({ gridWh: fc.nat(120_000), pvWh: fc.nat(60_000), hoursAgo: fc.integer({ min: 1, max: 40 }) });
const leg = (packId: string, ownerId: string): fc.Arbitrary<ChargedPack> =>
  fc.record({ charges: fc.array(charge, { minLength: 1, maxLength: 3 }), sohPercent: fc.integer({ min: 80, max: 100 }) }).map((drawn) => ({
    ...drawn,
    packId,
    ownerId,
  }));

/** A pack as the station charged it, by what was agreed. */
function chargedLeg(reference: ReferenceStore, { charges, packId, ownerId, sohPercent }: ChargedPack): PackLeg {
  const tariffOf = (stationId: string, date: string) => reference.tariffOf(stationId, date);
  const lots: EnergyLot[] = charges.flatMap(({ gridWh, pvWh, hoursAgo }) => {
    const [fromMs, toMs] = [NOON_MS - hoursAgo * HOUR_MS, NOON_MS];
    const priceAt = (atMs: number) => pricedPeriodAt(tariffOf, 'HH1', atMs);
    const cutsMs = tariffCutsMs(tariffOf, 'HH1', fromMs, toMs);
    const pv = pvPricingOf((stationId, date) => reference.stationRate(stationId, date), 'HH1', fromMs, toMs);
    return chargedLots({ stationId: 'HH1', gridWh, pvWh, fromMs, toMs, cutsMs, priceAt, pv })?.lots ?? [];
  });
  const rate = reference.batteryRate({ packId, ownerId }, '2026-11-22');
  const rentNanoYuanPerKwh = (rate === undefined ? null : rentRateOf(rate, sohPercent)) ?? 0n;
  return aLeg({ packId, ownerId, sohPercent, lots, energyWh: lotsEnergyWh(lots), rentNanoYuanPerKwh });
}

const basisOf = (out: PackLeg | null, back: PackLeg) => ({
  ratedAtMs: NOON_MS,
  stationId: 'HH1',
  carrierId: 'C1',
  contractId: 'CT-C1',
  stationRateId: 'SR',
  tariffId: 'TOU-1',
  out,
  in: back,
  usage: UNKNOWN_USAGE,
});
const billed = (reference: ReferenceStore, out: PackLeg, back: PackLeg) => {
  const found = ratingTermsAt(reference, { stationId: 'HH1', carrierId: 'C1', atMs: NOON_MS });
  if (!found.ok) throw new Error(found.detail);
  return swapAmounts(found.terms, { out, in: back }, UNKNOWN_USAGE);
};

describe('a draft that says what is in force', () => {
  it('changes no share of any order, whatever of its energy came from PV', () => {
    fc.assert(
      fc.property(
        leg('P-OUT', 'BO2'),
        leg('P-IN', 'BO1'),
        fc.option(fc.bigInt({ min: 0n, max: 900_000_000n })),
        fc.subarray(['tariffs', 'stationRates', 'batteryRates', 'contracts'] as const),
        (out, back, pvPrice, drafted) => {
          const inForce = { tariffs: [threePeriods], stationRates: [withPv(pvPrice)], batteryRates, contracts: networkFile.contracts };
          const reference = aReference(inForce);
          const drafts: Drafts = { ...NO_DRAFTS, ...Object.fromEntries(drafted.map((kind) => [kind, inForce[kind]])) };
          const [legOut, legIn] = [chargedLeg(reference, out), chargedLeg(reference, back)];
          const rerated = rerateOrder(trialOf(reference, drafts), basisOf(legOut, legIn));
          expect(rerated).toEqual({ ok: true, bill: billed(reference, legOut, legIn) });
        },
      ),
    );
  });
});

it('is paid to whose the station was, also when it was sold since', () => {
  const reference = aReference();
  const before = billed(reference, aLeg({ packId: 'P-OUT' }), aLeg({}));
  const operatorId = before.shares.find(({ role }) => role === 'STATION_OPERATOR')?.principalId ?? '';
  const station = reference.station('HH1');
  if (station === undefined) throw new Error('no station');
  reference.apply({ stations: [{ ...station, operatorId: 'SO-NEXT' }] });
  const basis = basisOf(aLeg({ packId: 'P-OUT' }), aLeg({}));
  expect(rerateOrder(trialOf(reference, NO_DRAFTS), basis, operatorId)).toEqual({ ok: true, bill: before });
  expect(rerateOrder(trialOf(reference, NO_DRAFTS), basis)).not.toEqual({ ok: true, bill: before });
});

describe('energy of the station’s own PV', () => {
  const KWH = 100_000;
  /** Of the peak, in which it was charged. */
  const GRID_PRICE = 970_000_000n;
  const ofPv = (priceNanoYuanPerKwh: bigint, isOwnPrice: boolean): PackLeg => {
    const lot = { energyWh: KWH, period: 'PEAK', priceNanoYuanPerKwh, stationId: 'HH1', source: 'PV' } as const;
    return aLeg({ packId: 'P-OUT', energyWh: KWH, lots: [isOwnPrice ? { ...lot, pvRateId: 'SR' } : lot] });
  };
  const empty = aLeg({ energyWh: 0 });
  /** What the drafts make of the electricity [fen]. */
  const gain = (pvBefore: bigint | null, lot: bigint, drafts: Partial<Drafts>) => {
    const reference = aReference({ tariffs: [threePeriods], stationRates: [withPv(pvBefore)] });
    const out = ofPv(lot, lot !== GRID_PRICE);
    const rerated = rerateOrder(trialOf(reference, { ...NO_DRAFTS, ...drafts }), basisOf(out, empty));
    return rerated.ok ? rerated.bill.payableFen - billed(reference, out, empty).payableFen : rerated.reason;
  };
  const dearer = {
    ...threePeriods,
    id: 'TOU-2',
    prices: threePeriods.prices.map(({ period }) => ({ period, priceNanoYuanPerKwh: '1000000000' })),
  };

  it.each<[string, bigint | null, bigint, Partial<Drafts>, bigint]>([
    ['keeps its own price under a tariff', 200_000_000n, 200_000_000n, { tariffs: [dearer] }, 0n],
    ['takes that of a tariff where it costs what the grid’s does', null, GRID_PRICE, { tariffs: [dearer] }, 300n],
    ['takes that of a station rate', 200_000_000n, 200_000_000n, { stationRates: [withPv(250_000_000n)] }, 500n],
    [
      'takes that of a rate, which no tariff changes',
      200_000_000n,
      200_000_000n,
      { stationRates: [withPv(250_000_000n)], tariffs: [dearer] },
      500n,
    ],
    ['gets a price of its own', null, GRID_PRICE, { stationRates: [withPv(270_000_000n)] }, -7_000n],
    ['loses it, and costs what the grid’s does', 200_000_000n, 200_000_000n, { stationRates: [withPv(null)] }, 7_700n],
    ['loses it, and costs what the grid’s would', 200_000_000n, 200_000_000n, { stationRates: [withPv(null)], tariffs: [dearer] }, 8_000n],
    ['keeps the price that it was charged at, though there is none any more', null, 200_000_000n, { tariffs: [dearer] }, 0n],
    ['takes that of a tariff if it was charged before it had its own', 200_000_000n, GRID_PRICE, { tariffs: [dearer] }, 300n],
    ['stays at the grid’s price under a rate without another', null, GRID_PRICE, { stationRates: [withPv(null)] }, 0n],
  ])('%s', (_, pvBefore, lot, drafts, gainFen) => {
    expect(gain(pvBefore, lot, drafts)).toBe(gainFen);
  });
});

describe('a draft of packages', () => {
  const perKwh = aReference();
  const packages = aReferenceBilledBy(packageBilling);
  const contract = packages.contractOf('C1', '2026-11-22');
  if (contract === undefined) throw new Error('no contract');
  const granted = {
    ...basisOf(aLeg({ packId: 'P-OUT', energyWh: 300_000 }), aLeg({})),
    usage: {
      ...UNKNOWN_USAGE,
      packageGrant: { packageId: 'PK1', unit: 'swap', quantity: 1n, amountFen: billed(perKwh, aLeg({}), aLeg({})).payableFen },
    },
  } as const;
  const tried = (reference: ReferenceStore, contracts: Drafts['contracts'], basis = granted) =>
    rerateOrder(trialOf(reference, { ...NO_DRAFTS, contracts }), basis);

  it('that nobody bought rates no order: which would have been bought, nobody knows', () => {
    expect(tried(perKwh, [contract])).toEqual({ ok: false, reason: 'PACKAGE_NOT_BOUGHT' });
    const offers = packageBilling.offers.map((offer) => ({ ...offer, priceFen: `${offer.priceFen}0` }));
    expect(tried(packages, [{ ...contract, billing: { ...packageBilling, offers } }])).toEqual({ ok: false, reason: 'PACKAGE_NOT_BOUGHT' });
    expect(tried(packages, [{ ...contract, billing: { ...packageBilling, issuerId: 'BO1' } }])).toMatchObject({ ok: false });
  });

  it('with the packages of before draws of them as it was drawn', () => {
    const before = rerateOrder(trialOf(packages, NO_DRAFTS), granted);
    expect(before).toMatchObject({ ok: true, bill: { packageDraw: { packageId: 'PK1' } } });
    expect(tried(packages, [contract])).toEqual(before);
  });

  it('says nothing of an order in which no pack was given: no package pays it', () => {
    const credited = { ...granted, out: null };
    expect(rerateOrder(trialOf(perKwh, { ...NO_DRAFTS, contracts: [contract] }), credited)).toEqual(
      rerateOrder(trialOf(perKwh, NO_DRAFTS), credited),
    );
  });
});

import { flag, instant, list, named, number, optional, orNull, record, text, whole } from './shape.ts';

const leg = record({
  packId: text,
  ownerId: text,
  socPercent: number,
  sohPercent: number,
  nominalWh: whole,
  energyWh: whole,
  lots: orNull(list(record({ energyWh: whole, period: text, priceNanoYuanPerKwh: whole, pvRateId: optional(text) }))),
  rentNanoYuanPerKwh: orNull(whole),
});
const share = record({ principalId: text, role: text, grossFen: whole, commissionFen: whole, netFen: whole });
const usage = record({
  distanceSinceSwapM: orNull(number),
  readyPacks: orNull(number),
  waitedMs: orNull(number),
  packageGrant: orNull(record({ packageId: text, unit: text, quantity: whole, amountFen: whole })),
});
const line = record({
  lineNo: number,
  component: text,
  leg: text,
  quantity: whole,
  unit: text,
  unitPriceNanoYuan: whole,
  amountFen: whole,
  taxRateBasisPoints: number,
  beneficiaryId: text,
  period: orNull(text),
  packId: orNull(text),
});
const offer = record({
  replacedFen: whole,
  dueFen: whole,
  netEnergyWh: whole,
  usage,
  discountsOfOthers: list(record({ afterLines: number, amountFen: whole })),
});
const order = record({
  orderId: text,
  truckId: text,
  ratedAt: instant,
  billedAt: instant,
  stationId: text,
  carrierId: text,
  contractId: text,
  stationRateId: text,
  tariffId: text,
  isCredit: flag,
  out: orNull(leg),
  in: orNull(leg),
  usage: orNull(usage),
  lines: list(line),
  offer: orNull(offer),
  payableFen: orNull(whole),
  shares: list(share),
});
const correction = record({
  correctionId: text,
  orderId: orNull(text),
  chargeId: optional(orNull(text)),
  carrierId: text,
  contractId: orNull(text),
  bookedAt: instant,
  lines: list(record({ lineNo: number, ofLineNo: number, component: text, amountFen: whole, beneficiaryId: text, packId: orNull(text) })),
  shares: list(share),
});
const statement = record({
  statementId: text,
  contentHash: text,
  content: record({
    principalId: text,
    principalKind: text,
    from: instant,
    until: instant,
    orders: list(record({ orderId: text, at: instant, role: text, netFen: whole })),
    corrections: list(record({ correctionId: text, at: instant, netFen: whole })),
    others: list(record({ key: text, at: instant, amountFen: whole })),
    splits: list(record({ ruleNo: number, partnerId: text, amountFen: whole })),
    received: list(record({ amountFen: whole })),
    totals: named(whole),
  }),
});
const charge = record({
  chargeId: text,
  kind: text,
  carrierId: text,
  stationId: orNull(text),
  contractId: text,
  basis: record({
    days: optional(number),
    daysOfMonth: optional(number),
    nominalWh: optional(number),
    ratedAtMs: optional(number),
    stayedMs: optional(orNull(number)),
  }),
  lines: list(record({ lineNo: optional(number), component: text, amountFen: whole })),
  payableFen: orNull(whole),
  shares: list(share),
});
const transfer = record({
  no: text,
  key: text,
  kind: text,
  debitAccountId: text,
  creditAccountId: text,
  amountFen: whole,
  orderId: orNull(text),
  at: instant,
  proof: orNull(record({ partitionNo: number, batchNo: whole, index: number, path: list(text) })),
});
const hours = list(record({ period: text, ranges: list(list(number)) }));
const contract = record({
  id: text,
  splitRule: text,
  commissionServiceBasisPoints: number,
  commissionRentBasisPoints: number,
  commission: optional(named(number)),
  tax: optional(named(number)),
  billing: optional(
    record({
      mode: text,
      issuerId: optional(text),
      replaces: optional(list(text)),
      priceFen: optional(whole),
      priceNanoYuanPerKm: optional(whole),
      feeNanoYuanPerKwhMonth: optional(whole),
    }),
  ),
  incentives: optional(
    list(
      record({
        validFrom: text,
        validUntil: text,
        when: record({
          hours: optional(list(list(number))),
          stationIds: optional(list(text)),
          readyPacksAbove: optional(number),
          readyPacksBelow: optional(number),
        }),
        discount: record({ nanoYuanPerKwh: optional(whole), fenPerSwap: optional(whole) }),
      }),
    ),
  ),
  penalties: optional(
    list(
      record({
        kind: text,
        belowSocPercent: optional(number),
        graceMinutes: optional(number),
        blockMinutes: optional(number),
        amountFen: whole,
        waivers: list(record({ rule: text, until: optional(text), stationIds: optional(list(text)), minutes: optional(number) })),
      }),
    ),
  ),
});
const tariff = record({
  id: text,
  seasons: list(record({ months: list(number), hours })),
  holidays: optional(list(record({ dates: list(text), hours }))),
  prices: list(record({ period: text, priceNanoYuanPerKwh: optional(whole), factorBasisPoints: optional(number) })),
  formula: optional(record({ fixedNanoYuanPerKwh: whole, baseNanoYuanPerKwh: whole, efficiencyBasisPoints: optional(number) })),
});
const batteryRate = record({
  id: text,
  ownerId: text,
  packId: optional(text),
  effectiveFrom: text,
  rentNanoYuanPerKwh: whole,
  sohSteps: list(record({ minSohPercent: number, factorBasisPoints: number })),
});

/** All that this program reads of a bundle. What else there is, it does not look at. */
export const bundleShape = record({
  format: text,
  platformId: text,
  principalId: text,
  principalKind: text,
  from: instant,
  until: instant,
  agreements: record({
    contracts: list(contract),
    stationRates: list(record({ id: text, serviceNanoYuanPerKwh: whole, handlingFen: whole, pvNanoYuanPerKwh: optional(whole) })),
    tariffs: list(tariff),
    batteryRates: list(batteryRate),
  }),
  accounts: list(record({ id: text, kind: text, openingFen: whole, closingFen: whole })),
  corrections: list(correction),
  statements: list(statement),
  orders: list(order),
  charges: optional(list(charge)),
  transfers: list(transfer),
  batches: list(record({ partitionNo: number, batchNo: whole, transfers: number, previousRoot: orNull(text), root: text })),
});

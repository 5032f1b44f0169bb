import { type Static, Type } from 'typebox';

/**
 * Bundle of a party for a period: everything that it may see and needs to compute its bills, shares and balances again without
 * us. Amounts are integer fen, energies integer Wh, prices integer nano-yuan per kWh, all as text; times are UTC.
 * @see docs/architecture/bundle.md
 */
export const BUNDLE_FORMAT = 'corridor-bundle/1';

const Nullable = <T extends Parameters<typeof Type.Array>[0]>(item: T) => Type.Union([item, Type.Null()]);
const Fen = (description: string) => Type.String({ description: `${description} [fen]` });

const BundleLot = Type.Object({
  energyWh: Type.String(),
  period: Type.String(),
  priceNanoYuanPerKwh: Type.String(),
  stationId: Type.String(),
  source: Type.String(),
  pvRateId: Type.Optional(Type.String({ description: 'of PV energy at a price of its own: the station rate when it was charged' })),
});

/** A pack at hand-over. `lots` and `rentNanoYuanPerKwh` are null for a party that neither pays nor earns by them. */
export const BundleLeg = Type.Object({
  packId: Type.String(),
  ownerId: Type.String(),
  socPercent: Type.Number(),
  sohPercent: Type.Number(),
  nominalWh: Type.String(),
  energyWh: Type.String(),
  lots: Nullable(Type.Array(BundleLot)),
  rentNanoYuanPerKwh: Nullable(Type.String()),
});
export type BundleLeg = Static<typeof BundleLeg>;

const BundleLine = Type.Object({
  lineNo: Type.Integer(),
  component: Type.String(),
  leg: Type.String(),
  description: Type.String(),
  quantity: Type.String(),
  unit: Type.String(),
  unitPriceNanoYuan: Type.String(),
  amountFen: Fen('signed'),
  taxRateBasisPoints: Type.Integer(),
  beneficiaryId: Type.String(),
  period: Nullable(Type.String()),
  packId: Nullable(Type.String()),
  derivation: Type.String(),
});

const BundleShare = Type.Object({
  principalId: Type.String(),
  role: Type.String(),
  grossFen: Fen('of the lines'),
  commissionFen: Fen('as it changes the share'),
  netFen: Fen('gross and commission'),
});

/** What some billing modes and incentives go by; null: not known then. */
const BundleUsage = Type.Object({
  distanceSinceSwapM: Nullable(Type.Number()),
  readyPacks: Nullable(Type.Integer()),
  waitedMs: Nullable(Type.Number()),
  packageGrant: Nullable(
    Type.Object({ packageId: Type.String(), unit: Type.String(), quantity: Type.String(), amountFen: Fen('that belongs to the quantity') }),
  ),
});

const BundleOffer = Type.Object({
  replacedFen: Fen('sum of the lines that the price of the mode replaces'),
  dueFen: Fen('sum of rated lines and adjustment: what discounts may take at most'),
  netEnergyWh: Type.String(),
  usage: BundleUsage,
  discountsOfOthers: Type.Array(
    Type.Object({
      afterLines: Type.Integer({ minimum: 0, description: 'discounts of the party itself before it' }),
      amountFen: Fen('sum, signed: what its own could not take any more'),
    }),
  ),
});

export const BundleOrder = Type.Object({
  orderId: Type.String(),
  state: Type.String(),
  reason: Nullable(Type.String()),
  stationId: Type.String(),
  truckId: Type.String(),
  carrierId: Type.String(),
  createdAt: Type.String(),
  billedAt: Type.String(),
  /** Prices, rates and contract are those of this instant. */
  ratedAt: Type.String(),
  contractId: Type.String(),
  stationRateId: Type.String(),
  tariffId: Type.String(),
  /** No pack was given; not the same as one that the party does not see. */
  isCredit: Type.Boolean(),
  out: Nullable(BundleLeg),
  in: Nullable(BundleLeg),
  /** null where the party does not see the whole bill. */
  usage: Nullable(BundleUsage),
  /** Whole bill for the payer and the platform, else the party's own lines. */
  lines: Type.Array(BundleLine),
  /** Of whoever issued an offer or funds a discount, and does not see the whole bill: what its line is computed by. */
  offer: Nullable(BundleOffer),
  /** null where the party does not see the whole bill. */
  payableFen: Nullable(Fen('sum of all lines')),
  shares: Type.Array(BundleShare),
});
export type BundleOrder = Static<typeof BundleOrder>;

/** A rent of a month or a penalty: a bill that no swap has. */
export const BundleCharge = Type.Object({
  chargeId: Type.String(),
  kind: Type.String(),
  carrierId: Type.String(),
  truckId: Type.String(),
  stationId: Nullable(Type.String()),
  orderId: Nullable(Type.String()),
  contractId: Type.String(),
  bookedAt: Type.String(),
  /** Of a rent: month, days in force, days of the month, pack and its nominal content; of a penalty: the instant it is rated at, and the stay in the bay. */
  basis: Type.Record(Type.String(), Type.Unknown()),
  /** Whole bill for the payer and the platform, else the party's own lines. */
  lines: Type.Array(
    Type.Object({
      lineNo: Type.Integer({ description: 'of the whole charge, whoever sees which of its lines' }),
      component: Type.String(),
      amountFen: Fen('signed'),
      taxRateBasisPoints: Type.Integer(),
      beneficiaryId: Type.String(),
      derivation: Type.String(),
    }),
  ),
  payableFen: Nullable(Fen('sum of all lines; null where the party does not see the whole bill')),
  shares: Type.Array(BundleShare),
});
export type BundleCharge = Static<typeof BundleCharge>;

export const BundleTransfer = Type.Object({
  no: Type.String(),
  key: Type.String(),
  kind: Type.String(),
  debitAccountId: Type.String(),
  creditAccountId: Type.String(),
  amountFen: Fen('> 0'),
  orderId: Nullable(Type.String()),
  at: Type.String(),
  /** Batch of the ledger, place in it, and hashes beside the way up to its tree; null: booked before there was a chain. */
  proof: Nullable(
    Type.Object({ partitionNo: Type.Integer(), batchNo: Type.String(), index: Type.Integer(), path: Type.Array(Type.String()) }),
  ),
});
export type BundleTransfer = Static<typeof BundleTransfer>;

export const BundleBatch = Type.Object({
  partitionNo: Type.Integer(),
  batchNo: Type.String(),
  transfers: Type.Integer(),
  previousRoot: Nullable(Type.String()),
  root: Type.String(),
});
export type BundleBatch = Static<typeof BundleBatch>;

/** What changed a bill afterwards; lines and shares as the party sees those of a bill. */
export const BundleCorrection = Type.Object({
  correctionId: Type.String(),
  /** null: of a charge. */
  orderId: Nullable(Type.String()),
  /** null: of an order. */
  chargeId: Nullable(Type.String()),
  carrierId: Type.String(),
  /** By whose rates commission is taken; null: the order was billed before that was kept. */
  contractId: Nullable(Type.String()),
  cause: Type.String(),
  reason: Type.String(),
  bookedAt: Type.String(),
  lines: Type.Array(
    Type.Object({
      lineNo: Type.Integer(),
      ofLineNo: Type.Integer({ description: 'line of the bill that it changes' }),
      component: Type.String(),
      amountFen: Fen('signed'),
      taxRateBasisPoints: Type.Integer(),
      beneficiaryId: Type.String(),
      packId: Nullable(Type.String()),
      derivation: Type.String(),
    }),
  ),
  shares: Type.Array(BundleShare),
});
export type BundleCorrection = Static<typeof BundleCorrection>;

/** A closed period as it was frozen: `contentHash` is the SHA-256 of the content with its keys in order and no white space. */
export const BundleStatement = Type.Object({
  statementId: Type.String(),
  contentHash: Type.String(),
  content: Type.Record(Type.String(), Type.Unknown()),
});
export type BundleStatement = Static<typeof BundleStatement>;

const Definitions = Type.Array(Type.Record(Type.String(), Type.Unknown()));
export const Bundle = Type.Object({
  format: Type.Literal(BUNDLE_FORMAT),
  platformId: Type.String(),
  principalId: Type.String(),
  principalKind: Type.String(),
  from: Type.String({ description: 'included' }),
  until: Type.String({ description: 'not included' }),
  /** As they were agreed; those that the party is no party of hold only what its own lines and shares are computed by. */
  agreements: Type.Object({ contracts: Definitions, stationRates: Definitions, tariffs: Definitions, batteryRates: Definitions }),
  accounts: Type.Array(
    Type.Object({ id: Type.String(), kind: Type.String(), openingFen: Fen('at `from`'), closingFen: Fen('at `until`') }),
  ),
  corrections: Type.Array(BundleCorrection),
  statements: Type.Array(BundleStatement),
  orders: Type.Array(BundleOrder),
  charges: Type.Array(BundleCharge),
  transfers: Type.Array(BundleTransfer),
  batches: Type.Array(BundleBatch),
});

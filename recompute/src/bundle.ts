import { BundleError } from './bundle-error.ts';
import { bundleShape } from './bundle-shape.ts';

/** A bundle as docs/architecture/bundle.md describes it; written down here again, because nothing is shared with who made it. */
export interface Lot {
  energyWh: string;
  period: string;
  priceNanoYuanPerKwh: string;
  /** Of PV energy at a price of its own: the station rate when it was charged. */
  pvRateId?: string;
}
export interface Leg {
  packId: string;
  ownerId: string;
  socPercent: number;
  sohPercent: number;
  nominalWh: string;
  energyWh: string;
  lots: Lot[] | null;
  rentNanoYuanPerKwh: string | null;
}
export interface Line {
  lineNo: number;
  component: string;
  leg: string;
  quantity: string;
  unit: string;
  unitPriceNanoYuan: string;
  amountFen: string;
  taxRateBasisPoints: number;
  beneficiaryId: string;
  period: string | null;
  packId: string | null;
}
export interface Share {
  principalId: string;
  role: string;
  grossFen: string;
  commissionFen: string;
  netFen: string;
}
export interface Usage {
  distanceSinceSwapM: number | null;
  readyPacks: number | null;
  waitedMs: number | null;
  packageGrant: { packageId: string; unit: string; quantity: string; amountFen: string } | null;
}
/** Of who made an offer in it, and does not see the whole bill. */
export interface Offer {
  replacedFen: string;
  dueFen: string;
  netEnergyWh: string;
  usage: Usage;
  /** Discounts that others fund, by how many of the party's own come before them. */
  discountsOfOthers: { afterLines: number; amountFen: string }[];
}
export interface Order {
  orderId: string;
  truckId: string;
  ratedAt: string;
  billedAt: string;
  stationId: string;
  carrierId: string;
  contractId: string;
  stationRateId: string;
  tariffId: string;
  isCredit: boolean;
  out: Leg | null;
  in: Leg | null;
  usage: Usage | null;
  lines: Line[];
  offer: Offer | null;
  payableFen: string | null;
  shares: Share[];
}
export interface Correction {
  correctionId: string;
  /** null: of a charge. */
  orderId: string | null;
  /** null, or absent in files from before charges were corrected: of an order. */
  chargeId?: string | null;
  carrierId: string;
  contractId: string | null;
  bookedAt: string;
  lines: { lineNo: number; ofLineNo: number; component: string; amountFen: string; beneficiaryId: string; packId: string | null }[];
  shares: Share[];
}
export interface Statement {
  statementId: string;
  contentHash: string;
  content: {
    principalId: string;
    principalKind: string;
    from: string;
    until: string;
    orders: { orderId: string; at: string; role: string; netFen: string }[];
    corrections: { correctionId: string; at: string; netFen: string }[];
    others: { key: string; at: string; amountFen: string }[];
    splits: { ruleNo: number; partnerId: string; amountFen: string }[];
    received: { amountFen: string }[];
    totals: Record<string, string>;
  };
}
/** A bill that no swap has. */
export interface Charge {
  chargeId: string;
  kind: string;
  carrierId: string;
  stationId: string | null;
  contractId: string;
  basis: { days?: number; daysOfMonth?: number; nominalWh?: number; ratedAtMs?: number; stayedMs?: number | null };
  /** `lineNo` is absent in files from before charges were corrected. */
  lines: { lineNo?: number; component: string; amountFen: string }[];
  payableFen: string | null;
  shares: Share[];
}
export interface Transfer {
  no: string;
  key: string;
  kind: string;
  debitAccountId: string;
  creditAccountId: string;
  amountFen: string;
  orderId: string | null;
  at: string;
  proof: { partitionNo: number; batchNo: string; index: number; path: string[] } | null;
}
export interface Batch {
  partitionNo: number;
  batchNo: string;
  transfers: number;
  previousRoot: string | null;
  root: string;
}
type Rates = Record<string, number>;
/** How a carrier is charged; which fields there are follows from the mode. */
export interface Billing {
  mode: 'PER_KWH' | 'PER_SWAP' | 'PER_KM' | 'MONTHLY_RENT' | 'PACKAGE';
  issuerId?: string;
  replaces?: string[];
  priceFen?: string;
  priceNanoYuanPerKm?: string;
  feeNanoYuanPerKwhMonth?: string;
}
export interface Incentive {
  validFrom: string;
  validUntil: string;
  when: { hours?: [number, number][]; stationIds?: string[]; readyPacksAbove?: number; readyPacksBelow?: number };
  discount: { nanoYuanPerKwh?: string; fenPerSwap?: string };
}
export interface Penalty {
  kind: string;
  belowSocPercent?: number;
  graceMinutes?: number;
  blockMinutes?: number;
  amountFen: string;
  waivers: { rule: string; until?: string; stationIds?: string[]; minutes?: number }[];
}
export interface Contract {
  id: string;
  splitRule: 'LOTS' | 'SWAP_TIME';
  commissionServiceBasisPoints: number;
  commissionRentBasisPoints: number;
  commission?: Rates;
  tax?: Rates;
  billing?: Billing;
  incentives?: Incentive[];
  penalties?: Penalty[];
}
export interface StationRate {
  id: string;
  serviceNanoYuanPerKwh: string;
  handlingFen: string;
  pvNanoYuanPerKwh?: string;
}
export interface BatteryRate {
  id: string;
  ownerId: string;
  packId?: string;
  effectiveFrom: string;
  rentNanoYuanPerKwh: string;
  sohSteps: { minSohPercent: number; factorBasisPoints: number }[];
}
export interface PeriodHours {
  period: string;
  ranges: [number, number][];
}
export interface Tariff {
  id: string;
  seasons: { months: number[]; hours: PeriodHours[] }[];
  holidays?: { dates: string[]; hours: PeriodHours[] }[];
  prices: { period: string; priceNanoYuanPerKwh?: string; factorBasisPoints?: number }[];
  formula?: { fixedNanoYuanPerKwh: string; baseNanoYuanPerKwh: string; efficiencyBasisPoints?: number };
}
export interface Bundle {
  format: string;
  platformId: string;
  principalId: string;
  principalKind: 'PLATFORM' | 'STATION_OPERATOR' | 'BATTERY_OWNER' | 'CARRIER';
  from: string;
  until: string;
  agreements: { contracts: Contract[]; stationRates: StationRate[]; tariffs: Tariff[]; batteryRates: BatteryRate[] };
  accounts: { id: string; kind: string; openingFen: string; closingFen: string }[];
  corrections: Correction[];
  statements: Statement[];
  orders: Order[];
  /** Absent in files that were exported before there were any. */
  charges?: Charge[];
  transfers: Transfer[];
  batches: Batch[];
}

const FORMAT = 'corridor-bundle/1';

/** @throws BundleError with the first place that is not as it has to be */
export function readBundle(text: string): Bundle {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new BundleError('The file is not JSON, or not whole: export it again.', { cause });
  }
  if (!isBundle(value)) throw new BundleError(`The file is no bundle in the format ${FORMAT}: export it again.`);
  bundleShape(value, '');
  return value;
}

/** By its format; the shape says whether it is as that says. */
const isBundle = (value: unknown): value is Bundle =>
  typeof value === 'object' && value !== null && 'format' in value && value.format === FORMAT;

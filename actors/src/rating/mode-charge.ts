import type { Billing, BillingOf } from '@corridor/protocols/agreement/billing';
import type { RatedComponent } from '@corridor/protocols/agreement/component';
import { assert } from '@corridor/protocols/assert';
import { decimalText, kwhText, priceText, yuanText } from '../ledger/decimal-text.ts';
import { type Fen, fen, ZERO_FEN } from '../ledger/fen.ts';
import { divideHalfUp, NANO_YUAN_PER_FEN, negateFen, sumFen } from '../ledger/fen-arithmetic.ts';
import type { PackageDraw } from '../order/bill.ts';
import type { DraftLine } from './bill-line.ts';
import type { RatingTerms } from './rating-terms.ts';
import type { PackageGrant, SwapUsage } from './swap-usage.ts';

/** What the mode of a contract makes of the rated lines: one more line, and what was taken of a package. */
export interface ModeCharge {
  lines: DraftLine[];
  packageDraw: PackageDraw | null;
}
const UNCHANGED: ModeCharge = { lines: [], packageDraw: null };

/** What the mode charges, and the rated lines that this replaces. */
interface Charge {
  chargedFen: Fen;
  replacedFen: Fen;
  text: () => string;
}

/** A rated swap, before its mode. */
export interface RatedSwap {
  lines: readonly DraftLine[];
  /** Net energy [Wh]; negative when more came in than went out. */
  netWh: bigint;
  /** A pack was given out. */
  isComplete: boolean;
}

/**
 * The adjustment line of a billing mode: what the mode charges less the rated lines that its price includes, to or from the
 * issuer of the offer. So every owner and operator is paid per kWh whatever the carrier pays, and the issuer bears the risk of
 * his price. A swap in which no pack was given is not charged by a mode; what it credits of replaced lines is the issuer's.
 */
export function modeCharge(terms: RatingTerms, swap: RatedSwap, usage: SwapUsage): ModeCharge {
  const billing = terms.contract.billing;
  if (billing === undefined || billing.mode === 'PER_KWH') return UNCHANGED;
  if (billing.mode === 'PACKAGE') return packageCharge(terms, billing, swap, usage.packageGrant);
  const charge = plainCharge(billing, swap, usage);
  return { lines: [adjustmentLine(terms, billing, charge)], packageDraw: null };
}

function plainCharge(billing: Exclude<Billing, { mode: 'PER_KWH' | 'PACKAGE' }>, swap: RatedSwap, usage: SwapUsage): Charge {
  const replaced = billing.mode === 'MONTHLY_RENT' ? (['BATTERY_RENT'] as const) : billing.replaces;
  const replacedFen = sumOf(swap.lines, replaced);
  const charged = chargeOf(billing, swap, usage);
  return {
    chargedFen: charged.amountFen,
    replacedFen,
    text: () => `${charged.text()}; ${replacedText(swap.lines, replaced, replacedFen)}`,
  };
}

function chargeOf(
  billing: Exclude<Billing, { mode: 'PER_KWH' | 'PACKAGE' }>,
  { isComplete }: RatedSwap,
  { distanceSinceSwapM }: SwapUsage,
): { amountFen: Fen; text: () => string } {
  if (billing.mode === 'MONTHLY_RENT') return { amountFen: ZERO_FEN, text: () => 'rent is paid by the month' };
  if (!isComplete) return { amountFen: ZERO_FEN, text: () => 'no pack was given' };
  if (billing.mode === 'PER_SWAP') {
    const amountFen = fen(BigInt(billing.priceFen));
    return { amountFen, text: () => `1 swap x ${yuanText(amountFen)} yuan` };
  }
  assert(distanceSinceSwapM !== null && distanceSinceSwapM >= 0, `distance ${distanceSinceSwapM} m`);
  const distanceM = BigInt(Math.round(distanceSinceSwapM));
  const price = BigInt(billing.priceNanoYuanPerKm);
  const amountFen = fen(divideHalfUp(distanceM * price, 1_000n * NANO_YUAN_PER_FEN));
  return { amountFen, text: () => `${decimalText(distanceM, 3)} km x ${priceText(price)} yuan/km = ${yuanText(amountFen)} yuan` };
}

/** How much of a swap a package covers, `quantity` of `wanted` Wh or swaps; it covers nothing when `quantity` is not above 0. */
export function coverOf(grant: Pick<PackageGrant, 'unit' | 'quantity'>, netWh: bigint): { quantity: bigint; wanted: bigint } {
  const wanted = grant.unit === 'swap' ? 1n : netWh;
  return { quantity: wanted < grant.quantity ? wanted : grant.quantity, wanted };
}

/** The part of the swap that the package covers is paid by it; the rest stays per kWh, and so does a swap without a package. */
function packageCharge(
  terms: RatingTerms,
  billing: BillingOf<'PACKAGE'>,
  { lines, netWh, isComplete }: RatedSwap,
  grant: PackageGrant | null,
): ModeCharge {
  if (grant === null || !isComplete) return UNCHANGED;
  const { quantity, wanted } = coverOf(grant, netWh);
  if (quantity <= 0n) return UNCHANGED;
  const amountFen = drawOf(grant, quantity);
  const replacedFen = fen(divideHalfUp(sumOf(lines, billing.replaces) * quantity, wanted));
  const quantityText = (value: bigint) => (grant.unit === 'swap' ? `${value} swaps` : `${kwhText(value)} kWh`);
  const drawn = () =>
    `package ${grant.packageId}: ${quantityText(quantity)} of ${quantityText(grant.quantity)} for ${yuanText(grant.amountFen)} yuan = ${yuanText(amountFen)} yuan`;
  const covered = quantity === wanted ? '' : `covers ${quantityText(quantity)} of ${quantityText(wanted)}; `;
  const text = () => `${drawn()}; ${covered}${replacedText(lines, billing.replaces, replacedFen)}`;
  return {
    lines: [adjustmentLine(terms, billing, { chargedFen: amountFen, replacedFen, text })],
    packageDraw: { packageId: grant.packageId, quantity, unit: grant.unit, amountFen },
  };
}

/** Money of a part of a grant: in proportion, half up; the last draw takes the rest. @param quantity 1..that of the grant */
export function drawOf(grant: Pick<PackageGrant, 'quantity' | 'amountFen'>, quantity: bigint): Fen {
  assert(quantity > 0n && quantity <= grant.quantity, `draw ${quantity} of ${grant.quantity}`);
  return fen(divideHalfUp(grant.amountFen * quantity, grant.quantity));
}

const sumOf = (lines: readonly DraftLine[], components: readonly RatedComponent[]): Fen =>
  sumFen(lines.filter(({ component }) => components.some((each) => each === component)).map(({ amountFen }) => amountFen));

function replacedText(lines: readonly DraftLine[], components: readonly RatedComponent[], replacedFen: Fen): string {
  const each = components.map((component) => `${component} ${yuanText(sumOf(lines, [component]))}`);
  return `replaces ${each.join(', ')}: ${yuanText(replacedFen)} yuan`;
}

function adjustmentLine(
  { tax, contract }: RatingTerms,
  { mode, issuerId }: Exclude<Billing, { mode: 'PER_KWH' }>,
  charge: Charge,
): DraftLine {
  const { chargedFen, replacedFen, text } = charge;
  const amountFen = fen(chargedFen - replacedFen);
  return {
    component: 'MODE_ADJUSTMENT',
    leg: 'NONE',
    description: `Adjustment, ${mode}`,
    ...perCase(amountFen),
    taxRateBasisPoints: tax.MODE_ADJUSTMENT,
    beneficiaryId: issuerId,
    period: null,
    packId: null,
    derivation: () =>
      `${text()}; ${yuanText(chargedFen)} - (${yuanText(replacedFen)}) = ${yuanText(amountFen)} yuan; contract ${contract.id}`,
  };
}

/** Quantity, price and amount of a line that is no product of two measured figures; prices are never negative. */
export function perCase(amountFen: Fen): Pick<DraftLine, 'quantity' | 'unit' | 'unitPriceNanoYuan' | 'amountFen'> {
  const isCredit = amountFen < 0n;
  return {
    quantity: isCredit ? -1n : 1n,
    unit: 'swap',
    unitPriceNanoYuan: (isCredit ? negateFen(amountFen) : amountFen) * NANO_YUAN_PER_FEN,
    amountFen,
  };
}

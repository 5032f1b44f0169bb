import type { Billing } from '@corridor/protocols/agreement/billing';
import type { Component } from '@corridor/protocols/agreement/component';
import { assert } from '@corridor/protocols/assert';
import { kwhText, priceText, yuanText } from '../ledger/decimal-text.ts';
import { type Fen, fen } from '../ledger/fen.ts';
import { divideHalfUp, energyFeeFen, splitByLargestRemainder, sumFen } from '../ledger/fen-arithmetic.ts';
import type { BillLine } from '../order/bill.ts';
import { METER_TO_PACK_RATIO, METER_TOLERANCE_RATIO } from '../order/order-config.ts';
import { coverOf, perCase } from '../rating/mode-charge.ts';
import type { PackageGrant } from '../rating/swap-usage.ts';
import type { CorrectionDraft } from './correction.ts';

/** What the meter of a slot counted until the returned pack was full, beside what its billed content left to fill. */
export interface MeterDifference {
  readonly orderId: string;
  readonly meteredWh: number;
  readonly billedWh: number;
  readonly nominalWh: number;
}

/** By which mode an order was billed, and what a package had for it. */
export interface BilledMode {
  readonly billing: Billing | undefined;
  /** null: no package covers any of it. */
  readonly packageGrant: Pick<PackageGrant, 'unit' | 'quantity'> | null;
  /** Net energy as it was billed [Wh]. */
  readonly netWh: bigint;
}

/** Energy by which the returned pack was emptier than it was billed [Wh]; negative: it was fuller. */
export const missingWhOf = ({ meteredWh, billedWh }: Pick<MeterDifference, 'meteredWh' | 'billedWh'>): number =>
  Math.round(meteredWh * METER_TO_PACK_RATIO) - billedWh;

/** Above 3 % of the nominal content the meter is believed, not the SOC. */
export const isMismatch = (difference: Omit<MeterDifference, 'orderId'>): boolean =>
  Math.abs(difference.meteredWh * METER_TO_PACK_RATIO - difference.billedWh) > METER_TOLERANCE_RATIO * difference.nominalWh;

/**
 * Lines by which a bill changes when the returned pack held less, or more, than was credited for it: the residual credits of
 * its electricity and rent, at their own prices, and service on the net energy. A pack cannot have held less than nothing.
 * What the carrier's billing mode includes is borne by the issuer of the offer, as in the bill itself: of a swap that a package covers
 * in part, that part.
 * Of a line that was taken back in part before, only the part that still stands changes.
 * @param lines of the order   @param correctedFen by line, what corrections added to it before
 * @returns none when nothing of the bill depends on the content
 */
export function meterCorrectionLines(
  lines: readonly BillLine[],
  difference: MeterDifference,
  mode: BilledMode,
  correctedFen: ReadonlyMap<number, bigint>,
): CorrectionDraft[] {
  const creditedWh = lines
    .filter(({ component, leg }) => component === 'BATTERY_RENT' && leg === 'IN')
    .reduce((sum, { quantity }) => sum - quantity, 0n);
  const foundWh = BigInt(missingWhOf(difference));
  const missingWh = foundWh > creditedWh ? creditedWh : foundWh;
  if (missingWh === 0n) return [];
  const why = `meter ${kwhText(BigInt(difference.meteredWh))} kWh x ${METER_TO_PACK_RATIO} - billed ${kwhText(BigInt(difference.billedWh))} = ${kwhText(foundWh)} kWh`;
  const residuals = lines.filter(({ component, leg }) => component === 'ELECTRICITY' && leg === 'IN');
  const parts = residuals.length === 0 ? [] : splitByLargestRemainder(missingWh, weightsOf(residuals));
  const drafts = [
    ...residuals.map((line, index) => corrected(line, parts[index] ?? 0n, why)),
    ...lines
      .filter(({ component, leg }) => component === 'SERVICE' || (component === 'BATTERY_RENT' && leg === 'IN'))
      .map((line) => corrected(line, missingWh, why)),
  ]
    .map((draft) => ofWhatStands(draft, lines, correctedFen))
    .filter(({ amountFen }) => amountFen !== 0n);
  return [...drafts, ...borneByIssuer(drafts, lines, mode)];
}

function weightsOf(residuals: readonly BillLine[]): bigint[] {
  const weights = residuals.map(({ quantity }) => (quantity < 0n ? -quantity : quantity));
  return weights.some((weight) => weight > 0n) ? weights : weights.map(() => 1n);
}

function corrected(line: BillLine, quantity: bigint, why: string): CorrectionDraft {
  const { lineNo, ...rest } = line;
  const amountFen = energyFeeFen(quantity, line.unitPriceNanoYuan);
  return {
    ...rest,
    ofLineNo: lineNo,
    description: `Correction by the meter of line ${lineNo}, ${line.description}`,
    quantity,
    amountFen,
    derivation: `${why}; ${kwhText(quantity)} kWh x ${priceText(line.unitPriceNanoYuan)} yuan/kWh = ${yuanText(amountFen)} yuan`,
  };
}

/** A dispute may have taken back what the meter would take back again. */
function ofWhatStands(draft: CorrectionDraft, lines: readonly BillLine[], correctedFen: ReadonlyMap<number, bigint>): CorrectionDraft {
  const before = correctedFen.get(draft.ofLineNo) ?? 0n;
  const billedFen = lines.find(({ lineNo }) => lineNo === draft.ofLineNo)?.amountFen ?? 0n;
  if (before === 0n || billedFen === 0n) return draft;
  const standsFen = billedFen + before;
  const [part, whole] = billedFen < 0n ? [0n - standsFen, 0n - billedFen] : [standsFen, billedFen];
  const amountFen = fen(divideHalfUp(draft.amountFen * part, whole));
  return {
    ...draft,
    ...perCase(amountFen),
    derivation: `${draft.derivation}; of the line ${yuanText(standsFen)} of ${yuanText(billedFen)} yuan still stand: ${yuanText(amountFen)} yuan`,
  };
}

function borneByIssuer(drafts: readonly CorrectionDraft[], lines: readonly BillLine[], mode: BilledMode): CorrectionDraft[] {
  const { billing } = mode;
  const adjusted = lines.find(({ component }) => component === 'MODE_ADJUSTMENT');
  if (billing === undefined || billing.mode === 'PER_KWH' || adjusted === undefined) return [];
  const replaced: readonly Component[] = billing.mode === 'MONTHLY_RENT' ? ['BATTERY_RENT'] : billing.replaces;
  const replacedFen = sumFen(drafts.filter(({ component }) => replaced.includes(component)).map((draft) => draft.amountFen));
  const { quantity, wanted } = includedPart(mode);
  const amountFen: Fen = fen(0n - divideHalfUp(replacedFen * quantity, wanted));
  if (amountFen === 0n) return [];
  const { lineNo, ...rest } = adjusted;
  const part = quantity === wanted ? '' : `, ${quantity} of ${wanted} Wh of ${yuanText(replacedFen)} yuan`;
  const derivation = `what ${billing.mode} includes${part}: ${yuanText(amountFen)} yuan`;
  const description = `Correction by the meter of line ${lineNo}, ${adjusted.description}`;
  return [{ ...rest, ...perCase(amountFen), ofLineNo: lineNo, description, derivation }];
}

/** A package includes what it covered of the swap; every other mode, all of it. */
function includedPart({ billing, packageGrant, netWh }: BilledMode): { quantity: bigint; wanted: bigint } {
  if (billing?.mode !== 'PACKAGE') return { quantity: 1n, wanted: 1n };
  const cover = packageGrant === null ? null : coverOf(packageGrant, netWh);
  assert(cover !== null && cover.quantity > 0n, 'adjusted by a package that covered nothing');
  return cover;
}

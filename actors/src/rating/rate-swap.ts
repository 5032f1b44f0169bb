import { assert, violated } from '@corridor/protocols/assert';
import { fen } from '../ledger/fen.ts';
import { sumFen } from '../ledger/fen-arithmetic.ts';
import type { PackLeg } from '../network/actor-event.ts';
import type { Bill, BillAmounts, BillLine, PackageDraw } from '../order/bill.ts';
import { imbalanceOf } from '../order/bill-balance.ts';
import { lotsEnergyWh } from '../pack/energy-lot.rules.ts';
import { type DraftLine, electricityLines, handlingLine, rentLine, serviceLine } from './bill-line.ts';
import { type ClearingTerms, clearingShares } from './clearing-shares.ts';
import { incentiveLines } from './incentive-lines.ts';
import { modeCharge } from './mode-charge.ts';
import { deepDischargeLines, noShowLines, overstayLines } from './penalty-lines.ts';
import type { PenaltyTerms, RatingTerms } from './rating-terms.ts';
import { type SwapUsage, usageRefusal } from './swap-usage.ts';

/** What changed hands: a pack out and one in, or only one in when nothing was given for it (battery_out_timeout). */
export type SwapLegs = { out: PackLeg; in: PackLeg } | { out: null; in: PackLeg };

/**
 * Rates a swap. First per kWh, to each owner: two legs for everything that belongs to a pack (electricity by its lots, rent to
 * its owner), service on net energy, handling. Then what the contract makes of it: the adjustment of its billing mode,
 * incentives, penalties. Without a pack out, the energy brought back is credited (electricity, rent, and the service that
 * was paid on it) and nothing is charged. Each line is rounded once.
 * Whether it balances is asked of `imbalanceOf` before it is booked.
 * @throws InvariantError when lots do not sum to the content of their pack, or `usageRefusal` was not asked: bugs
 */
export function rateSwap(terms: RatingTerms, legs: SwapLegs, usage: SwapUsage, { omitsDerivations = false } = {}): Bill {
  const { amounts, drafts } = ratedSwap(terms, legs, usage);
  return { ...amounts, lines: omitsDerivations ? drafts.map(withoutWords) : drafts.map(inWords) };
}

/** As `rateSwap`, to the fen, for who reads no lines: their derivations are not put into words. */
export function swapAmounts(terms: RatingTerms, legs: SwapLegs, usage: SwapUsage): BillAmounts {
  return ratedSwap(terms, legs, usage).amounts;
}

/** Amounts, and the lines that they were made of. */
interface Rated {
  amounts: BillAmounts;
  drafts: readonly DraftLine[];
}

function ratedSwap(terms: RatingTerms, legs: SwapLegs, usage: SwapUsage): Rated {
  for (const leg of [legs.out, legs.in]) {
    if (leg !== null && lotsEnergyWh(leg.lots) !== leg.energyWh) violated(`lots of ${leg.packId} do not sum to ${leg.energyWh} Wh`);
  }
  const isComplete = legs.out !== null;
  const unknown = isComplete ? usageRefusal(terms, usage) : null;
  if (unknown !== null) violated(`usage of a swap is not known: ${unknown}`);
  const lines = ratedLines(terms, legs);
  const netWh = BigInt((legs.out?.energyWh ?? 0) - legs.in.energyWh);
  const mode = modeCharge(terms, { lines, netWh, isComplete }, usage);
  const drafts = [...lines, ...mode.lines];
  if (isComplete) {
    const dueFen = fen(sumFen(drafts.map((line) => line.amountFen)) - (mode.packageDraw?.amountFen ?? 0n));
    drafts.push(...incentiveLines(terms, usage, netWh, dueFen), ...deepDischargeLines(terms, legs.in, usage));
  }
  return rated(terms, drafts, { energyOutWh: legs.out?.energyWh ?? 0, energyInWh: legs.in.energyWh, packageDraw: mode.packageDraw });
}

function ratedLines(terms: RatingTerms, legs: SwapLegs): DraftLine[] {
  const energyOutWh = legs.out?.energyWh ?? 0;
  return [
    ...(legs.out === null ? [] : electricityLines('OUT', legs.out, terms)),
    ...electricityLines('IN', legs.in, terms),
    serviceLine(energyOutWh, legs.in.energyWh, terms),
    ...(legs.out === null ? [] : [rentLine('OUT', legs.out, terms)]),
    rentLine('IN', legs.in, terms),
    ...(legs.out === null ? [] : [handlingLine(terms)]),
  ];
}

/** Bill of a truck that did not come; null: its contract has no penalty for that. */
export function rateNoShow(terms: PenaltyTerms): Bill | null {
  return penaltyBill(terms, noShowLines(terms));
}

/** Bill of a truck that kept the bay after its swap; null: nothing is owed. @param stayedMs after the swap, >= 0 */
export function rateOverstay(terms: PenaltyTerms, stayedMs: number): Bill | null {
  return penaltyBill(terms, overstayLines(terms, stayedMs));
}

function penaltyBill(terms: PenaltyTerms, lines: DraftLine[]): Bill | null {
  if (lines.length === 0) return null;
  const { amounts, drafts } = rated(terms, lines, { energyOutWh: 0, energyInWh: 0, packageDraw: null });
  const bill = { ...amounts, lines: drafts.map(inWords) };
  const imbalance = imbalanceOf(bill);
  assert(imbalance === null, imbalance ?? '');
  return bill;
}

function rated(
  terms: ClearingTerms,
  drafts: readonly DraftLine[],
  of: { energyOutWh: number; energyInWh: number; packageDraw: PackageDraw | null },
): Rated {
  const payableFen = sumFen(drafts.map((line) => line.amountFen));
  const shares = clearingShares(drafts, terms);
  return { amounts: { payableFen, ...of, shares }, drafts };
}

const inWords = (draft: DraftLine, index: number): BillLine => lineOf(draft, index + 1, draft.derivation());
const withoutWords = (draft: DraftLine, index: number): BillLine => lineOf(draft, index + 1, '');

/** Field by field: a spread after the first field takes as long as the rating of the line. */
function lineOf(draft: DraftLine, lineNo: number, derivation: string): BillLine {
  const { component, leg, description, quantity, unit, unitPriceNanoYuan, amountFen } = draft;
  const { taxRateBasisPoints, beneficiaryId, period, packId } = draft;
  return {
    lineNo,
    component,
    leg,
    description,
    quantity,
    unit,
    unitPriceNanoYuan,
    amountFen,
    taxRateBasisPoints,
    beneficiaryId,
    period,
    packId,
    derivation,
  };
}

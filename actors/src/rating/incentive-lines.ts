import type { Incentive } from '@corridor/protocols/agreement/incentive';
import { kwhText, priceText, yuanText } from '../ledger/decimal-text.ts';
import { type Fen, fen } from '../ledger/fen.ts';
import { energyFeeFen, negateFen } from '../ledger/fen-arithmetic.ts';
import { localHourOf } from '../tariff/local-time.ts';
import type { DraftLine } from './bill-line.ts';
import { perCase } from './mode-charge.ts';
import type { RatingTerms } from './rating-terms.ts';
import type { SwapUsage } from './swap-usage.ts';

/** All that the rule states holds; what it asks and nobody knows does not. */
export function isIncentiveEarned({ validFrom, validUntil, when }: Incentive, terms: RatingTerms, { readyPacks }: SwapUsage): boolean {
  const { date, hour } = localHourOf(terms.atMs);
  if (date < validFrom || date > validUntil) return false;
  const { hours, stationIds, readyPacksAbove, readyPacksBelow } = when;
  if (hours !== undefined && !hours.some(([from, to]) => from <= hour && hour < to)) return false;
  if (stationIds !== undefined && !stationIds.includes(terms.stationId)) return false;
  if (readyPacksAbove !== undefined && !(readyPacks !== null && readyPacks > readyPacksAbove)) return false;
  return readyPacksBelow === undefined || (readyPacks !== null && readyPacks < readyPacksBelow);
}

/**
 * A line for each incentive of the contract that is earned, in its order. Together they take at most what there is to pay:
 * a discount does not pay for driving.
 * @param netWh net energy of the swap   @param dueFen to pay without them
 */
export function incentiveLines(terms: RatingTerms, usage: SwapUsage, netWh: bigint, dueFen: Fen): DraftLine[] {
  let leftFen: bigint = dueFen > 0n ? dueFen : 0n;
  const lines: DraftLine[] = [];
  for (const incentive of terms.contract.incentives ?? []) {
    if (leftFen === 0n || !isIncentiveEarned(incentive, terms, usage)) continue;
    const line = incentiveLine(incentive, terms, netWh > 0n ? netWh : 0n, fen(leftFen));
    if (line.amountFen === 0n) continue;
    leftFen += line.amountFen;
    lines.push(line);
  }
  return lines;
}

function incentiveLine(incentive: Incentive, { tax }: RatingTerms, energyWh: bigint, leftFen: Fen): DraftLine {
  const { id, name, discount, funderId } = incentive;
  const isPerKwh = 'nanoYuanPerKwh' in discount;
  const priceNanoYuan = isPerKwh ? BigInt(discount.nanoYuanPerKwh) : 0n;
  const wantedFen = isPerKwh ? energyFeeFen(-energyWh, priceNanoYuan) : fen(-BigInt(discount.fenPerSwap));
  const isCapped = negateFen(wantedFen) > leftFen;
  const amountFen = isCapped ? negateFen(leftFen) : wantedFen;
  const wanted = () =>
    isPerKwh
      ? `-${kwhText(energyWh)} kWh x ${priceText(priceNanoYuan)} yuan/kWh, rounded ${yuanText(wantedFen)} yuan`
      : `-1 swap x ${yuanText(negateFen(wantedFen))} yuan`;
  return {
    component: 'INCENTIVE',
    leg: 'NONE',
    description: name,
    ...(isPerKwh && !isCapped ? { quantity: -energyWh, unit: 'Wh', unitPriceNanoYuan: priceNanoYuan, amountFen } : perCase(amountFen)),
    taxRateBasisPoints: tax.INCENTIVE,
    beneficiaryId: funderId,
    period: null,
    packId: null,
    derivation: () => `${wanted()}${isCapped ? `; at most what is left to pay, ${yuanText(leftFen)} yuan` : ''}; incentive ${id}`,
  };
}

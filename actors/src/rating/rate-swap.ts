import { assert } from '@corridor/protocols/assert';
import { sumFen } from '../ledger/fen-arithmetic.ts';
import type { PackLeg } from '../network/actor-event.ts';
import type { Bill } from '../order/bill.ts';
import { lotsEnergyWh } from '../pack/energy-lot.rules.ts';
import { type DraftLine, electricityLines, handlingLine, rentLine, serviceLine } from './bill-line.ts';
import { clearingShares } from './clearing-shares.ts';
import type { RatingTerms } from './rating-terms.ts';

/** What changed hands: a pack out and one in, or only one in when nothing was given for it (battery_out_timeout). */
export type SwapLegs = { out: PackLeg; in: PackLeg } | { out: null; in: PackLeg };

/**
 * Rates a swap: two legs for everything that belongs to a pack (electricity by its lots, rent to its owner), service on net
 * energy, handling. Without a pack out, the energy brought back is credited (electricity, rent, and the service that was
 * paid on it) and nothing is charged. Each line is rounded once.
 * @throws InvariantError when lots do not sum to the content of their pack, or the bill does not balance: bugs
 */
export function rateSwap(terms: RatingTerms, legs: SwapLegs): Bill {
  for (const leg of [legs.out, legs.in]) {
    if (leg !== null) assert(lotsEnergyWh(leg.lots) === leg.energyWh, `lots of ${leg.packId} do not sum to ${leg.energyWh} Wh`);
  }
  const energyOutWh = legs.out?.energyWh ?? 0;
  const energyInWh = legs.in.energyWh;
  const drafts: DraftLine[] = [
    ...(legs.out === null ? [] : electricityLines('OUT', legs.out, terms)),
    ...electricityLines('IN', legs.in, terms),
    serviceLine(energyOutWh, energyInWh, terms),
    ...(legs.out === null ? [] : [rentLine('OUT', legs.out, terms)]),
    rentLine('IN', legs.in, terms),
    ...(legs.out === null ? [] : [handlingLine(terms)]),
  ];
  const lines = drafts.map((draft, index) => ({ lineNo: index + 1, ...draft }));
  const payableFen = sumFen(lines.map((line) => line.amountFen));
  const shares = clearingShares(lines, terms);
  const netFen = sumFen(shares.map((share) => share.netFen));
  assert(netFen === payableFen, `nets sum to ${netFen} fen of ${payableFen}`);
  return { payableFen, energyOutWh, energyInWh, lines, shares };
}

import type { Component } from '@corridor/protocols/agreement/component';
import { type Fen, fen, ZERO_FEN } from '../ledger/fen.ts';
import { basisPointsOf, negateFen, sumFen } from '../ledger/fen-arithmetic.ts';
import type { BillLine, ClearingShare } from '../order/bill.ts';
import type { RatingTerms } from './rating-terms.ts';

/** Components whose recipients pay commission. Electricity is passed on without one. */
const isCommissioned: Partial<Record<Component, boolean>> = { SERVICE: true, SWAP_HANDLING: true, BATTERY_RENT: true };

interface Gross {
  principalId: string;
  role: 'STATION_OPERATOR' | 'BATTERY_OWNER';
  grossFen: bigint;
  /** Part of gross that commission is taken of. */
  baseFen: bigint;
}

/**
 * First clearing of an order: the lines by who earns them, less the platform's commission on the sum of each. A refund of
 * rent gives its commission back. Nets sum to the payable amount.
 */
export function clearingShares(lines: readonly BillLine[], terms: RatingTerms): ClearingShare[] {
  const gross = new Map<string, Gross>();
  for (const line of lines) {
    const role = line.component === 'BATTERY_RENT' ? 'BATTERY_OWNER' : 'STATION_OPERATOR';
    const key = `${role}:${line.beneficiaryId}`;
    const share = gross.get(key) ?? { principalId: line.beneficiaryId, role, grossFen: 0n, baseFen: 0n };
    share.grossFen += line.amountFen;
    if (isCommissioned[line.component]) share.baseFen += line.amountFen;
    gross.set(key, share);
  }
  const shares = [...gross.values()].map((share) => netOf(share, terms));
  const commissionFen = negateFen(sumFen(shares.map((share) => share.commissionFen)));
  return [...shares, { principalId: terms.platformId, role: 'PLATFORM', grossFen: ZERO_FEN, commissionFen, netFen: commissionFen }];
}

function netOf({ principalId, role, grossFen, baseFen }: Gross, { contract }: RatingTerms): ClearingShare {
  const basisPoints = role === 'BATTERY_OWNER' ? contract.commissionRentBasisPoints : contract.commissionServiceBasisPoints;
  const commissionFen: Fen = negateFen(basisPointsOf(fen(baseFen), basisPoints));
  return { principalId, role, grossFen: fen(grossFen), commissionFen, netFen: fen(grossFen + commissionFen) };
}

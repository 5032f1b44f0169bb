import type { Component } from '@corridor/protocols/agreement/component';
import { type Fen, fen, ZERO_FEN } from '../ledger/fen.ts';
import { divideHalfUp, negateFen, sumFen } from '../ledger/fen-arithmetic.ts';
import type { BillLine, ClearingShare, ShareRole } from '../order/bill.ts';
import type { RatingTerms } from './rating-terms.ts';

const WHOLE = 10_000n;

/** What lines are cleared by, whether of a swap or of its correction. */
export type ClearingTerms = Pick<RatingTerms, 'commission' | 'platformId'>;

/** What of a line is cleared. */
type ClearedLine = Pick<BillLine, 'component' | 'packId' | 'beneficiaryId' | 'amountFen'>;

/** Why a principal has a line; a penalty goes to the owner of the pack that it is for, else to the station. */
function roleOf({ component, packId }: ClearedLine): Exclude<ShareRole, 'PLATFORM'> {
  switch (component) {
    case 'ELECTRICITY':
    case 'SERVICE':
    case 'SWAP_HANDLING':
      return 'STATION_OPERATOR';
    case 'BATTERY_RENT':
      return 'BATTERY_OWNER';
    case 'PENALTY':
    case 'WAIVER':
      return packId === null ? 'STATION_OPERATOR' : 'BATTERY_OWNER';
    case 'MODE_ADJUSTMENT':
      return 'ISSUER';
    case 'INCENTIVE':
      return 'FUNDER';
  }
}

/** Commission of a component [basis points]; a waiver gives that of its penalty back. */
function commissionBasisPoints(component: Component, { commission }: ClearingTerms): number {
  switch (component) {
    case 'MODE_ADJUSTMENT':
    case 'INCENTIVE':
      return 0;
    case 'WAIVER':
      return commission.PENALTY;
    default:
      return commission[component];
  }
}

interface Gross {
  principalId: string;
  role: Exclude<ShareRole, 'PLATFORM'>;
  grossFen: bigint;
  /** Commission before its only rounding [fen x basis points]. */
  commissionScaled: bigint;
}

/**
 * First clearing of an order: the lines by who earns them, less the platform's commission on the sum of each. A refund of
 * rent gives its commission back. Nets sum to the payable amount.
 */
export function clearingShares(lines: readonly ClearedLine[], terms: ClearingTerms): ClearingShare[] {
  // A bill has few who earn: looking through them is quicker than a key for each line.
  const gross: Gross[] = [];
  for (const line of lines) {
    const role = roleOf(line);
    let share = gross.find((each) => each.principalId === line.beneficiaryId && each.role === role);
    if (share === undefined) {
      share = { principalId: line.beneficiaryId, role, grossFen: 0n, commissionScaled: 0n };
      gross.push(share);
    }
    share.grossFen += line.amountFen;
    const basisPoints = commissionBasisPoints(line.component, terms);
    if (basisPoints !== 0) share.commissionScaled += line.amountFen * BigInt(basisPoints);
  }
  const shares = gross.map(netOf);
  const commissionFen = negateFen(sumFen(shares.map((share) => share.commissionFen)));
  return [...shares, { principalId: terms.platformId, role: 'PLATFORM', grossFen: ZERO_FEN, commissionFen, netFen: commissionFen }];
}

function netOf({ principalId, role, grossFen, commissionScaled }: Gross): ClearingShare {
  const commissionFen = negateFen(fen(divideHalfUp(commissionScaled, WHOLE)));
  return { principalId, role, grossFen: fen(grossFen), commissionFen, netFen: fen(grossFen + commissionFen) };
}

/** Net of each principal: one that has several roles is paid once. Those that get nothing are left out. */
export function netByPrincipal(shares: readonly ClearingShare[]): Map<string, Fen> {
  const nets = new Map<string, Fen>();
  for (const { principalId, netFen } of shares) nets.set(principalId, fen((nets.get(principalId) ?? 0n) + netFen));
  for (const [principalId, netFen] of nets) if (netFen === 0n) nets.delete(principalId);
  return nets;
}

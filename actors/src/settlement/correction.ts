import { assert } from '@corridor/protocols/assert';
import { type Fen, fen } from '../ledger/fen.ts';
import { sumFen } from '../ledger/fen-arithmetic.ts';
import { accountOf, type Transfer, type TransferKind } from '../ledger/transfer.ts';
import type { BillLine, ClearingShare } from '../order/bill.ts';
import { type ClearingTerms, clearingShares, netByPrincipal } from '../rating/clearing-shares.ts';

/** METER: the slot's meter found another energy than was billed; DISPUTE: the platform upheld an objection. */
export type CorrectionCause = 'METER' | 'DISPUTE';

/** A line of a correction, and the line of the bill that it changes. */
export type CorrectionLine = BillLine & { readonly ofLineNo: number };
export type CorrectionDraft = Omit<CorrectionLine, 'lineNo'>;

/** The bill that is disputed or corrected: of an order, or a charge beside swaps. */
export type BillOf = { readonly orderId: string; readonly chargeId: null } | { readonly orderId: null; readonly chargeId: string };

/** What a correction is for, before its lines are decided. */
export type CorrectionAbout = BillOf & {
  /** `meter:<order>`, `dispute:<id>`: once each. */
  readonly correctionId: string;
  readonly carrierId: string;
  readonly cause: CorrectionCause;
  readonly disputeId: string | null;
  readonly reason: string;
  /** Who decided. */
  readonly by: string;
};

/** What changes a bill afterwards: lines and shares of its own, beside those of the bill, which stay as they are. */
export type Correction = CorrectionAbout & {
  /** As a change: negative is given back to the carrier. */
  readonly lines: readonly CorrectionLine[];
  readonly shares: readonly ClearingShare[];
  /** Sum of the lines and of the nets: positive is paid by the carrier. */
  readonly payableFen: Fen;
};

/** A correction of lines that are decided. @throws InvariantError when it does not balance: a bug */
export function correctionOf(about: CorrectionAbout, drafts: readonly CorrectionDraft[], terms: ClearingTerms): Correction {
  const lines = drafts.map((draft, index) => ({ lineNo: index + 1, ...draft }));
  const payableFen = sumFen(lines.map(({ amountFen }) => amountFen));
  const shares = clearingShares(lines, terms);
  const netFen = sumFen(shares.map((share) => share.netFen));
  assert(netFen === payableFen, `nets of ${about.correctionId} sum to ${netFen} fen of ${payableFen}`);
  return { ...about, lines, shares, payableFen };
}

/** Beside `charge` and `refund`, which may be somebody's id. */
const netOf = (principalId: string): string => `net:${principalId}`;

/** Through the clearing account, first in, then out, so that it never goes below zero and ends as it began. */
export function correctionTransfers(correction: Correction, platformId: string): Transfer[] {
  const { correctionId, orderId, carrierId, payableFen } = correction;
  const clearing = accountOf.clearing(platformId);
  const prepaid = accountOf.prepaid(carrierId);
  const nets = [...netByPrincipal(correction.shares)];
  const move = (name: string, kind: TransferKind, from: string, to: string, amountFen: bigint): Transfer => ({
    key: `correction:${correctionId}:${name}`,
    kind,
    debitAccountId: from,
    creditAccountId: to,
    amountFen: fen(amountFen),
    orderId,
  });
  const charged = payableFen > 0n ? [move('charge', 'CORRECTION', prepaid, clearing, payableFen)] : [];
  const givenBack = nets
    .filter(([, netFen]) => netFen < 0n)
    .map(([id, netFen]) => move(netOf(id), 'CORRECTION', accountOf.income(id), clearing, 0n - netFen));
  const earned = nets
    .filter(([, netFen]) => netFen > 0n)
    .map(([id, netFen]) => move(netOf(id), 'CORRECTION', clearing, accountOf.income(id), netFen));
  const refunded = payableFen < 0n ? [move('refund', 'REFUND', clearing, prepaid, 0n - payableFen)] : [];
  return [...charged, ...givenBack, ...earned, ...refunded];
}

import { fen } from '../ledger/fen.ts';
import type { Emitted } from '../network/effect.ts';
import { effect, tell } from '../network/outgoing.ts';
import type { Surroundings } from '../network/reference.ts';
import { netByPrincipal } from '../rating/clearing-shares.ts';
import { correctionTransfers } from '../settlement/correction.ts';
import { type AccountContext, type AccountEventOf, isCarrier, type Outcome, ownerOf } from './account.rules.ts';
import { decidePosting } from './hold.rules.ts';

/**
 * A correction of a bill passes the account of the carrier that paid it, because only that may refuse: what it would have to pay
 * more is not taken when its balance is short, and nothing of the correction is booked then.
 */
export function onCorrectionRequested(
  context: AccountContext,
  { correction, intentId, atMs }: AccountEventOf<'account.correctionRequested'>,
  surroundings: Surroundings,
): Outcome {
  const { books } = context;
  const { correctionId, orderId, payableFen } = correction;
  const answer = (ok: boolean, code: string, detail: string): Emitted[] =>
    intentId === null ? [] : [effect({ type: 'intent.answered', atMs, intentId, ok, code, detail, orderId })];
  const { platformId } = ownerOf(context, surroundings);
  if (!isCarrier(context, surroundings)) return { books, emitted: answer(false, 'NOT_A_CARRIER', `${context.principalId} pays no orders`) };
  const key = `correction:${correctionId}`;
  const decision = decidePosting(books, { key, amountFen: fen(0n - payableFen) }, true);
  if (decision.result !== 'posted') return { books, emitted: answer(false, 'CORRECTION_EXISTS', `${correctionId} is booked already`) };
  if (decision.books.prepaidFen < 0n) {
    return { books, emitted: answer(false, 'NO_CREDIT', `${correctionId}: ${payableFen} fen are more than the balance`) };
  }
  const transfers = correctionTransfers(correction, platformId);
  const postings = [...netByPrincipal(correction.shares)].map(([principalId, netFen]) =>
    tell('account', principalId, { type: 'account.posted', atMs, key, amountFen: netFen }),
  );
  return {
    books: decision.books,
    emitted: [
      ...(transfers.length === 0 ? [] : [effect({ type: 'ledger.posted', atMs, transfers })]),
      effect({ type: 'correction.booked', atMs, correction }),
      ...postings,
      ...answer(true, 'CORRECTED', `${correctionId}: ${payableFen} fen`),
    ],
  };
}

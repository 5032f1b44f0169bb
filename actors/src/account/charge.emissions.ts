import { type Charge, chargeTransfers } from '../charge/charge.ts';
import { fen } from '../ledger/fen.ts';
import type { Emitted } from '../network/effect.ts';
import { effect, tell } from '../network/outgoing.ts';
import type { Surroundings } from '../network/reference.ts';
import { netByPrincipal } from '../rating/clearing-shares.ts';
import { type AccountContext, type AccountEventOf, isCarrier, type Outcome, ownerOf } from './account.rules.ts';
import { decidePosting } from './hold.rules.ts';

const chargeKey = ({ chargeId }: Charge) => `charge:${chargeId}`;

/** What is owed beside swaps is paid whole from the balance, or not yet: `NO_CREDIT`, and whoever asked asks again. A waived one is only told. */
export function onChargeRequested(
  context: AccountContext,
  { charge, intentId, atMs }: AccountEventOf<'account.chargeRequested'>,
  surroundings: Surroundings,
): Outcome {
  const { books } = context;
  const { chargeId, payableFen } = charge;
  const answer = (ok: boolean, code: string, detail: string): Emitted[] =>
    intentId === null ? [] : [effect({ type: 'intent.answered', atMs, intentId, ok, code, detail, orderId: charge.orderId })];
  if (!isCarrier(context, surroundings)) {
    return { books, emitted: answer(false, 'NOT_A_CARRIER', `${context.principalId} has no prepaid account`) };
  }
  const key = chargeKey(charge);
  const decision = decidePosting(books, { key, amountFen: fen(0n - payableFen) }, true);
  if (decision.result !== 'posted') return { books, emitted: answer(false, 'CHARGE_EXISTS', `${chargeId} is booked already`) };
  if (decision.books.prepaidFen < 0n) {
    return { books, emitted: answer(false, 'NO_CREDIT', `${chargeId}: ${payableFen} fen are more than the balance`) };
  }
  const transfers = chargeTransfers(charge, ownerOf(context, surroundings).platformId);
  const postings =
    payableFen === 0n
      ? []
      : [...netByPrincipal(charge.shares)].map(([principalId, amountFen]) =>
          tell('account', principalId, { type: 'account.posted', atMs, key, amountFen }),
        );
  return {
    books: decision.books,
    emitted: [
      ...(transfers.length === 0 ? [] : [effect({ type: 'ledger.posted', atMs, transfers })]),
      effect({ type: 'charge.booked', atMs, charge }),
      ...postings,
      ...answer(true, 'CHARGED', `${chargeId}: ${payableFen} fen`),
    ],
  };
}

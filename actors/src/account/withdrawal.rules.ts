import { type Fen, fen } from '../ledger/fen.ts';
import { accountOf, type Transfer } from '../ledger/transfer.ts';
import type { Books, BooksOwner, Decision } from './hold.rules.ts';

/** Balance that a carrier asked back and the payment rail has not paid out yet: it is held, so that no swap can spend it. */
export interface Withdrawal {
  key: string;
  amountFen: Fen;
}

/** What becomes of a request to pay balance out, in the order in which it is checked. */
export const WITHDRAWAL_RESULTS = [
  'exists',
  'exists_with_different_amount',
  'closed_already',
  'amount_is_not_positive',
  'account_blocked',
  'exceeds_credits',
  'held',
] as const;
export type WithdrawalResult = (typeof WITHDRAWAL_RESULTS)[number];

export const WITHDRAWAL_END_RESULTS = ['exists', 'withdrawal_unknown', 'ended'] as const;
export type WithdrawalEndResult = (typeof WITHDRAWAL_END_RESULTS)[number];

/** How many ended ones are remembered; the ledger's unique keys stand behind them. */
const ENDED_MAX = 16;

/** As the ledger and the payment know it. */
export const withdrawalKey = (carrierId: string, key: string): string => `withdrawal:${carrierId}:${key}`;

export const withdrawalsOf = (books: Books): readonly Withdrawal[] => books.withdrawals ?? [];
const endedOf = (books: Books): readonly string[] => books.endedWithdrawals ?? [];

/** A carrier wants its money back: prepaid -> held. What is held for orders stays, and a blocked account gives nothing back. */
export function decideWithdrawal(
  owner: BooksOwner,
  books: Books,
  ask: { key: string; amountFen: Fen },
  blocked: boolean,
): Decision<WithdrawalResult> {
  const refuse = (result: WithdrawalResult) => ({ result, books, transfers: [] });
  const { key, amountFen } = ask;
  const known = withdrawalsOf(books).find((each) => each.key === key);
  if (known) return refuse(known.amountFen === amountFen ? 'exists' : 'exists_with_different_amount');
  if (endedOf(books).includes(key)) return refuse('closed_already');
  if (amountFen <= 0n) return refuse('amount_is_not_positive');
  if (blocked) return refuse('account_blocked');
  if (amountFen > books.prepaidFen) return refuse('exceeds_credits');
  return {
    result: 'held',
    books: {
      ...books,
      prepaidFen: fen(books.prepaidFen - amountFen),
      heldFen: fen(books.heldFen + amountFen),
      withdrawals: [...withdrawalsOf(books), { key, amountFen }],
    },
    transfers: [move(owner, ask, 'hold', 'HOLD', accountOf.prepaid, accountOf.held)],
  };
}

/** The rail paid it out, or will not: then it goes back to the balance. */
export function decideWithdrawalEnd(
  owner: BooksOwner,
  books: Books,
  ask: { key: string; paidBy: string | null },
): Decision<WithdrawalEndResult> {
  const withdrawal = withdrawalsOf(books).find(({ key }) => key === ask.key);
  if (withdrawal === undefined) return { result: endedOf(books).includes(ask.key) ? 'exists' : 'withdrawal_unknown', books, transfers: [] };
  const { paidBy } = ask;
  const { amountFen } = withdrawal;
  const transfer =
    paidBy === null
      ? move(owner, withdrawal, 'release', 'RELEASE', accountOf.held, accountOf.prepaid)
      : move(owner, withdrawal, null, 'REFUND', accountOf.held, () => accountOf.rail(paidBy));
  return {
    result: 'ended',
    books: {
      ...books,
      prepaidFen: paidBy === null ? fen(books.prepaidFen + amountFen) : books.prepaidFen,
      heldFen: fen(books.heldFen - amountFen),
      withdrawals: withdrawalsOf(books).filter((each) => each !== withdrawal),
      endedWithdrawals: [...endedOf(books), ask.key].slice(-ENDED_MAX),
    },
    transfers: [transfer],
  };
}

function move(
  { principalId }: BooksOwner,
  { key, amountFen }: Withdrawal,
  name: 'hold' | 'release' | null,
  kind: 'HOLD' | 'RELEASE' | 'REFUND',
  from: (principalId: string) => string,
  to: (principalId: string) => string,
): Transfer {
  const whole = withdrawalKey(principalId, key);
  return {
    key: name === null ? whole : `${whole}:${name}`,
    kind,
    debitAccountId: from(principalId),
    creditAccountId: to(principalId),
    amountFen,
    orderId: null,
  };
}

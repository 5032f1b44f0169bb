import type { Emitted } from '../network/effect.ts';
import { effect, tell } from '../network/outgoing.ts';
import type { Surroundings } from '../network/reference.ts';
import { type AccountContext, type AccountEventOf, isCarrier, type Outcome, ownerOf, posted } from './account.rules.ts';
import { type DepositResult, type DepositReturnResult, decideDeposit, decideDepositReturn } from './deposit.rules.ts';

const CODE_OF_DEPOSIT: Record<DepositResult, string> = {
  taken: 'DEPOSIT_TAKEN',
  exists: 'DEPOSIT_TAKEN',
  exists_with_different_amount: 'DEPOSIT_EXISTS',
  amount_is_not_positive: 'AMOUNT_NOT_POSITIVE',
  exceeds_credits: 'NO_CREDIT',
};
const CODE_OF_RETURN: Record<DepositReturnResult, string> = {
  returned: 'DEPOSIT_RETURNED',
  deposit_unknown: 'DEPOSIT_UNKNOWN',
  energy_is_negative: 'ENERGY_NEGATIVE',
  exceeds_credits: 'NO_CREDIT',
};

type Asked = { intentId: string | null; atMs: number };

const answered = ({ intentId, atMs }: Asked, code: string, ok: boolean, detail: string): Emitted[] =>
  intentId === null ? [] : [effect({ type: 'intent.answered', atMs, intentId, ok, code, detail, orderId: null })];

export function onDepositRequested(
  context: AccountContext,
  event: AccountEventOf<'account.depositRequested'>,
  surroundings: Surroundings,
): Outcome {
  if (!isCarrier(context, surroundings)) {
    return { books: context.books, emitted: answered(event, 'NOT_A_CARRIER', false, `${context.principalId} has no prepaid account`) };
  }
  const { result, books, transfers, depositFen } = decideDeposit(ownerOf(context, surroundings), context.books, event);
  const ok = result === 'taken' || result === 'exists';
  const said = answered(event, CODE_OF_DEPOSIT[result], ok, `deposit of ${event.truckId}: ${depositFen} fen`);
  return { books, emitted: [...posted({ result, books, transfers }, event.atMs), ...said] };
}

export function onDepositReturnRequested(
  context: AccountContext,
  event: AccountEventOf<'account.depositReturnRequested'>,
  surroundings: Surroundings,
): Outcome {
  const { atMs, truckId, terms } = event;
  const { result, books, transfers, chargedFen, refundFen, key } = decideDepositReturn(
    ownerOf(context, surroundings),
    context.books,
    event,
  );
  const ok = result === 'returned';
  const said = answered(event, CODE_OF_RETURN[result], ok, `deposit of ${truckId}: ${chargedFen} fen charged, ${refundFen} fen returned`);
  const paid =
    chargedFen > 0n
      ? [tell('account', terms.beneficiaryId, { type: 'account.posted', atMs, key: `${key}:charge`, amountFen: chargedFen })]
      : [];
  return { books, emitted: [...posted({ result, books, transfers }, atMs), ...paid, ...said] };
}

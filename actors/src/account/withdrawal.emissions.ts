import type { Emitted } from '../network/effect.ts';
import { effect } from '../network/outgoing.ts';
import { withdrawalEndedAlarm } from '../network/payment-alarm.ts';
import type { Surroundings } from '../network/reference.ts';
import { type AccountContext, type AccountEventOf, isCarrier, type Outcome, ownerOf, posted } from './account.rules.ts';
import { decideWithdrawal, decideWithdrawalEnd, type WithdrawalResult, withdrawalKey } from './withdrawal.rules.ts';

const CODE_OF_WITHDRAWAL: Record<WithdrawalResult, string> = {
  held: 'WITHDRAWAL_HELD',
  exists: 'WITHDRAWAL_HELD',
  exists_with_different_amount: 'KEY_USED_WITH_OTHER_AMOUNT',
  closed_already: 'WITHDRAWAL_ENDED',
  amount_is_not_positive: 'AMOUNT_NOT_POSITIVE',
  account_blocked: 'ACCOUNT_BLOCKED',
  exceeds_credits: 'NO_CREDIT',
};

type Asked = { intentId: string | null; atMs: number; key: string };
const answered = ({ intentId, atMs, key }: Asked, ok: boolean, code: string, word: string): Emitted[] =>
  intentId === null
    ? []
    : [
        effect({
          type: 'intent.answered',
          atMs,
          intentId,
          ok,
          code,
          detail: `withdrawal ${key}: ${word.replaceAll('_', ' ')}`,
          orderId: null,
        }),
      ];

export function onWithdrawalRequested(
  context: AccountContext,
  event: AccountEventOf<'account.withdrawalRequested'>,
  surroundings: Surroundings,
): Outcome {
  if (!isCarrier(context, surroundings)) {
    return { books: context.books, emitted: answered(event, false, 'NOT_A_CARRIER', `${context.principalId} has no prepaid account`) };
  }
  const decision = decideWithdrawal(ownerOf(context, surroundings), context.books, event, context.blockedReason !== null);
  const ok = decision.result === 'held' || decision.result === 'exists';
  const said = answered(event, ok, CODE_OF_WITHDRAWAL[decision.result], decision.result);
  return { books: decision.books, emitted: [...posted(decision, event.atMs), ...said] };
}

/** The rail has moved the money, or refused for good; a blocked account's too. */
export function onWithdrawalEnded(
  context: AccountContext,
  event: AccountEventOf<'account.withdrawalEnded'>,
  surroundings: Surroundings,
): Outcome {
  const decision = decideWithdrawalEnd(ownerOf(context, surroundings), context.books, event);
  const ok = decision.result !== 'withdrawal_unknown';
  const said = answered(event, ok, ok ? 'WITHDRAWAL_ENDED' : 'WITHDRAWAL_UNKNOWN', decision.result);
  const ended = ok ? [effect(withdrawalEndedAlarm(withdrawalKey(context.principalId, event.key), event.atMs))] : [];
  return { books: decision.books, emitted: [...posted(decision, event.atMs), ...ended, ...said] };
}

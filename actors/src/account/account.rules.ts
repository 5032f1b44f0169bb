import type { EventOf } from '../network/actor-event.ts';
import type { Emitted } from '../network/effect.ts';
import { effect, tell } from '../network/outgoing.ts';
import { payoutEndedAlarm } from '../network/payment-alarm.ts';
import type { Surroundings } from '../network/reference.ts';
import { remembered } from '../network/remembered.ts';
import {
  type Books,
  type BooksOwner,
  type Decision,
  decideCapture,
  decideHold,
  decidePayOut,
  decidePosting,
  decideRaise,
  decideRelease,
  decideTopUp,
  type HoldResult,
  type PostingResult,
} from './hold.rules.ts';
import { settleGrant } from './package.rules.ts';

export interface AccountInput {
  /** The principal. */
  id: string;
}

export interface AccountContext {
  principalId: string;
  books: Books;
  /** Why nothing may be held; null: in good standing. */
  blockedReason: string | null;
}

type AccountEvent = EventOf['account'];
export type AccountEventOf<T extends AccountEvent['type']> = Extract<AccountEvent, { type: T }>;

/** The books after an event, and what is said about it. */
export interface Outcome {
  books: Books;
  emitted: readonly Emitted[];
}

export const ownerOf = (context: AccountContext, { reference }: Surroundings): BooksOwner => ({
  principalId: context.principalId,
  platformId: reference.platformId,
});

export function posted(decision: Decision<string>, atMs: number): Emitted[] {
  return decision.transfers.length === 0 ? [] : [effect({ type: 'ledger.posted', atMs, transfers: decision.transfers })];
}

/** Every refusal is NO_CREDIT but that of a driver who is busy elsewhere. */
function refusalOf(result: HoldResult): 'NO_CREDIT' | 'CONCURRENT_ORDER' | null {
  if (result === 'held' || result === 'exists') return null;
  return result === 'driver_holds_already' ? 'CONCURRENT_ORDER' : 'NO_CREDIT';
}

export const onHoldRequested = remembered(
  (context: AccountContext, event: AccountEventOf<'account.holdRequested'>, surroundings: Surroundings): Outcome => {
    const { orderId, amountFen, atMs } = event;
    const decision = decideHold(ownerOf(context, surroundings), context.books, event, context.blockedReason !== null);
    const reason = refusalOf(decision.result);
    const answer = reason === null ? tell('order', orderId, { type: 'order.held', atMs, amountFen }) : null;
    const refusal = reason === null ? null : tell('order', orderId, { type: 'order.holdRefused', atMs, reason });
    return { books: decision.books, emitted: [...posted(decision, atMs), ...[answer, refusal].filter((each) => each !== null)] };
  },
);

export function onHoldRaiseRequested(
  context: AccountContext,
  { orderId, amountFen, atMs }: AccountEventOf<'account.holdRaiseRequested'>,
  surroundings: Surroundings,
): Outcome {
  const decision = decideRaise(ownerOf(context, surroundings), context.books, { orderId, amountFen }, context.blockedReason !== null);
  const answer =
    decision.result === 'held'
      ? tell('order', orderId, { type: 'order.held', atMs, amountFen: decision.heldFen })
      : tell('order', orderId, { type: 'order.holdRefused', atMs, reason: 'NO_CREDIT' });
  return { books: decision.books, emitted: [...posted(decision, atMs), answer] };
}

export const onCaptureRequested = remembered(
  (
    context: AccountContext,
    { orderId, amountFen, packageDraw, atMs }: AccountEventOf<'account.captureRequested'>,
    surroundings: Surroundings,
  ): Outcome => {
    const owner = ownerOf(context, surroundings);
    const decision = decideCapture(owner, context.books, { orderId, amountFen });
    const { capturedFen, releasedFen } = decision;
    const answer =
      decision.result === 'captured'
        ? tell('order', orderId, { type: 'order.captured', atMs, capturedFen, releasedFen })
        : tell('order', orderId, {
            type: 'order.captureRefused',
            atMs,
            reason: decision.result === 'exceeds_credits' ? 'CAPTURE_ABOVE_CREDIT' : 'HOLD_UNKNOWN',
          });
    if (decision.result !== 'captured') return { books: decision.books, emitted: [...posted(decision, atMs), answer] };
    const used = settleGrant(owner, decision.books, { orderId, draw: packageDraw });
    const transfers = [...decision.transfers, ...used.transfers];
    return { books: used.books, emitted: [...posted({ ...decision, transfers }, atMs), answer] };
  },
);

export function onReleaseRequested(
  context: AccountContext,
  { orderId, atMs }: { orderId: string; atMs: number },
  surroundings: Surroundings,
): Outcome {
  const owner = ownerOf(context, surroundings);
  const decision = decideRelease(owner, context.books, orderId);
  return { books: settleGrant(owner, decision.books, { orderId, draw: null }).books, emitted: posted(decision, atMs) };
}

/** The order that was told of its hold, or of its part of a package, is gone: nobody will capture it. */
export function orderOfBouncedHold({ eventType, to }: AccountEventOf<'delivery.bounced'>): string | null {
  const isOfMoney = eventType === 'order.held' || eventType === 'order.packageGranted';
  return isOfMoney && to.startsWith('order:') ? to.slice('order:'.length) : null;
}

export function onToppedUp(context: AccountContext, event: AccountEventOf<'account.toppedUp'>, surroundings: Surroundings): Outcome {
  const { intentId, atMs } = event;
  const answer = (ok: boolean, code: string, detail: string): Emitted[] =>
    intentId === null ? [] : [effect({ type: 'intent.answered', atMs, intentId, ok, code, detail, orderId: null })];
  const isCollection = event.isCollection === true;
  if (isCarrier(context, surroundings) === isCollection) {
    const [code, account] = isCollection ? ['NO_INCOME_ACCOUNT', 'income'] : ['NOT_A_CARRIER', 'prepaid'];
    return { books: context.books, emitted: answer(false, code, `${context.principalId} has no ${account} account`) };
  }
  const decision = decideTopUp(ownerOf(context, surroundings), context.books, event);
  const ok = decision.result === 'posted' || decision.result === 'exists';
  const said = answer(ok, CODE_OF_POSTING[decision.result], `top-up ${event.key}: ${decision.result.replaceAll('_', ' ')}`);
  return { books: decision.books, emitted: [...posted(decision, atMs), ...said] };
}

export function onPaidOut(context: AccountContext, event: AccountEventOf<'account.paidOut'>, surroundings: Surroundings): Outcome {
  const { intentId, atMs, key } = event;
  const answer = (ok: boolean, code: string, detail: string): Emitted[] =>
    intentId === null ? [] : [effect({ type: 'intent.answered', atMs, intentId, ok, code, detail, orderId: null })];
  if (isCarrier(context, surroundings)) {
    return { books: context.books, emitted: answer(false, 'NO_INCOME_ACCOUNT', `${context.principalId} is a carrier`) };
  }
  const decision = decidePayOut(ownerOf(context, surroundings), context.books, event);
  const ok = decision.result === 'posted' || decision.result === 'exists';
  const code = decision.result === 'posted' || decision.result === 'exists' ? 'PAID_OUT' : CODE_OF_POSTING[decision.result];
  const said = answer(ok, code, `payout ${key}: ${decision.result.replaceAll('_', ' ')}`);
  // Only what is booked is with its receiver.
  const ended = ok ? [effect(payoutEndedAlarm(key, atMs))] : [];
  return { books: decision.books, emitted: [...posted(decision, atMs), ...ended, ...said] };
}

const CODE_OF_POSTING: Record<PostingResult, string> = {
  posted: 'TOPPED_UP',
  exists: 'TOPPED_UP',
  exists_with_different_amount: 'KEY_USED_WITH_OTHER_AMOUNT',
  amount_is_not_positive: 'AMOUNT_NOT_POSITIVE',
};

export const booksAfterPosting = (context: AccountContext, event: AccountEventOf<'account.posted'>, surroundings: Surroundings): Books =>
  decidePosting(context.books, event, isCarrier(context, surroundings)).books;

export const isCarrier = ({ principalId }: AccountContext, { reference }: Surroundings) =>
  reference.principal(principalId)?.kind === 'CARRIER';

import { assign, emit, setup } from 'xstate';
import type { EventOf } from '../network/actor-event.ts';
import type { Emitted } from '../network/effect.ts';
import { emptySurroundings } from '../network/empty-surroundings.ts';
import { many } from '../network/outgoing.ts';
import type { Surroundings } from '../network/reference.ts';
import {
  type AccountContext,
  type AccountInput,
  booksAfterPosting,
  type Outcome,
  onCaptureRequested,
  onHoldRaiseRequested,
  onHoldRequested,
  onPaidOut,
  onReleaseRequested,
  onToppedUp,
  orderOfBouncedHold,
} from './account.rules.ts';
import { onChargeRequested } from './charge.emissions.ts';
import { onCorrectionRequested } from './correction.emissions.ts';
import { onDepositRequested, onDepositReturnRequested } from './deposit.emissions.ts';
import { type Books, emptyBooks } from './hold.rules.ts';
import { onPackageBought, onPackageRequested, onPackagesExpired } from './package.emissions.ts';
import { onWithdrawalEnded, onWithdrawalRequested } from './withdrawal.emissions.ts';

/** The account of one principal (account.spec.md): who blocks it is a mode, what it has is in its books. */
export const accountMachineOf = (surroundings: Surroundings) =>
  setup({
    types: {
      input: {} as AccountInput,
      context: {} as AccountContext,
      events: {} as EventOf['account'],
      emitted: {} as Emitted,
    },
    guards: {
      isHoldBounced: (_, { orderId }: { orderId: string | null }) => orderId !== null,
    },
    actions: {
      say: emit((_, { emitted }: Pick<Outcome, 'emitted'>) => many(emitted)),
      book: assign({ books: (_, { books }: { books: Books }) => books }),
      noteBlocked: assign({ blockedReason: (_, { reason }: { reason: string }) => reason }),
      noteUnblocked: assign({ blockedReason: null }),
    },
  }).createMachine({
    id: 'account',
    context: ({ input }) => ({ principalId: input.id, books: emptyBooks, blockedReason: null }),
    initial: 'goodStanding',
    on: {
      'account.toppedUp': {
        actions: [
          { type: 'say', params: ({ context, event }) => onToppedUp(context, event, surroundings) },
          { type: 'book', params: ({ context, event }) => onToppedUp(context, event, surroundings) },
        ],
      },
      'account.paidOut': {
        actions: [
          { type: 'say', params: ({ context, event }) => onPaidOut(context, event, surroundings) },
          { type: 'book', params: ({ context, event }) => onPaidOut(context, event, surroundings) },
        ],
      },
      'account.withdrawalRequested': {
        actions: [
          { type: 'say', params: ({ context, event }) => onWithdrawalRequested(context, event, surroundings) },
          { type: 'book', params: ({ context, event }) => onWithdrawalRequested(context, event, surroundings) },
        ],
      },
      'account.withdrawalEnded': {
        actions: [
          { type: 'say', params: ({ context, event }) => onWithdrawalEnded(context, event, surroundings) },
          { type: 'book', params: ({ context, event }) => onWithdrawalEnded(context, event, surroundings) },
        ],
      },
      'account.depositRequested': {
        actions: [
          { type: 'say', params: ({ context, event }) => onDepositRequested(context, event, surroundings) },
          { type: 'book', params: ({ context, event }) => onDepositRequested(context, event, surroundings) },
        ],
      },
      'account.depositReturnRequested': {
        actions: [
          { type: 'say', params: ({ context, event }) => onDepositReturnRequested(context, event, surroundings) },
          { type: 'book', params: ({ context, event }) => onDepositReturnRequested(context, event, surroundings) },
        ],
      },
      'account.packageBought': {
        actions: [
          { type: 'say', params: ({ context, event }) => onPackageBought(context, event, surroundings) },
          { type: 'book', params: ({ context, event }) => onPackageBought(context, event, surroundings) },
        ],
      },
      'account.packageRequested': {
        actions: [
          { type: 'say', params: ({ context, event }) => onPackageRequested(context, event) },
          { type: 'book', params: ({ context, event }) => onPackageRequested(context, event) },
        ],
      },
      'account.packagesExpired': {
        actions: [
          { type: 'say', params: ({ context, event }) => onPackagesExpired(context, event, surroundings) },
          { type: 'book', params: ({ context, event }) => onPackagesExpired(context, event, surroundings) },
        ],
      },
      'account.holdRequested': {
        actions: [
          { type: 'say', params: ({ context, event }) => onHoldRequested(context, event, surroundings) },
          { type: 'book', params: ({ context, event }) => onHoldRequested(context, event, surroundings) },
        ],
      },
      'account.holdRaiseRequested': {
        actions: [
          { type: 'say', params: ({ context, event }) => onHoldRaiseRequested(context, event, surroundings) },
          { type: 'book', params: ({ context, event }) => onHoldRaiseRequested(context, event, surroundings) },
        ],
      },
      'account.captureRequested': {
        actions: [
          { type: 'say', params: ({ context, event }) => onCaptureRequested(context, event, surroundings) },
          { type: 'book', params: ({ context, event }) => onCaptureRequested(context, event, surroundings) },
        ],
      },
      'account.releaseRequested': {
        actions: [
          { type: 'say', params: ({ context, event }) => onReleaseRequested(context, event, surroundings) },
          { type: 'book', params: ({ context, event }) => onReleaseRequested(context, event, surroundings) },
        ],
      },
      'account.correctionRequested': {
        actions: [
          { type: 'say', params: ({ context, event }) => onCorrectionRequested(context, event, surroundings) },
          { type: 'book', params: ({ context, event }) => onCorrectionRequested(context, event, surroundings) },
        ],
      },
      'account.chargeRequested': {
        actions: [
          { type: 'say', params: ({ context, event }) => onChargeRequested(context, event, surroundings) },
          { type: 'book', params: ({ context, event }) => onChargeRequested(context, event, surroundings) },
        ],
      },
      'account.posted': {
        actions: { type: 'book', params: ({ context, event }) => ({ books: booksAfterPosting(context, event, surroundings) }) },
      },
      'delivery.bounced': {
        guard: { type: 'isHoldBounced', params: ({ event }) => ({ orderId: orderOfBouncedHold(event) }) },
        actions: [
          {
            type: 'say',
            params: ({ context, event }) =>
              onReleaseRequested(context, { orderId: orderOfBouncedHold(event) ?? '', atMs: event.atMs }, surroundings),
          },
          {
            type: 'book',
            params: ({ context, event }) =>
              onReleaseRequested(context, { orderId: orderOfBouncedHold(event) ?? '', atMs: event.atMs }, surroundings),
          },
        ],
      },
    },
    states: {
      goodStanding: {
        on: {
          'account.blocked': { target: 'blocked', actions: { type: 'noteBlocked', params: ({ event }) => ({ reason: event.reason }) } },
        },
      },
      /** Nothing new is held; what is held may still be captured, and money may come in. */
      blocked: { on: { 'account.unblocked': { target: 'goodStanding', actions: 'noteUnblocked' } } },
    },
  });

export const accountMachine = accountMachineOf(emptySurroundings);

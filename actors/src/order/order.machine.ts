import { emptySurroundings } from '../network/empty-surroundings.ts';
import type { Surroundings } from '../network/reference.ts';
import { createdState, quotedState } from './order.checks.states.ts';
import { orderContextOf } from './order.context.ts';
import { abnormalState, billedState, clearedState } from './order.end.states.ts';
import { orderSetup } from './order.setup.ts';
import { heldState, inProgressState, measuredState } from './order.swap.states.ts';

/**
 * One order from authorisation to clearing (order.spec.md). Its parts: `order.setup.ts` names conditions and actions,
 * `order.rules.ts` decides, `order.emissions.ts` says it to others.
 */
export const orderMachineOf = (surroundings: Surroundings) => {
  const order = orderSetup(surroundings);
  return order.createMachine({
    id: 'order',
    context: ({ input }) => orderContextOf(input),
    initial: 'CREATED',
    on: {
      // Wishes that come too early or too late: whoever waits is told so.
      'order.confirmed': { actions: { type: 'declineIntent', params: ({ event }) => ({ intentId: event.intentId, code: 'ORDER_STATE' }) } },
      'order.cancelled': { actions: { type: 'declineIntent', params: ({ event }) => ({ intentId: event.intentId, code: 'ORDER_STATE' }) } },
      'order.legWithdrawn': {
        guard: { type: 'hasLeg', params: ({ event }) => event },
        actions: { type: 'noteWithdrawn', params: ({ event }) => event },
      },
      'order.repaired': { actions: { type: 'declineIntent', params: ({ event }) => ({ intentId: event.intentId, code: 'ORDER_STATE' }) } },
      'order.writtenOff': {
        actions: { type: 'declineIntent', params: ({ event }) => ({ intentId: event.intentId, code: 'ORDER_STATE' }) },
      },
    },
    states: {
      CREATED: createdState(order),
      QUOTED: quotedState(order),
      HELD: heldState(order),
      IN_PROGRESS: inProgressState(order),
      MEASURED: measuredState(order),
      BILLED: billedState(order),
      CLEARED: clearedState(order),
      REJECTED: { type: 'final', entry: ['noteReleased', { type: 'endBeforeSwap', params: { state: 'REJECTED' } }] },
      CANCELLED: { type: 'final', entry: ['noteReleased', { type: 'endBeforeSwap', params: { state: 'CANCELLED' } }] },
      ABNORMAL: abnormalState(order),
      REPAIRED: { type: 'final', entry: { type: 'leaveAbnormal', params: { state: 'REPAIRED' } } },
      WRITTEN_OFF: { type: 'final', entry: { type: 'leaveAbnormal', params: { state: 'WRITTEN_OFF' } } },
    },
  });
};

export const orderMachine = orderMachineOf(emptySurroundings);

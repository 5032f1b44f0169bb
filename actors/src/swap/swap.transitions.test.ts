import { expect, it } from 'vitest';
import type { EventOf } from '../network/actor-event.ts';
import { examples } from '../network/machine-examples.fixture.ts';
import { IGNORED, outcomeOf } from '../network/transition-outcome.fixture.ts';

type State = keyof typeof examples.swap.contexts;
type EventType = EventOf['swap']['type'];

/** Every state by every event. The same state: the event was taken there. `no`: nothing at all happened. */
const no = IGNORED;
const table: Record<State, Record<EventType, State | typeof no>> = {
  QUEUED: {
    'swap.reported': 'TRANSFER_IN',
    'swap.authorised': 'QUEUED',
    'swap.refused': 'REJECTED',
    'swap.bayTaken': 'ABORTED_SAFE',
    'swap.abortAsked': 'QUEUED',
    'delivery.bounced': 'QUEUED',
  },
  IDENTIFYING: {
    'swap.reported': 'TRANSFER_IN',
    'swap.authorised': 'IDENTIFYING',
    'swap.refused': 'IDENTIFYING',
    'swap.bayTaken': 'ABORTED_SAFE',
    'swap.abortAsked': 'IDENTIFYING',
    'delivery.bounced': 'IDENTIFYING',
  },
  AUTHORIZING: {
    'swap.reported': 'TRANSFER_IN',
    'swap.authorised': 'AUTHORIZING',
    'swap.refused': 'AUTHORIZING',
    'swap.bayTaken': 'ABORTED_SAFE',
    'swap.abortAsked': 'AUTHORIZING',
    'delivery.bounced': 'AUTHORIZING',
  },
  POSITIONING: {
    'swap.reported': 'TRANSFER_IN',
    'swap.authorised': 'POSITIONING',
    'swap.refused': 'POSITIONING',
    'swap.bayTaken': 'ABORTED_SAFE',
    'swap.abortAsked': 'POSITIONING',
    'delivery.bounced': 'POSITIONING',
  },
  SECURING: {
    'swap.reported': 'TRANSFER_IN',
    'swap.authorised': 'SECURING',
    'swap.refused': 'SECURING',
    'swap.bayTaken': 'ABORTED_SAFE',
    'swap.abortAsked': 'SECURING',
    'delivery.bounced': 'SECURING',
  },
  UNLOCKING: {
    'swap.reported': 'TRANSFER_IN',
    'swap.authorised': 'UNLOCKING',
    'swap.refused': 'UNLOCKING',
    'swap.bayTaken': 'LOST',
    'swap.abortAsked': 'UNLOCKING',
    'delivery.bounced': 'UNLOCKING',
  },
  LIFTING: {
    'swap.reported': 'TRANSFER_IN',
    'swap.authorised': 'LIFTING',
    'swap.refused': 'LIFTING',
    'swap.bayTaken': 'LOST',
    'swap.abortAsked': 'LIFTING',
    'delivery.bounced': 'LIFTING',
  },
  TRANSFER_IN: {
    'swap.reported': 'TRANSFER_IN',
    'swap.authorised': 'TRANSFER_IN',
    'swap.refused': 'TRANSFER_IN',
    'swap.bayTaken': 'LOST',
    'swap.abortAsked': 'TRANSFER_IN',
    'delivery.bounced': 'TRANSFER_IN',
  },
  BATTERY_IN: {
    'swap.reported': 'BATTERY_IN',
    'swap.authorised': 'BATTERY_IN',
    'swap.refused': 'BATTERY_IN',
    'swap.bayTaken': 'LOST',
    'swap.abortAsked': 'BATTERY_IN',
    'delivery.bounced': 'BATTERY_IN',
  },
  PICKING: {
    'swap.reported': 'PICKING',
    'swap.authorised': 'PICKING',
    'swap.refused': 'PICKING',
    'swap.bayTaken': 'LOST',
    'swap.abortAsked': 'PICKING',
    'delivery.bounced': 'PICKING',
  },
  TRANSFER_OUT: {
    'swap.reported': 'TRANSFER_OUT',
    'swap.authorised': 'TRANSFER_OUT',
    'swap.refused': 'TRANSFER_OUT',
    'swap.bayTaken': 'LOST',
    'swap.abortAsked': 'TRANSFER_OUT',
    'delivery.bounced': 'TRANSFER_OUT',
  },
  SEATING: {
    'swap.reported': 'SEATING',
    'swap.authorised': 'SEATING',
    'swap.refused': 'SEATING',
    'swap.bayTaken': 'LOST',
    'swap.abortAsked': 'SEATING',
    'delivery.bounced': 'SEATING',
  },
  LOCKING: {
    'swap.reported': 'LOCKING',
    'swap.authorised': 'LOCKING',
    'swap.refused': 'LOCKING',
    'swap.bayTaken': 'LOST',
    'swap.abortAsked': 'LOCKING',
    'delivery.bounced': 'LOCKING',
  },
  SELF_CHECK: {
    'swap.reported': 'SELF_CHECK',
    'swap.authorised': 'SELF_CHECK',
    'swap.refused': 'SELF_CHECK',
    'swap.bayTaken': 'LOST',
    'swap.abortAsked': 'SELF_CHECK',
    'delivery.bounced': 'SELF_CHECK',
  },
  RELEASING: {
    'swap.reported': 'RELEASING',
    'swap.authorised': 'RELEASING',
    'swap.refused': 'RELEASING',
    'swap.bayTaken': 'LOST',
    'swap.abortAsked': 'RELEASING',
    'delivery.bounced': 'RELEASING',
  },
  SUSPENDED: {
    'swap.reported': 'TRANSFER_IN',
    'swap.authorised': 'SUSPENDED',
    'swap.refused': 'SUSPENDED',
    'swap.bayTaken': 'LOST',
    'swap.abortAsked': 'SUSPENDED',
    'delivery.bounced': 'SUSPENDED',
  },
  COMPLETED: {
    'swap.reported': 'COMPLETED',
    'swap.authorised': 'COMPLETED',
    'swap.refused': 'COMPLETED',
    'swap.bayTaken': no,
    'swap.abortAsked': no,
    'delivery.bounced': 'COMPLETED',
  },
  REJECTED: {
    'swap.reported': 'REJECTED',
    'swap.authorised': 'REJECTED',
    'swap.refused': 'REJECTED',
    'swap.bayTaken': no,
    'swap.abortAsked': no,
    'delivery.bounced': 'REJECTED',
  },
  ABORTED_SAFE: {
    'swap.reported': 'ABORTED_SAFE',
    'swap.authorised': 'ABORTED_SAFE',
    'swap.refused': 'ABORTED_SAFE',
    'swap.bayTaken': no,
    'swap.abortAsked': no,
    'delivery.bounced': 'ABORTED_SAFE',
  },
  ABORTED_NO_PACK: {
    'swap.reported': 'ABORTED_NO_PACK',
    'swap.authorised': 'ABORTED_NO_PACK',
    'swap.refused': 'ABORTED_NO_PACK',
    'swap.bayTaken': no,
    'swap.abortAsked': no,
    'delivery.bounced': 'ABORTED_NO_PACK',
  },
  FAILED: {
    'swap.reported': 'FAILED',
    'swap.authorised': 'FAILED',
    'swap.refused': 'FAILED',
    'swap.bayTaken': no,
    'swap.abortAsked': no,
    'delivery.bounced': 'FAILED',
  },
  LOST: {
    'swap.reported': 'LOST',
    'swap.authorised': 'LOST',
    'swap.refused': 'LOST',
    'swap.bayTaken': no,
    'swap.abortAsked': no,
    'delivery.bounced': 'LOST',
  },
};

const { machine, contexts, events } = examples.swap;
const states = Object.keys(table) as State[];
const cases = states.flatMap((state) => Object.entries(table[state]).map(([type, after]) => ({ state, type: type as EventType, after })));

it.each(cases)('W1 $state on $type: $after', ({ state, type, after }) => {
  expect(outcomeOf(machine, { value: state, context: contexts[state] }, events[type])).toBe(after);
});

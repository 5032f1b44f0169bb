import { expect, it } from 'vitest';
import type { EventOf } from '../network/actor-event.ts';
import { examples } from '../network/machine-examples.fixture.ts';
import { IGNORED, outcomeOf } from '../network/transition-outcome.fixture.ts';

type State = keyof typeof examples.bay.contexts;
type EventType = EventOf['bay']['type'];

/** Every state by every event. The same state: the event was taken there. `no`: nothing at all happened. */
const no = IGNORED;
const table: Record<State, Record<EventType, State | typeof no>> = {
  free: {
    'signal.stale': no,
    'signal.fresh': no,
    'signal.crossed': no,
    'signal.changed': no,
    'bay.truckArrived': 'occupied',
    'bay.swapBegan': 'swapping',
    'bay.suspended': no,
    'bay.resumed': no,
    'bay.blocked': no,
    'bay.released': no,
    'bay.faultRaised': 'fault',
    'bay.faultCleared': no,
    'delivery.bounced': no,
  },
  occupied: {
    'signal.stale': no,
    'signal.fresh': no,
    'signal.crossed': no,
    'signal.changed': no,
    'bay.truckArrived': no,
    'bay.swapBegan': 'swapping',
    'bay.suspended': no,
    'bay.resumed': no,
    'bay.blocked': 'blocked',
    'bay.released': 'free',
    'bay.faultRaised': 'occupied',
    'bay.faultCleared': no,
    'delivery.bounced': no,
  },
  swapping: {
    'signal.stale': no,
    'signal.fresh': no,
    'signal.crossed': no,
    'signal.changed': no,
    'bay.truckArrived': 'occupied',
    'bay.swapBegan': no,
    'bay.suspended': 'suspended',
    'bay.resumed': no,
    'bay.blocked': 'blocked',
    'bay.released': 'free',
    'bay.faultRaised': 'swapping',
    'bay.faultCleared': no,
    'delivery.bounced': no,
  },
  suspended: {
    'signal.stale': no,
    'signal.fresh': no,
    'signal.crossed': no,
    'signal.changed': no,
    'bay.truckArrived': 'occupied',
    'bay.swapBegan': 'swapping',
    'bay.suspended': no,
    'bay.resumed': 'swapping',
    'bay.blocked': 'blocked',
    'bay.released': 'free',
    'bay.faultRaised': 'suspended',
    'bay.faultCleared': no,
    'delivery.bounced': no,
  },
  blocked: {
    'signal.stale': no,
    'signal.fresh': no,
    'signal.crossed': no,
    'signal.changed': 'free',
    'bay.truckArrived': 'occupied',
    'bay.swapBegan': 'swapping',
    'bay.suspended': no,
    'bay.resumed': no,
    'bay.blocked': no,
    'bay.released': 'free',
    'bay.faultRaised': 'blocked',
    'bay.faultCleared': no,
    'delivery.bounced': no,
  },
  fault: {
    'signal.stale': no,
    'signal.fresh': no,
    'signal.crossed': no,
    'signal.changed': no,
    'bay.truckArrived': 'occupied',
    'bay.swapBegan': 'swapping',
    'bay.suspended': no,
    'bay.resumed': no,
    'bay.blocked': no,
    'bay.released': no,
    'bay.faultRaised': no,
    'bay.faultCleared': 'free',
    'delivery.bounced': no,
  },
};

const { machine, contexts, events } = examples.bay;
const states = Object.keys(table) as State[];
const cases = states.flatMap((state) => Object.entries(table[state]).map(([type, after]) => ({ state, type: type as EventType, after })));

it.each(cases)('B1 $state on $type: $after', ({ state, type, after }) => {
  expect(outcomeOf(machine, { value: state, context: contexts[state] }, events[type])).toBe(after);
});

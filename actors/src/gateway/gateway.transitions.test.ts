import { expect, it } from 'vitest';
import type { EventOf } from '../network/actor-event.ts';
import { examples } from '../network/machine-examples.fixture.ts';
import { IGNORED, outcomeOf } from '../network/transition-outcome.fixture.ts';

type State = keyof typeof examples.gateway.contexts;
type EventType = EventOf['gateway']['type'];

/** Every state by every event. The same state: the event was taken there. `no`: nothing at all happened. */
const no = IGNORED;
const table: Record<State, Record<EventType, State | typeof no>> = {
  neverSeen: {
    'signal.stale': no,
    'signal.fresh': 'online',
    'signal.crossed': no,
    'signal.changed': no,
    'gateway.onlineReported': 'online',
    'gateway.offlineReported': no,
    'gateway.backfillBegun': no,
    'gateway.backfillEnded': no,
    'gateway.gapDetected': no,
    'gateway.gapSkipped': 'neverSeen',
    'gateway.clockSkewed': 'neverSeen',
    'gateway.revoked': 'revoked',
    'gateway.lockedOut': 'neverSeen',
    'delivery.bounced': no,
  },
  online: {
    'signal.stale': 'offline',
    'signal.fresh': no,
    'signal.crossed': no,
    'signal.changed': no,
    'gateway.onlineReported': 'online',
    'gateway.offlineReported': 'offline',
    'gateway.backfillBegun': 'backfilling',
    'gateway.backfillEnded': no,
    'gateway.gapDetected': no,
    'gateway.gapSkipped': 'online',
    'gateway.clockSkewed': 'online',
    'gateway.revoked': 'revoked',
    'gateway.lockedOut': 'online',
    'delivery.bounced': no,
  },
  backfilling: {
    'signal.stale': 'offline',
    'signal.fresh': no,
    'signal.crossed': no,
    'signal.changed': no,
    'gateway.onlineReported': 'online',
    'gateway.offlineReported': 'offline',
    'gateway.backfillBegun': no,
    'gateway.backfillEnded': 'online',
    'gateway.gapDetected': no,
    'gateway.gapSkipped': 'backfilling',
    'gateway.clockSkewed': 'backfilling',
    'gateway.revoked': 'revoked',
    'gateway.lockedOut': 'backfilling',
    'delivery.bounced': no,
  },
  offline: {
    'signal.stale': no,
    'signal.fresh': 'online',
    'signal.crossed': no,
    'signal.changed': no,
    'gateway.onlineReported': 'online',
    'gateway.offlineReported': no,
    'gateway.backfillBegun': 'backfilling',
    'gateway.backfillEnded': no,
    'gateway.gapDetected': no,
    'gateway.gapSkipped': 'offline',
    'gateway.clockSkewed': 'offline',
    'gateway.revoked': 'revoked',
    'gateway.lockedOut': 'offline',
    'delivery.bounced': no,
  },
  revoked: {
    'signal.stale': no,
    'signal.fresh': no,
    'signal.crossed': no,
    'signal.changed': no,
    'gateway.onlineReported': 'online',
    'gateway.offlineReported': no,
    'gateway.backfillBegun': no,
    'gateway.backfillEnded': no,
    'gateway.gapDetected': no,
    'gateway.gapSkipped': 'revoked',
    'gateway.clockSkewed': 'revoked',
    'gateway.revoked': no,
    'gateway.lockedOut': 'revoked',
    'delivery.bounced': no,
  },
};

const { machine, contexts, events } = examples.gateway;
const states = Object.keys(table) as State[];
const cases = states.flatMap((state) => Object.entries(table[state]).map(([type, after]) => ({ state, type: type as EventType, after })));

it.each(cases)('G1 $state on $type: $after', ({ state, type, after }) => {
  expect(outcomeOf(machine, { value: state, context: contexts[state] }, events[type])).toBe(after);
});

import { expect, it } from 'vitest';
import type { EventOf } from '../network/actor-event.ts';
import { examples } from '../network/machine-examples.fixture.ts';
import { IGNORED, outcomeOf } from '../network/transition-outcome.fixture.ts';

type State = keyof typeof examples.station.contexts;
type EventType = EventOf['station']['type'];

/** Every state by every event. The same state: the event was taken there. `no`: nothing at all happened. */
const no = IGNORED;
const table: Record<State, Record<EventType, State | typeof no>> = {
  offline: {
    'signal.stale': no,
    'signal.fresh': no,
    'signal.crossed': no,
    'signal.changed': 'offline',
    'station.gatewayOnline': 'operative',
    'station.gatewayOffline': no,
    'station.faultRaised': 'offline',
    'station.faultCleared': no,
    'station.inventoryReported': 'offline',
    'station.stockChanged': 'offline',
    'station.reservationRequested': 'offline',
    'station.reservationReleased': no,
    'station.operatorAct': 'offline',
    'station.opened': 'offline',
    'station.closed': 'closed',
    'delivery.bounced': no,
  },
  closed: {
    'signal.stale': no,
    'signal.fresh': no,
    'signal.crossed': no,
    'signal.changed': 'closed',
    'station.gatewayOnline': 'closed',
    'station.gatewayOffline': 'closed',
    'station.faultRaised': 'closed',
    'station.faultCleared': no,
    'station.inventoryReported': 'closed',
    'station.stockChanged': 'closed',
    'station.reservationRequested': 'closed',
    'station.reservationReleased': no,
    'station.operatorAct': 'closed',
    'station.opened': 'operative',
    'station.closed': 'closed',
    'delivery.bounced': no,
  },
  estop: {
    'signal.stale': no,
    'signal.fresh': no,
    'signal.crossed': no,
    'signal.changed': 'degraded',
    'station.gatewayOnline': 'estop',
    'station.gatewayOffline': 'offline',
    'station.faultRaised': 'estop',
    'station.faultCleared': no,
    'station.inventoryReported': 'estop',
    'station.stockChanged': 'estop',
    'station.reservationRequested': 'estop',
    'station.reservationReleased': no,
    'station.operatorAct': 'estop',
    'station.opened': 'estop',
    'station.closed': 'closed',
    'delivery.bounced': no,
  },
  inoperative: {
    'signal.stale': no,
    'signal.fresh': no,
    'signal.crossed': no,
    'signal.changed': 'degraded',
    'station.gatewayOnline': 'inoperative',
    'station.gatewayOffline': 'offline',
    'station.faultRaised': 'inoperative',
    'station.faultCleared': no,
    'station.inventoryReported': 'inoperative',
    'station.stockChanged': 'inoperative',
    'station.reservationRequested': 'inoperative',
    'station.reservationReleased': no,
    'station.operatorAct': 'inoperative',
    'station.opened': 'inoperative',
    'station.closed': 'closed',
    'delivery.bounced': no,
  },
  degraded: {
    'signal.stale': no,
    'signal.fresh': no,
    'signal.crossed': no,
    'signal.changed': no,
    'station.gatewayOnline': 'degraded',
    'station.gatewayOffline': 'offline',
    'station.faultRaised': 'degraded',
    'station.faultCleared': no,
    'station.inventoryReported': 'degraded',
    'station.stockChanged': 'degraded',
    'station.reservationRequested': 'degraded',
    'station.reservationReleased': no,
    'station.operatorAct': 'degraded',
    'station.opened': 'degraded',
    'station.closed': 'closed',
    'delivery.bounced': no,
  },
  operative: {
    'signal.stale': no,
    'signal.fresh': no,
    'signal.crossed': no,
    'signal.changed': 'degraded',
    'station.gatewayOnline': 'operative',
    'station.gatewayOffline': 'offline',
    'station.faultRaised': 'operative',
    'station.faultCleared': no,
    'station.inventoryReported': 'operative',
    'station.stockChanged': 'operative',
    'station.reservationRequested': 'operative',
    'station.reservationReleased': no,
    'station.operatorAct': 'operative',
    'station.opened': 'operative',
    'station.closed': 'closed',
    'delivery.bounced': no,
  },
};

const { machine, contexts, events } = examples.station;
const states = Object.keys(table) as State[];
const cases = states.flatMap((state) => Object.entries(table[state]).map(([type, after]) => ({ state, type: type as EventType, after })));

it.each(cases)('S1 $state on $type: $after', ({ state, type, after }) => {
  expect(outcomeOf(machine, { value: state, context: contexts[state] }, events[type])).toBe(after);
});

import { assign, emit, setup } from 'xstate';

export type CoarsePackEvent =
  /** In the rack, and no charger is free. */
  | { type: 'pack.stored' }
  | { type: 'pack.plugged'; chargeMs: number }
  /** The power of its charger has changed: so long from now. */
  | { type: 'pack.paced'; chargeMs: number }
  /** There is no power. */
  | { type: 'pack.suspended' }
  | { type: 'pack.issued' };

export type CoarsePackTold = { type: 'pack.charged' };

interface CoarsePackContext {
  chargeMs: number;
}

/** A pack of the coarse model. It begins on a truck, or charged in a station. */
export const coarsePackMachine = setup({
  types: {
    input: {} as { isOnTruck: boolean },
    context: {} as CoarsePackContext & { isOnTruck: boolean },
    events: {} as CoarsePackEvent,
    emitted: {} as CoarsePackTold,
  },
  guards: { beginsOnTruck: ({ context }) => context.isOnTruck },
  delays: { charge: ({ context }) => context.chargeMs },
  actions: {
    noteCharge: assign({ chargeMs: (_, { chargeMs }: CoarsePackContext) => chargeMs }),
    tellCharged: emit({ type: 'pack.charged' }),
  },
}).createMachine({
  id: 'coarsePack',
  context: ({ input }) => ({ chargeMs: 0, isOnTruck: input.isOnTruck }),
  initial: 'placing',
  states: {
    placing: { always: [{ guard: 'beginsOnTruck', target: 'onTruck' }, { target: 'issuable' }] },
    onTruck: {
      on: {
        'pack.stored': 'idle',
        'pack.plugged': { target: 'charging', actions: { type: 'noteCharge', params: ({ event }) => event } },
      },
    },
    idle: { on: { 'pack.plugged': { target: 'charging', actions: { type: 'noteCharge', params: ({ event }) => event } } } },
    charging: {
      after: { charge: { target: 'issuable', actions: 'tellCharged' } },
      on: {
        'pack.paced': { target: 'charging', reenter: true, actions: { type: 'noteCharge', params: ({ event }) => event } },
        'pack.suspended': 'suspended',
      },
    },
    suspended: { on: { 'pack.paced': { target: 'charging', actions: { type: 'noteCharge', params: ({ event }) => event } } } },
    issuable: { on: { 'pack.issued': 'onTruck' } },
  },
});

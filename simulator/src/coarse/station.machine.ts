import { assign, emit, setup } from 'xstate';

export type CoarseStationEvent =
  | { type: 'truck.arrived' }
  | { type: 'truck.swapped' }
  | { type: 'pack.charged' }
  /** So many of the chargers that are free are to begin nothing new. */
  | { type: 'chargers.held'; held: number }
  /** So many of the bays that are free are out of order. */
  | { type: 'bays.held'; held: number }
  | { type: 'power.failed' }
  | { type: 'power.restored' };

export type CoarseStationTold =
  /** The truck that waits longest gets a bay and the pack that is ready longest. */
  | { type: 'station.served' }
  /** The pack that waits longest gets a charger. */
  | { type: 'station.plugged' }
  | { type: 'station.turnedAway' };

export interface CoarseStationInput {
  bays: number;
  packs: number;
  chargers: number;
  /** Who cannot be served at once drives on. */
  isLossy: boolean;
}

interface CoarseStationContext {
  isLossy: boolean;
  waitingTrucks: number;
  freeBays: number;
  readyPacks: number;
  emptyPacks: number;
  freeChargers: number;
  heldChargers: number;
  heldBays: number;
}

/** A station of the coarse model: a bay and a charged pack for each truck, a charger for each empty pack, first come, first served. */
export const coarseStationMachine = setup({
  types: {
    input: {} as CoarseStationInput,
    context: {} as CoarseStationContext,
    events: {} as CoarseStationEvent,
    emitted: {} as CoarseStationTold,
  },
  guards: {
    canServe: ({ context }) => context.waitingTrucks > 0 && context.readyPacks > 0 && context.freeBays > context.heldBays,
    canCharge: ({ context }) => context.emptyPacks > 0 && context.freeChargers > context.heldChargers,
    isLost: ({ context }) => context.isLossy && (context.readyPacks === 0 || context.freeBays <= context.heldBays),
    isLossy: ({ context }) => context.isLossy,
  },
  actions: {
    queue: assign({ waitingTrucks: ({ context }) => context.waitingTrucks + 1 }),
    serve: assign({
      waitingTrucks: ({ context }) => context.waitingTrucks - 1,
      readyPacks: ({ context }) => context.readyPacks - 1,
      freeBays: ({ context }) => context.freeBays - 1,
    }),
    takeBack: assign({
      freeBays: ({ context }) => context.freeBays + 1,
      emptyPacks: ({ context }) => context.emptyPacks + 1,
    }),
    plug: assign({
      emptyPacks: ({ context }) => context.emptyPacks - 1,
      freeChargers: ({ context }) => context.freeChargers - 1,
    }),
    noteCharged: assign({
      freeChargers: ({ context }) => context.freeChargers + 1,
      readyPacks: ({ context }) => context.readyPacks + 1,
    }),
    hold: assign({ heldChargers: (_, { held }: { held: number }) => held }),
    holdBays: assign({ heldBays: (_, { held }: { held: number }) => held }),
    tellServed: emit({ type: 'station.served' }),
    tellPlugged: emit({ type: 'station.plugged' }),
    tellTurnedAway: emit({ type: 'station.turnedAway' }),
  },
}).createMachine({
  id: 'coarseStation',
  context: ({ input }) => ({
    isLossy: input.isLossy,
    waitingTrucks: 0,
    freeBays: input.bays,
    readyPacks: input.packs,
    emptyPacks: 0,
    freeChargers: input.chargers,
    heldChargers: 0,
    heldBays: 0,
  }),
  initial: 'operative',
  states: {
    operative: {
      always: [
        { guard: 'canServe', actions: ['serve', 'tellServed'] },
        { guard: 'canCharge', actions: ['plug', 'tellPlugged'] },
      ],
      on: {
        'truck.arrived': [{ guard: 'isLost', actions: 'tellTurnedAway' }, { actions: 'queue' }],
        'truck.swapped': { actions: 'takeBack' },
        'pack.charged': { actions: 'noteCharged' },
        'chargers.held': { actions: { type: 'hold', params: ({ event }) => event } },
        'bays.held': { actions: { type: 'holdBays', params: ({ event }) => event } },
        'power.failed': 'dark',
      },
    },
    /** Swaps that have begun are ended by hand; nothing new begins. */
    dark: {
      on: {
        'truck.arrived': [{ guard: 'isLossy', actions: 'tellTurnedAway' }, { actions: 'queue' }],
        'truck.swapped': { actions: 'takeBack' },
        'pack.charged': { actions: 'noteCharged' },
        'chargers.held': { actions: { type: 'hold', params: ({ event }) => event } },
        'bays.held': { actions: { type: 'holdBays', params: ({ event }) => event } },
        'power.restored': 'operative',
      },
    },
  },
});

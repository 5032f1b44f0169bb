import { assign, emit, setup } from 'xstate';
import type { LegGoal } from '../fleets/fleet-world.ts';

export type CoarseTruckEvent =
  /** Sent on its way. `thenMs`: how long the turn takes, or the tow. */
  | { type: 'truck.routed'; legMs: number; goal: LegGoal; thenMs: number }
  /** It comes from elsewhere and stands before a station. */
  | { type: 'truck.came' }
  | { type: 'truck.served'; serviceMs: number }
  /** Its bay is out of order: the swap stands. */
  | { type: 'truck.held' }
  /** It goes on: so long from now. */
  | { type: 'truck.resumed'; serviceMs: number }
  | { type: 'truck.turnedAway' }
  | { type: 'truck.parked' };

export type CoarseTruckTold =
  | { type: 'truck.arrived' }
  | { type: 'truck.swapped' }
  | { type: 'truck.turned' }
  | { type: 'truck.stranded' }
  /** It was towed to the end of its way, where it turns. */
  | { type: 'truck.towed' };

interface CoarseTruckContext {
  goal: LegGoal;
  legMs: number;
  /** How long what comes next takes: turn, tow or swap. */
  thenMs: number;
}

/** A truck of the coarse model. Its modes bear the names of the live machine's; where it goes and how long that takes is the plant's to say. */
export const coarseTruckMachine = setup({
  types: { context: {} as CoarseTruckContext, events: {} as CoarseTruckEvent, emitted: {} as CoarseTruckTold },
  guards: {
    isAtStation: ({ context }) => context.goal === 'STATION',
    isStranded: ({ context }) => context.goal === 'STRANDING' || context.goal === 'STRANDING_BEFORE_TURN',
    turnsNext: ({ context }) => context.goal === 'STRANDING_BEFORE_TURN',
  },
  delays: { leg: ({ context }) => context.legMs, stay: ({ context }) => context.thenMs },
  actions: {
    takeRoute: assign({
      goal: (_, { goal }: CoarseTruckContext) => goal,
      legMs: (_, { legMs }: CoarseTruckContext) => legMs,
      thenMs: (_, { thenMs }: CoarseTruckContext) => thenMs,
    }),
    noteService: assign({ thenMs: (_, { serviceMs }: { serviceMs: number }) => serviceMs }),
    tellArrived: emit({ type: 'truck.arrived' }),
    tellSwapped: emit({ type: 'truck.swapped' }),
    tellTurned: emit({ type: 'truck.turned' }),
    tellStranded: emit({ type: 'truck.stranded' }),
    tellTowed: emit({ type: 'truck.towed' }),
  },
}).createMachine({
  id: 'coarseTruck',
  context: { goal: 'STATION', legMs: 0, thenMs: 0 },
  initial: 'parked',
  states: {
    parked: {
      on: {
        'truck.came': 'queueing',
        'truck.routed': { target: 'driving', actions: { type: 'takeRoute', params: ({ event }) => event } },
      },
    },
    driving: {
      after: {
        leg: [
          { guard: 'isAtStation', target: 'queueing' },
          { guard: 'isStranded', target: 'stranded', actions: 'tellStranded' },
          { target: 'loading' },
        ],
      },
    },
    queueing: {
      entry: 'tellArrived',
      on: {
        'truck.served': { target: 'inBay', actions: { type: 'noteService', params: ({ event }) => event } },
        'truck.turnedAway': 'ready',
      },
    },
    inBay: { after: { stay: { target: 'ready', actions: 'tellSwapped' } }, on: { 'truck.held': 'held' } },
    held: { on: { 'truck.resumed': { target: 'inBay', actions: { type: 'noteService', params: ({ event }) => event } } } },
    loading: { after: { stay: { target: 'ready', actions: 'tellTurned' } } },
    stranded: { after: { stay: [{ guard: 'turnsNext', target: 'ready', actions: 'tellTowed' }, { target: 'queueing' }] } },
    ready: {
      on: {
        'truck.routed': { target: 'driving', actions: { type: 'takeRoute', params: ({ event }) => event } },
        'truck.parked': 'parked',
      },
    },
  },
});

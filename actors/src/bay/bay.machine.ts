import { assign, emit, setup } from 'xstate';
import { penaltyIncurred } from '../charge/penalty-charge.ts';
import type { EventOf } from '../network/actor-event.ts';
import type { Emitted } from '../network/effect.ts';
import { emptySurroundings } from '../network/empty-surroundings.ts';
import { clearAlarm, many, raiseAlarm, tell } from '../network/outgoing.ts';
import type { Surroundings } from '../network/reference.ts';

export interface BayInput {
  id: string;
  stationId: string;
}

type Released = Extract<EventOf['bay'], { type: 'bay.released' }>;

/** A truck that was given its pack and may still stand in the bay. */
interface Leaving {
  orderId: string;
  truckId: string;
  /** Whose the truck was when its swap ended, who may sell it while it stands there; absent: of before this was kept. */
  carrierId?: string;
  sinceMs: number;
}

export interface BayContext {
  id: string;
  stationId: string;
  swapId: string | null;
  orderId: string | null;
  truckId: string | null;
  faultCodes: readonly string[];
  /** After its swap ended, while the bay is not reported free; absent: nobody. */
  leaving?: Leaving | null;
  /** Since when a truck without a pack blocks it. */
  blockedSinceMs: number | null;
}

const blockage = ({ id }: BayContext, sinceMs: number) => ({ code: 'BAY_BLOCKED', scope: 'bay', scopeId: id, sinceMs }) as const;

/** Whoever was in the bay has left it: one truck at a time. */
function displaced({ swapId }: BayContext, by: { swapId: string; truckId: string | null; atMs: number }): Emitted[] {
  if (swapId === null || swapId === by.swapId) return [];
  return [tell('swap', swapId, { type: 'swap.bayTaken', atMs: by.atMs, truckId: by.truckId })];
}

/** Who has to leave now: only who was given a pack, and only where the station does not say already that nobody stands there. */
function leavingOf({ id }: BayContext, { served, atMs }: Released, { signals, reference }: Surroundings): Leaving | null {
  if (served === null || signals.text('bay', id, 'bayState') === 'FREE') return null;
  const { orderId, truckId } = served;
  const carrierId = reference.truck(truckId)?.carrierId;
  return carrierId === undefined ? { orderId, truckId, sinceMs: atMs } : { orderId, truckId, carrierId, sinceMs: atMs };
}

/** It left later than its contract allows. Only the station's own word that the bay is free counts. */
function overstayed({ stationId, leaving }: BayContext, atMs: number, { reference }: Surroundings): Emitted[] {
  const carrierId = leaving ? (leaving.carrierId ?? reference.truck(leaving.truckId)?.carrierId) : undefined;
  if (!leaving || carrierId === undefined || atMs < leaving.sinceMs) return [];
  const { orderId, truckId, sinceMs } = leaving;
  const incident = { kind: 'OVERSTAY', orderId, stationId, truckId, carrierId, ratedAtMs: sinceMs, stayedMs: atMs - sinceMs } as const;
  return penaltyIncurred(reference, incident, atMs);
}

/** The swap bay as the twin follows it (bay.spec.md). */
export const bayMachineOf = (surroundings: Surroundings) =>
  setup({
    types: {
      input: {} as BayInput,
      context: {} as BayContext,
      events: {} as EventOf['bay'],
      emitted: {} as Emitted,
    },
    guards: {
      hasLeft: ({ context }, { signal, value }: { signal: string; value: string | null }) =>
        signal === 'bayState' && value === 'FREE' && context.leaving !== undefined && context.leaving !== null,
      isOfThisSwap: ({ context }, { swapId }: { swapId: string }) => context.swapId === swapId,
      hasFault: ({ context }) => context.faultCodes.length > 0,
      isReportedFree: (_, { signal, value }: { signal: string; value: string | null }) => signal === 'bayState' && value === 'FREE',
    },
    actions: {
      say: emit((_, { emitted }: { emitted: readonly Emitted[] }) => many(emitted)),
      admit: assign({
        swapId: (_, { swapId }: { swapId: string; truckId: string | null }) => swapId,
        truckId: (_, { truckId }: { swapId: string; truckId: string | null }) => truckId,
        orderId: null,
        // Whether the one before left in time, nobody said.
        leaving: null,
      }),
      noteOrder: assign({
        swapId: (_, { swapId }: { swapId: string; orderId: string }) => swapId,
        orderId: (_, { orderId }: { swapId: string; orderId: string }) => orderId,
      }),
      noteLeaving: assign({ leaving: ({ context }, released: Released) => leavingOf(context, released, surroundings) }),
      noteLeft: assign({ leaving: null }),
      clear: assign({ swapId: null, orderId: null, truckId: null, blockedSinceMs: null }),
      noteBlocked: assign({ blockedSinceMs: (_, { atMs }: { atMs: number }) => atMs }),
      noteFault: assign({
        faultCodes: ({ context }, { code }: { code: string }) =>
          context.faultCodes.includes(code) ? context.faultCodes : [...context.faultCodes, code],
      }),
      dropFault: assign({
        faultCodes: ({ context }, { code }: { code: string }) => context.faultCodes.filter((known) => known !== code),
      }),
    },
  }).createMachine({
    id: 'bay',
    context: ({ input }) => ({
      id: input.id,
      stationId: input.stationId,
      swapId: null,
      orderId: null,
      truckId: null,
      faultCodes: [],
      leaving: null,
      blockedSinceMs: null,
    }),
    initial: 'free',
    on: {
      // A newer swap takes the bay from whatever was there: only one truck stands in it.
      'bay.truckArrived': {
        target: '.occupied',
        actions: [
          { type: 'say', params: ({ context, event }) => ({ emitted: displaced(context, event) }) },
          { type: 'admit', params: ({ event }) => ({ swapId: event.swapId, truckId: event.truckId }) },
        ],
      },
      'bay.swapBegan': {
        target: '.swapping',
        actions: [
          { type: 'say', params: ({ context, event }) => ({ emitted: displaced(context, { ...event, truckId: null }) }) },
          { type: 'noteOrder', params: ({ event }) => ({ swapId: event.swapId, orderId: event.orderId }) },
        ],
      },
      'bay.faultRaised': { actions: { type: 'noteFault', params: ({ event }) => ({ code: event.code }) } },
      'bay.faultCleared': { actions: { type: 'dropFault', params: ({ event }) => ({ code: event.code }) } },
      'bay.released': {
        guard: { type: 'isOfThisSwap', params: ({ event }) => ({ swapId: event.swapId }) },
        target: '.vacated',
        actions: { type: 'noteLeaving', params: ({ event }) => event },
      },
      'signal.changed': {
        guard: { type: 'hasLeft', params: ({ event }) => ({ signal: event.signal, value: event.value }) },
        actions: [
          { type: 'say', params: ({ context, event }) => ({ emitted: overstayed(context, event.atMs, surroundings) }) },
          'noteLeft',
        ],
      },
      'bay.blocked': {
        guard: { type: 'isOfThisSwap', params: ({ event }) => ({ swapId: event.swapId }) },
        target: '.blocked',
        actions: [
          { type: 'noteBlocked', params: ({ event }) => ({ atMs: event.atMs }) },
          {
            type: 'say',
            params: ({ context, event }) => ({
              emitted: [raiseAlarm({ ...blockage(context, event.atMs), level: 3, detail: event.reason, args: { reason: event.reason } })],
            }),
          },
        ],
      },
    },
    states: {
      free: {
        on: {
          'bay.faultRaised': { target: 'fault', actions: { type: 'noteFault', params: ({ event }) => ({ code: event.code }) } },
        },
      },
      occupied: {},
      swapping: {
        on: {
          'bay.suspended': {
            guard: { type: 'isOfThisSwap', params: ({ event }) => ({ swapId: event.swapId }) },
            target: 'suspended',
          },
        },
      },
      suspended: {
        on: {
          'bay.resumed': {
            guard: { type: 'isOfThisSwap', params: ({ event }) => ({ swapId: event.swapId }) },
            target: 'swapping',
          },
        },
      },
      // A truck without a pack stands in it until the station says that the bay is free.
      blocked: {
        on: {
          'bay.blocked': {},
          'signal.changed': {
            guard: { type: 'isReportedFree', params: ({ event }) => ({ signal: event.signal, value: event.value }) },
            target: 'vacated',
          },
        },
        exit: {
          type: 'say',
          params: ({ context }) => ({
            emitted: context.blockedSinceMs === null ? [] : [clearAlarm(blockage(context, context.blockedSinceMs), surroundings.nowMs())],
          }),
        },
      },
      vacated: { entry: 'clear', always: [{ guard: 'hasFault', target: 'fault' }, { target: 'free' }] },
      fault: {
        on: {
          'bay.faultCleared': { target: 'vacated', actions: { type: 'dropFault', params: ({ event }) => ({ code: event.code }) } },
        },
      },
    },
  });

/** For charts: no assets around it. @public */
export const bayMachine = bayMachineOf(emptySurroundings);

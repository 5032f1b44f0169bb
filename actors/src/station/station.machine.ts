import { assign, emit, setup } from 'xstate';
import type { EventOf } from '../network/actor-event.ts';
import type { Emitted } from '../network/effect.ts';
import { emptySurroundings } from '../network/empty-surroundings.ts';
import { parseRef } from '../network/entity-ref.ts';
import { many } from '../network/outgoing.ts';
import type { Surroundings } from '../network/reference.ts';
import {
  answerReservation,
  choosePack,
  equipmentOf,
  faultCleared,
  faultRaised,
  operatorAct,
  releaseReservation,
  type StationContext,
  type StationEventOf,
  type StationInput,
  stockRowOf,
  withFault,
  withStock,
} from './station.rules.ts';
import { configure } from './station-config.ts';
import { doubtsOf, reconcileInventory } from './station-inventory.rules.ts';

/** A station: whether it serves, what it has in stock, what is kept for whom (station.spec.md). */
export const stationMachineOf = ({ reference }: Surroundings) =>
  setup({
    types: {
      input: {} as StationInput,
      context: {} as StationContext,
      events: {} as EventOf['station'],
      emitted: {} as Emitted,
    },
    guards: {
      isClosed: ({ context }) => context.closed,
      isUnheard: ({ context }) => !context.online,
      isStopped: ({ context }) => context.equipment === 'ESTOP',
      isInoperative: ({ context }) => context.equipment === 'INOPERATIVE',
      isDegraded: ({ context }) => context.equipment === 'DEGRADED',
      isKeptFor: ({ context }, { orderId }: { orderId: string }) =>
        context.reservations.some((reservation) => reservation.orderId === orderId),
      isAboutState: (_, { signal }: { signal: string }) => signal === 'state',
    },
    actions: {
      say: emit((_, { emitted }: { emitted: readonly Emitted[] }) => many(emitted)),
      noteOnline: assign({ online: (_, { online }: { online: boolean }) => online }),
      close: assign({ closed: true, closedFor: (_, { partyId }: { partyId: string }) => partyId }),
      open: assign({ closed: false, closedFor: null }),
      noteEquipment: assign({ equipment: (_, { value }: { value: string | null }) => equipmentOf(value) }),
      noteFault: assign({
        faults: ({ context }, event: StationEventOf<'station.faultRaised'>) => withFault(context.faults, event),
      }),
      dropFault: assign({
        faults: ({ context }, { fault }: StationEventOf<'station.faultCleared'>) =>
          context.faults.filter(({ faultId }) => faultId !== fault.faultId),
      }),
      noteDoubts: assign({
        doubtfulSinceMs: ({ context }, inventory: StationEventOf<'station.inventoryReported'>) =>
          doubtsOf(context, inventory, reference).length === 0 ? null : (context.doubtfulSinceMs ?? inventory.atMs),
      }),
      noteStock: assign({
        stock: ({ context }, event: StationEventOf<'station.stockChanged'>) => withStock(context.stock, stockRowOf(event)),
      }),
      reserve: assign({
        reservations: ({ context }, ask: StationEventOf<'station.reservationRequested'>) => {
          const choice = choosePack(context, ask, reference);
          if (!choice.ok || context.reservations.includes(choice.reservation)) return context.reservations;
          return [...context.reservations, choice.reservation];
        },
      }),
      noteRequestId: assign({
        lastRequestId: ({ context }, { orderId }: { orderId: string }) => {
          const reserved = context.reservations.find((reservation) => reservation.orderId === orderId);
          const isOurs = reserved !== undefined && reserved.requestId % 2 === 0;
          return isOurs ? Math.max(context.lastRequestId, reserved.requestId) : context.lastRequestId;
        },
      }),
      release: assign({
        reservations: ({ context }, { orderId }: { orderId: string }) =>
          context.reservations.filter((reservation) => reservation.orderId !== orderId),
      }),
    },
  }).createMachine({
    id: 'station',
    context: ({ input }) => ({
      id: input.id,
      online: false,
      closed: false,
      equipment: 'OPERATIVE',
      faults: [],
      stock: [],
      reservations: [],
      lastRequestId: 0,
    }),
    initial: 'offline',
    on: {
      'station.gatewayOnline': {
        target: '.assessing',
        actions: [
          { type: 'noteOnline', params: { online: true } },
          { type: 'say', params: ({ context, event }) => ({ emitted: configure(context.id, reference, event.atMs) }) },
        ],
      },
      'station.gatewayOffline': { target: '.assessing', actions: { type: 'noteOnline', params: { online: false } } },
      'signal.changed': {
        guard: { type: 'isAboutState', params: ({ event }) => ({ signal: event.signal }) },
        target: '.assessing',
        actions: { type: 'noteEquipment', params: ({ event }) => ({ value: event.value }) },
      },
      'station.operatorAct': {
        actions: { type: 'say', params: ({ context, event }) => ({ emitted: operatorAct(context, event) }) },
      },
      'station.opened': { target: '.assessing', actions: 'open' },
      'station.closed': { target: '.assessing', actions: { type: 'close', params: ({ event }) => ({ partyId: event.partyId }) } },
      'station.faultRaised': {
        actions: [
          { type: 'say', params: ({ context, event }) => ({ emitted: faultRaised(context, event) }) },
          { type: 'noteFault', params: ({ event }) => event },
        ],
      },
      'station.faultCleared': {
        actions: [
          { type: 'say', params: ({ context, event }) => ({ emitted: faultCleared(context, event) }) },
          { type: 'dropFault', params: ({ event }) => event },
        ],
      },
      'station.inventoryReported': {
        actions: [
          { type: 'say', params: ({ context, event }) => ({ emitted: reconcileInventory(context, event, reference) }) },
          { type: 'noteDoubts', params: ({ event }) => event },
        ],
      },
      'station.stockChanged': { actions: { type: 'noteStock', params: ({ event }) => event } },
      'station.reservationRequested': {
        actions: [
          {
            type: 'say',
            params: ({ context, event }) => ({ emitted: answerReservation(context, event, choosePack(context, event, reference)) }),
          },
          { type: 'reserve', params: ({ event }) => event },
          { type: 'noteRequestId', params: ({ event }) => ({ orderId: event.orderId }) },
        ],
      },
      'station.reservationReleased': {
        actions: [
          { type: 'say', params: ({ context, event }) => ({ emitted: releaseReservation(context, event) }) },
          { type: 'release', params: ({ event }) => ({ orderId: event.orderId }) },
        ],
      },
      // The order that asked is gone: nobody would release what was kept for it.
      'delivery.bounced': {
        guard: { type: 'isKeptFor', params: ({ event }) => ({ orderId: parseRef(event.to).id }) },
        actions: [
          {
            type: 'say',
            params: ({ context, event }) => ({
              emitted: releaseReservation(context, { orderId: parseRef(event.to).id, atMs: event.atMs }),
            }),
          },
          { type: 'release', params: ({ event }) => ({ orderId: parseRef(event.to).id }) },
        ],
      },
    },
    states: {
      assessing: {
        always: [
          { guard: 'isClosed', target: 'closed' },
          { guard: 'isUnheard', target: 'offline' },
          { guard: 'isStopped', target: 'estop' },
          { guard: 'isInoperative', target: 'inoperative' },
          { guard: 'isDegraded', target: 'degraded' },
          { target: 'operative' },
        ],
      },
      offline: {},
      closed: {},
      estop: {},
      inoperative: {},
      degraded: {},
      operative: {},
    },
  });

/** For charts: no assets around it. @public */
export const stationMachine = stationMachineOf(emptySurroundings);

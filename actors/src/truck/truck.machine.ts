import { assign, emit, setup } from 'xstate';
import type { EventOf } from '../network/actor-event.ts';
import type { Emitted } from '../network/effect.ts';
import { emptySurroundings } from '../network/empty-surroundings.ts';
import { parseRef } from '../network/entity-ref.ts';
import { many } from '../network/outgoing.ts';
import type { Surroundings } from '../network/reference.ts';
import {
  answerBooking,
  bookingRefusal,
  displace,
  isBlocked,
  isOutrun,
  isReplayed,
  leftWh,
  outrun,
  queueingSince,
  socCrossed,
  strandingChanged,
  type TruckContext,
  type TruckInput,
  type VehicleState,
  vehicleStateOf,
} from './truck.rules.ts';

/** A truck: what it does, what it carries by the books, who has booked it (truck.spec.md). */
export const truckMachineOf = (surroundings: Surroundings) =>
  setup({
    types: {
      input: {} as TruckInput,
      context: {} as TruckContext,
      events: {} as EventOf['truck'],
      emitted: {} as Emitted,
    },
    guards: {
      isReplayed: ({ context }) => isReplayed(context, surroundings),
      isBlocked: ({ context }) => isBlocked(context),
      does: ({ context }, { vehicleState }: { vehicleState: VehicleState }) => context.vehicleState === vehicleState,
      isBookedBy: ({ context }, { orderId }: { orderId: string }) => context.orderId === orderId,
      carries: ({ context }, { packId }: { packId: string }) => context.packId === packId,
      isOutrun: ({ context }, event: { atMs: number }) => isOutrun(context, event),
      isVehicleState: (_, { signal, value }: { signal: string; value: string | null }) =>
        signal === 'vehicleState' && vehicleStateOf(value) !== null,
      isStranding: (_, { event }: { event: string }) => event === 'stranded',
      isRecovery: ({ context }, { event }: { event: string }) => event === 'recovered' && context.vehicleState === 'STRANDED',
      canBeBooked: ({ context }, { orderId }: { orderId: string }) => bookingRefusal(context, orderId, surroundings) === null,
    },
    actions: {
      say: emit((_, { emitted }: { emitted: readonly Emitted[] }) => many(emitted)),
      noteState: assign({
        vehicleState: ({ context }, { next }: { next: VehicleState | null; atMs: number }) => next ?? context.vehicleState,
        strandedSinceMs: ({ context }, { next, atMs }: { next: VehicleState | null; atMs: number }) =>
          next === 'STRANDED' ? (context.strandedSinceMs ?? atMs) : null,
        queueingSinceMs: ({ context }, { next, atMs }: { next: VehicleState | null; atMs: number }) => queueingSince(context, next, atMs),
      }),
      book: assign({ orderId: (_, { orderId }: { orderId: string }) => orderId }),
      free: assign({ orderId: null }),
      countFrom: assign({ odometerAtSwapM: (_, { odometerM }: { odometerM: number }) => odometerM }),
      fit: assign({
        packId: (_, { packId }: { packId: string; atMs: number }) => packId,
        fittedAtMs: (_, { atMs }: { packId: string; atMs: number }) => atMs,
        leftWh: null,
      }),
      removePack: assign({ packId: null, leftWh: (_, { energyWh }: { energyWh: number | null }) => energyWh }),
      block: assign({ blockedFor: (_, { reason }: { reason: string }) => reason }),
      unblock: assign({ blockedFor: null }),
      stop: assign({ stoppedFor: (_, { partyId }: { partyId: string }) => partyId }),
      letGo: assign({ stoppedFor: null }),
    },
  }).createMachine({
    id: 'truck',
    context: ({ input }) => ({
      id: input.id,
      packId: input.packId,
      vehicleState: 'PARKED',
      orderId: null,
      blockedFor: null,
      strandedSinceMs: null,
      queueingSinceMs: null,
      odometerAtSwapM: null,
    }),
    initial: 'assessing',
    on: {
      'signal.changed': {
        guard: { type: 'isVehicleState', params: ({ event }) => ({ signal: event.signal, value: event.value }) },
        target: '.assessing',
        actions: [
          {
            type: 'say',
            params: ({ context, event }) => ({ emitted: strandingChanged(context, vehicleStateOf(event.value), event.atMs) }),
          },
          { type: 'noteState', params: ({ event }) => ({ next: vehicleStateOf(event.value), atMs: event.atMs }) },
        ],
      },
      'signal.crossed': {
        actions: { type: 'say', params: ({ context, event }) => ({ emitted: socCrossed(context, event, surroundings) }) },
      },
      'truck.reported': [
        {
          guard: { type: 'isStranding', params: ({ event }) => ({ event: event.event }) },
          target: '.assessing',
          actions: [
            { type: 'say', params: ({ context, event }) => ({ emitted: strandingChanged(context, 'STRANDED', event.atMs) }) },
            { type: 'noteState', params: ({ event }) => ({ next: 'STRANDED' as const, atMs: event.atMs }) },
          ],
        },
        {
          guard: { type: 'isRecovery', params: ({ event }) => ({ event: event.event }) },
          target: '.assessing',
          actions: [
            { type: 'say', params: ({ context, event }) => ({ emitted: strandingChanged(context, 'PARKED', event.atMs) }) },
            { type: 'noteState', params: ({ event }) => ({ next: 'PARKED' as const, atMs: event.atMs }) },
          ],
        },
      ],
      'truck.bookingRequested': [
        {
          guard: { type: 'canBeBooked', params: ({ event }) => ({ orderId: event.orderId }) },
          actions: [
            { type: 'say', params: ({ context, event }) => ({ emitted: answerBooking(context, event, surroundings) }) },
            { type: 'book', params: ({ event }) => ({ orderId: event.orderId }) },
          ],
        },
        { actions: { type: 'say', params: ({ context, event }) => ({ emitted: answerBooking(context, event, surroundings) }) } },
      ],
      'truck.bookingReleased': {
        guard: { type: 'isBookedBy', params: ({ event }) => ({ orderId: event.orderId }) },
        actions: 'free',
      },
      'truck.swapBilled': { actions: { type: 'countFrom', params: ({ event }) => ({ odometerM: event.odometerM }) } },
      'truck.docked': {
        target: '.assessing',
        actions: [
          { type: 'say', params: ({ context, event }) => ({ emitted: strandingChanged(context, 'IN_BAY', event.atMs) }) },
          { type: 'noteState', params: ({ event }) => ({ next: 'IN_BAY' as const, atMs: event.atMs }) },
        ],
      },
      'truck.released': {
        target: '.assessing',
        actions: [
          { type: 'say', params: ({ context, event }) => ({ emitted: strandingChanged(context, 'DRIVING', event.atMs) }) },
          { type: 'noteState', params: ({ event }) => ({ next: 'DRIVING' as const, atMs: event.atMs }) },
        ],
      },
      'truck.packFitted': [
        {
          guard: { type: 'isOutrun', params: ({ event }) => event },
          actions: { type: 'say', params: ({ context, event }) => ({ emitted: outrun(context, event) }) },
        },
        {
          actions: [
            { type: 'say', params: ({ context, event }) => ({ emitted: displace(context, event) }) },
            { type: 'fit', params: ({ event }) => event },
          ],
        },
      ],
      'truck.packRemoved': {
        guard: { type: 'carries', params: ({ event }) => ({ packId: event.packId }) },
        actions: { type: 'removePack', params: ({ event }) => ({ energyWh: leftWh(event, surroundings) }) },
      },
      // The order that booked it is gone: nobody would release it.
      'delivery.bounced': {
        guard: { type: 'isBookedBy', params: ({ event }) => ({ orderId: parseRef(event.to).id }) },
        actions: 'free',
      },
      'truck.blocked': { target: '.assessing', actions: { type: 'block', params: ({ event }) => ({ reason: event.reason }) } },
      'truck.unblocked': { target: '.assessing', actions: 'unblock' },
      'truck.stopped': { target: '.assessing', actions: { type: 'stop', params: ({ event }) => ({ partyId: event.partyId }) } },
      'truck.letGo': { target: '.assessing', actions: 'letGo' },
    },
    states: {
      assessing: {
        always: [
          { guard: 'isReplayed', target: 'replayed' },
          { guard: 'isBlocked', target: 'blocked' },
          { guard: { type: 'does', params: { vehicleState: 'DRIVING' } }, target: 'driving' },
          { guard: { type: 'does', params: { vehicleState: 'QUEUEING' } }, target: 'queueing' },
          { guard: { type: 'does', params: { vehicleState: 'IN_BAY' } }, target: 'inBay' },
          { guard: { type: 'does', params: { vehicleState: 'RESTING' } }, target: 'resting' },
          { guard: { type: 'does', params: { vehicleState: 'LOADING' } }, target: 'loading' },
          { guard: { type: 'does', params: { vehicleState: 'STRANDED' } }, target: 'stranded' },
          { target: 'parked' },
        ],
      },
      parked: {},
      driving: {},
      queueing: {},
      inBay: {},
      resting: {},
      loading: {},
      stranded: {},
      blocked: {},
      replayed: {},
    },
  });

/** For charts: no assets around it. @public */
export const truckMachine = truckMachineOf(emptySurroundings);

import { assign, emit, setup } from 'xstate';
import type { EventOf } from '../network/actor-event.ts';
import type { Emitted } from '../network/effect.ts';
import { emptySurroundings } from '../network/empty-surroundings.ts';
import { many } from '../network/outgoing.ts';
import type { Surroundings } from '../network/reference.ts';
import {
  clockSkewed,
  eventsLost,
  fellSilent,
  type GatewayContext,
  type GatewayInput,
  heard,
  isSkewed,
  lockedOut,
  lockOutEnded,
} from './gateway.rules.ts';

/** Connectivity of a source: a station's gateway or a truck's T-box (gateway.spec.md). */
export const gatewayMachineOf = (_surroundings: Surroundings) =>
  setup({
    types: {
      input: {} as GatewayInput,
      context: {} as GatewayContext,
      events: {} as EventOf['gateway'],
      emitted: {} as Emitted,
    },
    actions: {
      say: emit((_, { emitted }: { emitted: readonly Emitted[] }) => many(emitted)),
      noteBoot: assign({
        bootId: (_, { bootId }: { bootId: number; firmware: string }) => bootId,
        firmware: (_, { firmware }: { bootId: number; firmware: string }) => firmware,
      }),
      noteSilence: assign({ silentSinceMs: ({ context }, { atMs }: { atMs: number }) => context.silentSinceMs ?? atMs }),
      noteHeard: assign({ silentSinceMs: null }),
      noteLockOut: assign({
        lockedOutSinceMs: ({ context }, { atMs }: { atMs: number }) => context.lockedOutSinceMs ?? atMs,
      }),
      noteLockOutEnded: assign({ lockedOutSinceMs: null }),
      noteSkew: assign({
        skewedSinceMs: ({ context }, { atMs, offsetMs }: { atMs: number; offsetMs: number }) =>
          isSkewed(offsetMs) ? (context.skewedSinceMs ?? atMs) : null,
      }),
    },
  }).createMachine({
    id: 'gateway',
    context: ({ input }) => ({
      id: input.id,
      source: input.source,
      bootId: 0,
      firmware: null,
      silentSinceMs: null,
      skewedSinceMs: null,
    }),
    initial: 'neverSeen',
    on: {
      'gateway.onlineReported': {
        target: '.online',
        actions: [
          { type: 'say', params: ({ context, event }) => ({ emitted: heard(context, event.atMs) }) },
          { type: 'noteBoot', params: ({ event }) => ({ bootId: event.bootId, firmware: event.firmware }) },
          'noteHeard',
          { type: 'say', params: ({ context, event }) => ({ emitted: lockOutEnded(context, event.atMs) }) },
          'noteLockOutEnded',
        ],
      },
      'gateway.lockedOut': {
        actions: [
          { type: 'say', params: ({ context, event }) => ({ emitted: lockedOut(context, event) }) },
          { type: 'noteLockOut', params: ({ event }) => ({ atMs: event.atMs }) },
        ],
      },
      'gateway.gapSkipped': {
        actions: { type: 'say', params: ({ context, event }) => ({ emitted: eventsLost(context, event) }) },
      },
      'gateway.clockSkewed': {
        actions: [
          { type: 'say', params: ({ context, event }) => ({ emitted: clockSkewed(context, event) }) },
          { type: 'noteSkew', params: ({ event }) => ({ atMs: event.atMs, offsetMs: event.offsetMs }) },
        ],
      },
      'gateway.revoked': {
        target: '.revoked',
        actions: [
          { type: 'say', params: ({ context, event }) => ({ emitted: fellSilent(context, event.atMs, 'CREDENTIALS_REVOKED') }) },
          { type: 'noteSilence', params: ({ event }) => ({ atMs: event.atMs }) },
          { type: 'say', params: ({ context, event }) => ({ emitted: lockOutEnded(context, event.atMs) }) },
          'noteLockOutEnded',
        ],
      },
    },
    states: {
      neverSeen: {
        on: {
          'signal.fresh': {
            target: 'online',
            actions: { type: 'say', params: ({ context, event }) => ({ emitted: heard(context, event.atMs) }) },
          },
        },
      },
      online: {
        on: {
          'gateway.backfillBegun': 'backfilling',
          'gateway.offlineReported': {
            target: 'offline',
            actions: [
              { type: 'say', params: ({ context, event }) => ({ emitted: fellSilent(context, event.atMs, { said: event.reason }) }) },
              { type: 'noteSilence', params: ({ event }) => ({ atMs: event.atMs }) },
            ],
          },
          'signal.stale': {
            target: 'offline',
            actions: [
              { type: 'say', params: ({ context, event }) => ({ emitted: fellSilent(context, event.atMs, 'HEARTBEAT_MISSING') }) },
              { type: 'noteSilence', params: ({ event }) => ({ atMs: event.atMs }) },
            ],
          },
        },
      },
      backfilling: {
        on: {
          'gateway.backfillEnded': 'online',
          'gateway.offlineReported': {
            target: 'offline',
            actions: [
              { type: 'say', params: ({ context, event }) => ({ emitted: fellSilent(context, event.atMs, { said: event.reason }) }) },
              { type: 'noteSilence', params: ({ event }) => ({ atMs: event.atMs }) },
            ],
          },
          'signal.stale': {
            target: 'offline',
            actions: [
              { type: 'say', params: ({ context, event }) => ({ emitted: fellSilent(context, event.atMs, 'HEARTBEAT_MISSING') }) },
              { type: 'noteSilence', params: ({ event }) => ({ atMs: event.atMs }) },
            ],
          },
        },
      },
      offline: {
        on: {
          'signal.fresh': {
            target: 'online',
            actions: [{ type: 'say', params: ({ context, event }) => ({ emitted: heard(context, event.atMs) }) }, 'noteHeard'],
          },
          'gateway.backfillBegun': {
            target: 'backfilling',
            actions: [{ type: 'say', params: ({ context, event }) => ({ emitted: heard(context, event.atMs) }) }, 'noteHeard'],
          },
        },
      },
      revoked: {},
    },
  });

/** For charts: no assets around it. @public */
export const gatewayMachine = gatewayMachineOf(emptySurroundings);

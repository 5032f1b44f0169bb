import { assign, emit, setup } from 'xstate';
import type { EventOf } from '../network/actor-event.ts';
import type { Emitted } from '../network/effect.ts';
import { emptySurroundings } from '../network/empty-surroundings.ts';
import { many } from '../network/outgoing.ts';
import type { Surroundings } from '../network/reference.ts';
import {
  displace,
  isNews,
  isOffered,
  isUnknownPack,
  passCharge,
  quarantined,
  reportedOf,
  returned,
  type SlotContext,
  type SlotEventOf,
  type SlotInput,
  stock,
  twoPacksSince,
} from './slot.rules.ts';

/** A slot with its charger (slot.spec.md). Every fact about it is noted and then its mode is assessed anew. */
export const slotMachineOf = ({ nowMs }: Surroundings) =>
  setup({
    types: {
      input: {} as SlotInput,
      context: {} as SlotContext,
      events: {} as EventOf['slot'],
      emitted: {} as Emitted,
    },
    guards: {
      isQuarantined: ({ context }) => context.quarantine !== null,
      // One that was set aside is unavailable because the station was told so.
      isFaulted: ({ context }) => context.faultCodes.length > 0 || (context.reported === 'UNAVAILABLE' && !context.setAside),
      isSetAside: ({ context }) => context.setAside,
      isEmpty: ({ context }) => context.packId === null,
      isReserved: ({ context }) => context.reservedFor !== null,
      isOffered: ({ context }) => isOffered(context),
      isCharging: ({ context }) => context.charging,
      holds: ({ context }, { packId }: { packId: string }) => context.packId === packId,
      isNews: ({ context }, event: SlotEventOf<'slot.packCondition'>) => context.packId === event.packId && isNews(context, event),
      holdsAny: ({ context }) => context.packId !== null,
      isKeptFor: ({ context }, { orderId }: { orderId: string }) => context.reservedFor === orderId,
      isAboutSlotState: (_, { signal }: { signal: string }) => signal === 'slotState',
      isUnknownPack: ({ context }, bounced: SlotEventOf<'delivery.bounced'>) => context.quarantine === null && isUnknownPack(bounced),
    },
    actions: {
      say: emit((_, { emitted }: { emitted: readonly Emitted[] }) => many(emitted)),
      /** Told with every fact that an offer hangs on; whether it charges, or for whom it is kept, is none. */
      tellStock: emit(({ context }) => many(stock(context, nowMs()))),
      holdPack: assign({
        packId: (_, { packId }: { packId: string }) => packId,
        condition: ({ context }, { packId }: { packId: string }) => (context.packId === packId ? context.condition : null),
        reported: 'HOLDS_PACK',
      }),
      noteTwoPacks: assign({
        twoPacksSinceMs: ({ context }, inserted: SlotEventOf<'slot.packInserted'>) =>
          context.packId === null || context.packId === inserted.packId
            ? (context.twoPacksSinceMs ?? null)
            : twoPacksSince(context, inserted),
      }),
      dropPack: assign({ packId: null, condition: null, charging: false, reservedFor: null, reported: 'EMPTY', twoPacksSinceMs: null }),
      noteCondition: assign({
        condition: (_, { issuable, energyWh, socPercent, sohPercent, ownerId, typeCode }: SlotEventOf<'slot.packCondition'>) => ({
          issuable,
          energyWh,
          socPercent,
          sohPercent,
          ownerId,
          typeCode,
        }),
      }),
      noteCharging: assign({
        charging: ({ context }, { event, charge }: SlotEventOf<'slot.chargeReported'>) =>
          charge.packId === context.packId ? event !== 'ended' : context.charging,
      }),
      keepFor: assign({ reservedFor: (_, { orderId }: { orderId: string }) => orderId }),
      keepForNobody: assign({ reservedFor: null }),
      setAside: assign({ setAside: true }),
      takeBack: assign({ setAside: false, quarantine: null, quarantinedSinceMs: null }),
      quarantine: assign({
        quarantine: (_, { reason }: { atMs: number; reason: string }) => reason,
        quarantinedSinceMs: ({ context }, { atMs }: { atMs: number; reason: string }) => context.quarantinedSinceMs ?? atMs,
      }),
      noteFault: assign({
        faultCodes: ({ context }, { code }: { code: string }) =>
          context.faultCodes.includes(code) ? context.faultCodes : [...context.faultCodes, code],
      }),
      dropFault: assign({
        faultCodes: ({ context }, { code }: { code: string }) => context.faultCodes.filter((known) => known !== code),
      }),
      noteReported: assign({ reported: (_, { value }: { value: string | null }) => reportedOf(value) }),
    },
  }).createMachine({
    id: 'slot',
    context: ({ input }) => ({
      id: input.id,
      stationId: input.stationId,
      evseId: input.evseId,
      packId: null,
      condition: null,
      charging: false,
      reservedFor: null,
      setAside: false,
      quarantine: null,
      faultCodes: [],
      reported: null,
      quarantinedSinceMs: null,
    }),
    initial: 'empty',
    on: {
      'slot.packInserted': {
        target: '.assessing',
        actions: [
          { type: 'say', params: ({ context, event }) => ({ emitted: displace(context, event) }) },
          { type: 'noteTwoPacks', params: ({ event }) => event },
          { type: 'holdPack', params: ({ event }) => ({ packId: event.packId }) },
          'tellStock',
        ],
      },
      'slot.packRemoved': {
        guard: { type: 'holds', params: ({ event }) => ({ packId: event.packId }) },
        target: '.assessing',
        actions: ['dropPack', 'tellStock'],
      },
      'slot.packCondition': {
        guard: { type: 'isNews', params: ({ event }) => event },
        target: '.assessing',
        actions: [{ type: 'noteCondition', params: ({ event }) => event }, 'tellStock'],
      },
      'slot.chargeReported': {
        target: '.assessing',
        actions: [
          { type: 'say', params: ({ context, event }) => ({ emitted: passCharge(context, event) }) },
          { type: 'noteCharging', params: ({ event }) => event },
        ],
      },
      'slot.reserved': {
        guard: 'holdsAny',
        target: '.assessing',
        actions: { type: 'keepFor', params: ({ event }) => ({ orderId: event.orderId }) },
      },
      'slot.reservationReleased': {
        guard: { type: 'isKeptFor', params: ({ event }) => ({ orderId: event.orderId }) },
        target: '.assessing',
        actions: 'keepForNobody',
      },
      'slot.setAside': { target: '.assessing', actions: ['setAside', 'tellStock'] },
      'slot.returned': {
        target: '.assessing',
        actions: [{ type: 'say', params: ({ context, event }) => ({ emitted: returned(context, event.atMs) }) }, 'takeBack', 'tellStock'],
      },
      'slot.quarantined': {
        target: '.assessing',
        actions: [
          { type: 'say', params: ({ context, event }) => ({ emitted: quarantined(context, event.atMs, event.reason) }) },
          { type: 'quarantine', params: ({ event }) => ({ atMs: event.atMs, reason: event.reason }) },
          'tellStock',
        ],
      },
      'slot.faultRaised': {
        target: '.assessing',
        actions: [{ type: 'noteFault', params: ({ event }) => ({ code: event.code }) }, 'tellStock'],
      },
      'slot.faultCleared': {
        target: '.assessing',
        actions: [{ type: 'dropFault', params: ({ event }) => ({ code: event.code }) }, 'tellStock'],
      },
      'signal.changed': {
        guard: { type: 'isAboutSlotState', params: ({ event }) => ({ signal: event.signal }) },
        target: '.assessing',
        actions: [{ type: 'noteReported', params: ({ event }) => ({ value: event.value }) }, 'tellStock'],
      },
      'delivery.bounced': {
        guard: { type: 'isUnknownPack', params: ({ event }) => event },
        target: '.assessing',
        actions: [
          { type: 'say', params: ({ context, event }) => ({ emitted: quarantined(context, event.atMs, 'BATTERY_UNKNOWN') }) },
          { type: 'quarantine', params: ({ event }) => ({ atMs: event.atMs, reason: 'BATTERY_UNKNOWN' }) },
          'tellStock',
        ],
      },
    },
    states: {
      assessing: {
        always: [
          { guard: 'isQuarantined', target: 'quarantined' },
          { guard: 'isFaulted', target: 'faulted' },
          { guard: 'isSetAside', target: 'setAside' },
          { guard: 'isEmpty', target: 'empty' },
          { guard: 'isReserved', target: 'reserved' },
          { guard: 'isOffered', target: 'ready' },
          { guard: 'isCharging', target: 'charging' },
          { target: 'idle' },
        ],
      },
      empty: {},
      idle: {},
      charging: {},
      ready: {},
      reserved: {},
      setAside: {},
      quarantined: {},
      faulted: {},
    },
  });

/** For charts: no assets around it. @public */
export const slotMachine = slotMachineOf(emptySurroundings);

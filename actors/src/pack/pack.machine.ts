import { and, assign, cancel, emit, not, raise, setup } from 'xstate';
import type { EventOf, PackPlace } from '../network/actor-event.ts';
import type { Emitted } from '../network/effect.ts';
import { emptySurroundings } from '../network/empty-surroundings.ts';
import { many } from '../network/outgoing.ts';
import type { Surroundings } from '../network/reference.ts';
import {
  condition,
  HOT_CELL_C,
  isIssuable,
  type PackContext,
  type PackEventOf,
  type PackInput,
  samePlace,
  temperatureCrossed,
} from './pack.rules.ts';
import { chargedSince, chargeReported, comparedWithMeter } from './pack-charge.rules.ts';
import {
  claimUnconfirmed,
  disputeCleared,
  disputeRaised,
  elsewhereEnded,
  isClaimedBy,
  isCredible,
  isOfTwoSlots,
  isOldNews,
  isUnconfirmed,
  moved,
  placeOfCharge,
} from './pack-custody.rules.ts';
import { handedOver, legAtHandOver, placeAfter } from './pack-hand-over.rules.ts';
import { billedNoted, givenTo, handOverNoted, isBilledElsewhere, isOutrun, outrun, takenFrom } from './pack-hand-over-note.rules.ts';
import { answerLeg, answersLeg } from './pack-leg.rules.ts';

/** A claim of another place is looked at again after this: the event of the move may still be under way. */
const CLAIM_RIPENS_MS = 10 * 60_000;

interface HandOverArgs {
  context: PackContext;
  event: PackEventOf<'pack.returned' | 'pack.issued'>;
}

const packSetup = (surroundings: Surroundings) =>
  setup({
    types: {
      input: {} as PackInput,
      context: {} as PackContext,
      events: {} as EventOf['pack'],
      emitted: {} as Emitted,
    },
    guards: {
      isDisputed: ({ context }) => context.disputedSinceMs !== null,
      isQuarantined: ({ context }) => context.quarantine !== null,
      isOnTruck: ({ context }) => context.place.kind === 'TRUCK',
      isInTransfer: ({ context }) => context.place.kind === 'TRANSFER',
      isInStore: ({ context }) => context.place.kind === 'STORE',
      isIssuable: ({ context }) => isIssuable(context, surroundings),
      isCharging: ({ context }) => context.charging,
      isThere: ({ context }, { place }: PackEventOf<'pack.seen'>) => samePlace(context.place, place),
      isCredible: ({ context }, event: PackEventOf<'pack.seen'>) => isCredible(context, event, surroundings),
      isUnconfirmed: ({ context }, event: PackEventOf<'pack.seen'>) => isUnconfirmed(context, event, surroundings),
      isUnconfirmedAgain: ({ context }, event: PackEventOf<'pack.seen'>) =>
        (context.elsewhereSinceMs ?? null) !== null && isUnconfirmed(context, event, surroundings),
      isContradiction: ({ context }, { evidence }: PackEventOf<'pack.seen'>) =>
        evidence === 'INVENTORY' && context.disputedSinceMs === null,
      isOutrun: ({ context }, event: { atMs: number }) => isOutrun(context, event),
      isOldNews: ({ context }, event: PackEventOf<'pack.seen'>) => isOldNews(context, event, surroundings),
      /** A station that charges a pack that it does not have: a claim, but neither energy nor SOC of this pack. */
      isChargedElsewhere: ({ context }, charged: PackEventOf<'pack.charged'>) => placeOfCharge(context, charged) !== null,
      isTaken: ({ context }, ask: PackEventOf<'pack.legRequested'>) =>
        ask.swapId !== undefined &&
        ask.handedOverAt !== undefined &&
        !isBilledElsewhere(context, ask) &&
        answersLeg(context, ask, surroundings),
      isOfTwoSlots: ({ context }) => isOfTwoSlots(context),
      isToldElsewhere: ({ context }) => (context.elsewhereSinceMs ?? null) !== null,
      isClaimed: ({ context }) => context.claim !== null,
      isClaimStillMade: ({ context }) => context.claim !== null && isClaimedBy(context.claim, context.id, surroundings),
      isCustodyStillMade: ({ context }) => isClaimedBy(context.place, context.id, surroundings),
      isAbout: (_, { signal, about }: { signal: string; about: string }) => signal === about,
    },
    actions: {
      say: emit((_, { emitted }: { emitted: readonly Emitted[] }) => many(emitted)),
      tellCondition: emit(({ context }) => many(condition(context, surroundings))),
      takeOver: assign({
        place: (_, event: PackEventOf<'pack.returned' | 'pack.issued'>) => placeAfter(event),
        placedAtMs: (_, { atMs }: PackEventOf<'pack.returned' | 'pack.issued'>) => atMs,
        elsewhereSinceMs: null,
        handOvers: ({ context }, event: PackEventOf<'pack.returned' | 'pack.issued'>) => handOverNoted(context, event),
        socPercent: (_, { battery }: PackEventOf<'pack.returned' | 'pack.issued'>) => battery.soC,
        sohPercent: (_, { battery }: PackEventOf<'pack.returned' | 'pack.issued'>) => battery.soH,
        lots: ({ context }, event: PackEventOf<'pack.returned' | 'pack.issued'>) => {
          const result = legAtHandOver(context, event, surroundings);
          return result.ok ? result.leg.lots : context.lots;
        },
        // Frozen at issue and used for both legs of this pack.
        rentNanoYuanPerKwh: ({ context }, event: PackEventOf<'pack.returned' | 'pack.issued'>) => {
          if (event.type === 'pack.returned') return null;
          const result = legAtHandOver(context, event, surroundings);
          return result.ok ? result.leg.rentNanoYuanPerKwh : context.rentNanoYuanPerKwh;
        },
        rentOwnerId: ({ context }, { type }: PackEventOf<'pack.returned' | 'pack.issued'>) =>
          type === 'pack.returned' ? null : (surroundings.reference.pack(context.id)?.ownerId ?? null),
        refill: ({ context }, event: PackEventOf<'pack.returned' | 'pack.issued'>) => {
          if (event.type === 'pack.issued' || event.orderId === null) return null;
          const result = legAtHandOver(context, event, surroundings);
          return result.ok ? { orderId: event.orderId, contentAtReturnWh: result.leg.energyWh, meteredWh: 0 } : null;
        },
        charging: false,
        claim: null,
      }),
      noteCharge: assign({
        lots: ({ context }, event: PackEventOf<'pack.charged'>) => chargedSince(context, event, surroundings).lots,
        refill: ({ context }, event: PackEventOf<'pack.charged'>) => {
          const { refill } = context;
          return refill && { ...refill, meteredWh: refill.meteredWh + chargedSince(context, event, surroundings).meteredWh };
        },
        charge: (_, { charge, atMs }: PackEventOf<'pack.charged'>) => ({
          transactionId: charge.transactionId,
          gridWh: charge.gridRegisterWh,
          pvWh: charge.pvRegisterWh,
          atMs,
        }),
        charging: (_, { event }: PackEventOf<'pack.charged'>) => event !== 'ended',
        socPercent: (_, { charge }: PackEventOf<'pack.charged'>) => charge.socPercent,
        sohPercent: (_, { charge }: PackEventOf<'pack.charged'>) => charge.sohPercent,
      }),
      endRefill: assign({
        refill: ({ context }, { event, charge }: PackEventOf<'pack.charged'>) =>
          event === 'ended' && charge.reason === 'MAX_SOC' ? null : context.refill,
      }),
      noteSeen: assign({
        socPercent: ({ context }, { socPercent }: PackEventOf<'pack.seen'>) => socPercent ?? context.socPercent,
        sohPercent: ({ context }, { sohPercent }: PackEventOf<'pack.seen'>) => sohPercent ?? context.sohPercent,
      }),
      moveTo: assign((_, { place, atMs }: Pick<PackEventOf<'pack.seen'>, 'place' | 'atMs'>) => ({
        place,
        claim: null,
        elsewhereSinceMs: null,
        ...(place.kind === 'TRANSFER' ? {} : { placedAtMs: atMs }),
      })),
      noteHandOver: assign({
        handOvers: ({ context }, event: PackEventOf<'pack.returned' | 'pack.issued'>) => handOverNoted(context, event),
      }),
      noteGiven: assign({ handOvers: ({ context }, ask: PackEventOf<'pack.legRequested'>) => givenTo(context, ask) }),
      noteBilled: assign({ handOvers: ({ context }, billed: PackEventOf<'pack.legBilled'>) => billedNoted(context, billed) }),
      noteClaim: assign({ claim: (_, { place }: { place: PackPlace }) => place }),
      noteElsewhere: assign({ elsewhereSinceMs: surroundings.nowMs }),
      tellElsewhereEnded: emit(({ context }) => many(elsewhereEnded(context, surroundings.nowMs()))),
      dropClaim: assign({ claim: null }),
      waitForClaim: raise({ type: 'pack.claimRipened' }, { delay: CLAIM_RIPENS_MS, id: 'claim' }),
      forgetClaim: cancel('claim'),
      dispute: assign({ disputedSinceMs: (_, { atMs }: { atMs: number }) => atMs, claim: null }),
      settle: assign({ disputedSinceMs: null }),
      noteSoc: assign({ socPercent: (_, { value }: { value: number }) => value }),
      noteHeat: assign({
        hotSinceMs: ({ context }, { value, atMs }: { value: number; atMs: number }) =>
          value >= HOT_CELL_C ? (context.hotSinceMs ?? atMs) : null,
      }),
      noteFaults: assign({ faultText: (_, { value }: { value: string | null }) => (value === '' ? null : value) }),
      quarantine: assign({ quarantine: (_, { reason }: { reason: string }) => reason }),
      clear: assign({ quarantine: null, faultText: null }),
    },
  });

/** A pack: where the books have it, what its energy cost, what it may be used for (pack.spec.md). */
export const packMachineOf = (surroundings: Surroundings) => {
  const pack = packSetup(surroundings);
  /** What was inserted and locked is where it is, whatever the books said: custody follows the newest. */
  const handOver = [
    {
      guard: { type: 'isOutrun', params: ({ event }: HandOverArgs) => event },
      actions: [
        { type: 'say', params: ({ context, event }: HandOverArgs) => ({ emitted: outrun(context, event, placeAfter(event)) }) },
        { type: 'noteHandOver', params: ({ event }: HandOverArgs) => event },
      ],
    },
    {
      target: '.assessing',
      actions: [
        'forgetClaim',
        'tellElsewhereEnded',
        { type: 'say', params: ({ context, event }: HandOverArgs) => ({ emitted: handedOver(context, event, surroundings) }) },
        { type: 'takeOver', params: ({ event }: HandOverArgs) => event },
      ],
    },
  ] as const;
  return pack.createMachine({
    id: 'pack',
    context: ({ input }) => ({
      id: input.id,
      place: input.place,
      socPercent: input.socPercent,
      sohPercent: input.sohPercent,
      lots: input.lots,
      rentNanoYuanPerKwh: input.rentNanoYuanPerKwh,
      charge: null,
      charging: false,
      refill: null,
      hotSinceMs: null,
      faultText: null,
      quarantine: null,
      disputedSinceMs: null,
      claim: null,
    }),
    initial: 'assessing',
    on: {
      'pack.legRequested': [
        {
          guard: { type: 'isTaken', params: ({ event }) => event },
          actions: [
            { type: 'say', params: ({ context, event }) => ({ emitted: takenFrom(context, event) }) },
            { type: 'say', params: ({ context, event }) => ({ emitted: answerLeg(context, event, surroundings) }) },
            { type: 'noteGiven', params: ({ event }) => event },
          ],
        },
        { actions: { type: 'say', params: ({ context, event }) => ({ emitted: answerLeg(context, event, surroundings) }) } },
      ],
      'pack.legBilled': { actions: { type: 'noteBilled', params: ({ event }) => event } },
      'pack.returned': handOver,
      'pack.issued': handOver,
      'pack.charged': [
        {
          guard: { type: 'isChargedElsewhere', params: ({ event }) => event },
          actions: raise(({ context, event }) => ({
            type: 'pack.seen',
            atMs: event.atMs,
            place: placeOfCharge(context, event) ?? context.place,
            socPercent: null,
            sohPercent: null,
            evidence: 'TELEMETRY',
          })),
        },
        {
          target: '.assessing',
          actions: [
            { type: 'say', params: ({ context, event }) => ({ emitted: chargeReported(context, event, surroundings) }) },
            { type: 'noteCharge', params: ({ event }) => event },
            { type: 'say', params: ({ context, event }) => ({ emitted: comparedWithMeter(context, event, surroundings) }) },
            { type: 'endRefill', params: ({ event }) => event },
          ],
        },
      ],
      'pack.seen': [
        { guard: { type: 'isOldNews', params: ({ event }) => event } },
        {
          guard: { type: 'isThere', params: ({ event }) => event },
          target: '.assessing',
          actions: ['forgetClaim', 'dropClaim', { type: 'noteSeen', params: ({ event }) => event }],
        },
        {
          guard: { type: 'isCredible', params: ({ event }) => event },
          target: '.assessing',
          actions: [
            'forgetClaim',
            'tellElsewhereEnded',
            {
              type: 'say',
              params: ({ context, event }) => ({ emitted: moved(context, event.place, { cause: 'INVENTORY', atMs: event.atMs }) }),
            },
            { type: 'moveTo', params: ({ event }) => event },
            { type: 'noteSeen', params: ({ event }) => event },
          ],
        },
        { guard: { type: 'isUnconfirmedAgain', params: ({ event }) => event } },
        {
          guard: { type: 'isUnconfirmed', params: ({ event }) => event },
          actions: [
            { type: 'say', params: ({ context, event }) => ({ emitted: claimUnconfirmed(context, surroundings.nowMs(), event.place) }) },
            'noteElsewhere',
          ],
        },
        {
          guard: { type: 'isContradiction', params: ({ event }) => event },
          target: '.assessing',
          actions: [
            'forgetClaim',
            { type: 'say', params: ({ context, event }) => ({ emitted: disputeRaised(context, event.atMs, event.place) }) },
            { type: 'dispute', params: ({ event }) => ({ atMs: event.atMs }) },
          ],
        },
        {
          guard: and([not('isClaimed'), not('isDisputed')]),
          actions: [{ type: 'noteClaim', params: ({ event }) => event }, 'waitForClaim'],
        },
      ],
      'pack.claimRipened': [
        {
          guard: and(['isClaimStillMade', 'isCustodyStillMade', 'isOfTwoSlots']),
          target: '.assessing',
          actions: [
            {
              type: 'say',
              params: ({ context }) => ({ emitted: disputeRaised(context, surroundings.nowMs(), context.claim ?? context.place) }),
            },
            { type: 'dispute', params: () => ({ atMs: surroundings.nowMs() }) },
          ],
        },
        { guard: and(['isClaimStillMade', 'isToldElsewhere']), actions: 'dropClaim' },
        {
          guard: 'isClaimStillMade',
          actions: [
            {
              type: 'say',
              params: ({ context }) => ({ emitted: claimUnconfirmed(context, surroundings.nowMs(), context.claim ?? context.place) }),
            },
            'dropClaim',
            'noteElsewhere',
          ],
        },
        { guard: 'isClaimed', actions: 'dropClaim' },
      ],
      'pack.custodyCorrected': {
        target: '.assessing',
        actions: [
          'forgetClaim',
          'tellElsewhereEnded',
          { type: 'say', params: ({ context, event }) => ({ emitted: disputeCleared(context, event.atMs) }) },
          {
            type: 'say',
            params: ({ context, event }) => ({ emitted: moved(context, event.place, { cause: 'CORRECTION', atMs: event.atMs }) }),
          },
          { type: 'moveTo', params: ({ event }) => event },
          'settle',
        ],
      },
      'pack.quarantined': {
        target: '.assessing',
        actions: { type: 'quarantine', params: ({ event }) => ({ reason: event.reason }) },
      },
      'pack.cleared': { target: '.assessing', actions: 'clear' },
      'signal.crossed': [
        {
          guard: { type: 'isAbout', params: ({ event }) => ({ signal: event.signal, about: 'socPercent' }) },
          target: '.assessing',
          actions: { type: 'noteSoc', params: ({ event }) => ({ value: event.value }) },
        },
        {
          guard: { type: 'isAbout', params: ({ event }) => ({ signal: event.signal, about: 'cellTmaxC' }) },
          target: '.assessing',
          actions: [
            {
              type: 'say',
              params: ({ context, event }) => ({ emitted: temperatureCrossed(context, event.value, event.atMs) }),
            },
            { type: 'noteHeat', params: ({ event }) => ({ value: event.value, atMs: event.atMs }) },
          ],
        },
      ],
      'signal.changed': {
        guard: { type: 'isAbout', params: ({ event }) => ({ signal: event.signal, about: 'faultCodes' }) },
        target: '.assessing',
        actions: { type: 'noteFaults', params: ({ event }) => ({ value: event.value }) },
      },
    },
    states: {
      assessing: {
        always: [
          { guard: 'isDisputed', target: 'disputed' },
          { guard: 'isQuarantined', target: 'quarantined' },
          { guard: 'isOnTruck', target: 'onTruck' },
          { guard: 'isInTransfer', target: 'inTransfer' },
          { guard: 'isInStore', target: 'inStore' },
          { guard: 'isIssuable', target: 'issuable' },
          { guard: 'isCharging', target: 'charging' },
          { target: 'idle' },
        ],
        exit: 'tellCondition',
      },
      onTruck: {},
      charging: {},
      issuable: {},
      idle: {},
      inTransfer: {},
      inStore: {},
      quarantined: {},
      disputed: {},
    },
  });
};

/** For charts: no assets around it. @public */
export const packMachine = packMachineOf(emptySurroundings);

import { assign, emit, setup } from 'xstate';
import { NOTHING } from '../engine/engine-event.ts';
import { type Fen, fen } from '../ledger/fen.ts';
import type { EventOf } from '../network/actor-event.ts';
import type { Emitted, OrderState } from '../network/effect.ts';
import { effect, many } from '../network/outgoing.ts';
import type { Surroundings } from '../network/reference.ts';
import type { OrderContext, PendingIntent } from './order.context.ts';
import {
  abort,
  answered,
  askCapture,
  askHold,
  askIssuedPack,
  askPackage,
  askRaise,
  askReservation,
  askReturnedPack,
  authorise,
  becameAbnormal,
  bookTruck,
  clear,
  didNotCome,
  endBeforeSwap,
  flagged,
  leftAbnormal,
  release,
  rowChanged,
} from './order.emissions.ts';
import { legNoted, otherPackTold } from './order.hand-over.rules.ts';
import { renewed } from './order.renewal.states.ts';
import { askByHand, hasLeg, isByHand, isByHandComplete, refusalOfMeasurement, takenByHand, withdrawn } from './order.repair.rules.ts';
import {
  areLegsKnown,
  balanced,
  dueOf,
  endOf,
  faultOf,
  holdOf,
  isLate,
  isMeterOff,
  isSocJump,
  type OrderEventOf,
  type Parties,
  packageBillingOf,
  packOwnersOf,
  partiesAfterwards,
  partiesOf,
  rateMeasured,
  rateQuote,
  refusalOfPack,
  requiredWhOf,
} from './order.rules.ts';
import { abortCommandId, startCommandId } from './order-commands.ts';
import { FIRST_STEP_UNDER_WAY, ISSUE_SOH_PERCENT_MIN, ORDER_CONFIG } from './order-config.ts';
import type { OrderInput } from './order-input.ts';
import { quotedSocOf } from './quoted-soc.ts';

type CommandAnswer = OrderEventOf<'order.commandAnswered'>;
const DECLINED: readonly CommandAnswer['result'][] = ['REJECTED', 'NOT_SUPPORTED', 'FAILED', 'CANCELLED'];

/** Types, times and conditions of an order. */
const conditions = ({ reference }: Surroundings) =>
  setup({
    types: {
      input: {} as OrderInput,
      context: {} as OrderContext,
      events: {} as EventOf['order'],
      emitted: {} as Emitted,
    },
    delays: {
      quoteValid: ORDER_CONFIG.quoteValidMs,
      answerWithin: ORDER_CONFIG.answerWithinMs,
      startRemote: ORDER_CONFIG.startRemoteValidMs + ORDER_CONFIG.startRemoteGraceMs,
      lost: ORDER_CONFIG.lostAfterMs,
      kept: ORDER_CONFIG.keptMs,
    },
    guards: {
      isLate: ({ context }) => isLate(context),
      isUnauthorised: ({ context }) => context.begin === 'UNAUTHORISED',
      isRefused: ({ context }) => context.reason !== null,
      hasPackages: ({ context }) => packageBillingOf(reference, context) !== null,
      hasPackToReturn: ({ context }) => context.returnPackId !== null,
      isRemote: ({ context }) => context.initiation === 'REMOTE',
      isRated: ({ context }) => context.rated?.ok === true,
      isUnbalanced: ({ context }) => context.rated !== null && context.rated.ok && !balanced(context.rated).ok,
      isHeld: ({ context }) => context.heldFen !== null,
      isHoldShort: ({ context }) => context.dueFen !== null && context.dueFen > (context.heldFen ?? 0n),
      isCredit: ({ context }) => context.creditReason !== null,
      canBeBilled: ({ context }) => !context.cleared && context.measuredIn !== null && context.measuredOut !== null,
      isMeasuredByHand: (_, { measured }: OrderEventOf<'order.repaired'>) => measured !== null,
      isNotBillable: ({ context }, { measured }: OrderEventOf<'order.repaired'>) =>
        measured !== null && refusalOfMeasurement(context, measured) !== null,
      isByHand: ({ context }, quoted: OrderEventOf<'order.legQuoted'>) => isByHand(context, quoted),
      hasLeg: ({ context }, leg: OrderEventOf<'order.legWithdrawn'>) => hasLeg(context, leg),
      isByHandComplete: ({ context }) => isByHandComplete(context),
      isLeg: (_, { leg, is }: { leg: 'IN' | 'OUT'; is: 'IN' | 'OUT' }) => leg === is,
      areLegsKnown: ({ context }) => areLegsKnown(context),
      hasFaultyLeg: ({ context }) => faultOf(context) !== null,
      isCancelling: ({ context }) => context.cancelReason !== null,
      isAwaitedSwap: (_, { outcome, step }: OrderEventOf<'order.swapEnded'>) => outcome === 'LOST' && step < 0,
      isUnderWay: (_, { step }: { step: number }) => step >= FIRST_STEP_UNDER_WAY,
      isAbout: (_, { eventType, is }: { eventType: string; is: string }) => eventType === is,
      endsAs: ({ context }, { event, to }: { event: OrderEventOf<'order.swapEnded'>; to: string }) => endOf(context, event).to === to,
      isStartDeclined: ({ context }, answer: CommandAnswer) =>
        answer.commandId === startCommandId(context) && DECLINED.includes(answer.result) && !context.backfill,
      isAbortAccepted: ({ context }, answer: CommandAnswer) => answer.commandId === abortCommandId(context) && answer.result === 'ACCEPTED',
      isMeterOff: (_, compared: OrderEventOf<'order.meterCompared'>) => isMeterOff(compared),
    },
  });

/** What an order notes of what it is told. */
const notes = (surroundings: Surroundings) => {
  const { reference, nowMs } = surroundings;
  return conditions(surroundings).extend({
    actions: {
      noteBegin: assign({ createdAtMs: (_, { atMs }: { atMs: number }) => atMs }),
      noteParties: assign({
        driverId: (_, { driverId }: Parties) => driverId,
        carrierId: (_, { carrierId }: Parties) => carrierId,
        reason: (_, { reason }: Parties) => reason,
        reasonDetail: (_, { detail }: Parties) => detail,
      }),
      noteTruck: assign({
        truck: (_, { packId, socPercent, grossMassKg, direction, destinationChainageM }: OrderEventOf<'order.truckBooked'>) => ({
          packId,
          socPercent,
          grossMassKg,
          direction,
          destinationChainageM,
        }),
        returnPackId: ({ context }, { packId }: OrderEventOf<'order.truckBooked'>) => context.packSerialNumber ?? packId,
        quotedInSocPercent: ({ context }, { socPercent }: OrderEventOf<'order.truckBooked'>) =>
          context.packSocPercent ?? context.arrivalSocPercent ?? socPercent,
        odometerM: ({ context }, { odometerM }: OrderEventOf<'order.truckBooked'>) => context.odometerM ?? odometerM,
        odometerAtSwapM: (_, { odometerAtSwapM }: OrderEventOf<'order.truckBooked'>) => odometerAtSwapM,
        waitedMs: (_, { waitedMs }: OrderEventOf<'order.truckBooked'>) => waitedMs,
      }),
      noteReservation: assign({
        issuePackId: (_, { packId }: OrderEventOf<'order.packReserved'>) => packId,
        issueEvseId: (_, { evseId }: OrderEventOf<'order.packReserved'>) => evseId,
        requestId: (_, { requestId }: OrderEventOf<'order.packReserved'>) => requestId,
        readyPacks: (_, { readyPacks }: OrderEventOf<'order.packReserved'>) => readyPacks,
      }),
      noteQuoted: assign({
        quotedIn: ({ context }, { leg, pack }: OrderEventOf<'order.legQuoted'>) => (leg === 'IN' ? pack : context.quotedIn),
        quotedOut: ({ context }, { leg, pack }: OrderEventOf<'order.legQuoted'>) => (leg === 'OUT' ? pack : context.quotedOut),
        reason: ({ context }, { pack }: OrderEventOf<'order.legQuoted'>) => refusalOfPack(reference, context, pack),
      }),
      noteGrant: assign({ packageGrant: (_, { grant }: OrderEventOf<'order.packageGranted'>) => grant }),
      noteLeg: assign({
        quotedIn: ({ context }, { leg, pack }: OrderEventOf<'order.legQuoted'>) => (leg === 'IN' ? pack : context.quotedIn),
        quotedOut: ({ context }, { leg, pack }: OrderEventOf<'order.legQuoted'>) => (leg === 'OUT' ? pack : context.quotedOut),
      }),
      noteDocked: assign(({ context }, docked: OrderEventOf<'order.truckDocked'>) => renewed(context, docked)),
      noteDue: assign({ dueFen: ({ context }) => dueOf(reference, context) }),
      noteShort: assign({ cancelReason: 'NO_CREDIT' }),
      noteQuote: assign({
        quotedFen: ({ context }) => (context.rated?.ok ? context.rated.bill.payableFen : null),
        // What a package pays is not held.
        dueFen: ({ context }) => (context.rated?.ok && context.rated.bill.packageDraw !== null ? dueOf(reference, context) : null),
        reason: ({ context }) => (context.rated?.ok === false ? context.rated.reason : null),
      }),
      noteMeasured: assign(({ context }, handedOver: OrderEventOf<'order.legMeasured'>) => legNoted(reference, context, handedOver)),
      noteUnknown: assign({
        faultIn: ({ context }, { leg, reason }: OrderEventOf<'order.legUnknown'>) => (leg === 'IN' ? reason : context.faultIn),
        faultOut: ({ context }, { leg, reason }: OrderEventOf<'order.legUnknown'>) => (leg === 'OUT' ? reason : context.faultOut),
      }),
      noteWithdrawn: assign(({ context }, event: OrderEventOf<'order.legWithdrawn'>) => withdrawn(context, event)),
      noteFault: assign({ reason: ({ context }) => faultOf(context) }),
      noteTruckChanged: assign({
        reason: 'TRUCK_CHANGED',
        reasonDetail: ({ context }, { truckId }: OrderEventOf<'order.truckChanged'>) =>
          `${context.truckId ?? 'No truck'} was identified, then the station named ${truckId}.`,
      }),
      noteBay: assign({ bayId: (_, { bayId }: { bayId: string }) => bayId }),
      noteReason: assign({ reason: (_, { reason }: { reason: string }) => reason }),
      noteCredit: assign({ creditReason: (_, { reason }: { reason: string }) => reason }),
      noteCredited: assign({ reason: ({ context }) => context.creditReason }),
      noteCancel: assign({ cancelReason: (_, { reason }: { reason: string }) => reason }),
      noteCancelled: assign({ reason: ({ context }) => context.cancelReason }),
      noteSwapOver: assign({ knownToSwap: false }),
      noteIntent: assign({
        intent: (_, { intentId, kind }: { intentId: string | null; kind: PendingIntent['kind'] }) =>
          intentId === null ? null : { intentId, kind },
      }),
      noteConfirmed: assign({
        intent: (_, { intentId }: OrderEventOf<'order.confirmed'>) => (intentId === null ? null : { intentId, kind: 'confirm' as const }),
        onBehalf: (_, { onBehalf }: OrderEventOf<'order.confirmed'>) => onBehalf,
        tellsDriver: (_, { tellsDriver }: OrderEventOf<'order.confirmed'>) => tellsDriver,
      }),
      noteAbnormal: assign({ abnormalAtMs: ({ context }) => context.abnormalAtMs ?? nowMs() }),
      noteRepair: assign({
        attempt: ({ context }) => context.attempt + 1,
        rated: null,
        // Given back when it became abnormal: a repair is billed per kWh.
        packageGrant: null,
        payableFen: null,
        heldFen: null,
        releasedFen: null,
        creditReason: null,
      }),
      noteByHand: assign({
        byHand: (_, { measured }: OrderEventOf<'order.repaired'>) => measured,
        quotedIn: null,
        quotedOut: null,
      }),
      takeByHand: assign(({ context }) => takenByHand(context)),
      forgetByHand: assign({ byHand: null, quotedIn: null, quotedOut: null }),
      noteHeld: assign({ heldFen: (_, { amountFen }: { amountFen: Fen }) => amountFen }),
      noteCaptured: assign({
        // A supplement may have been held for it.
        heldFen: (_, { capturedFen, releasedFen }: OrderEventOf<'order.captured'>) => fen(capturedFen + releasedFen),
        releasedFen: (_, { releasedFen }: OrderEventOf<'order.captured'>) => releasedFen,
        cleared: true,
        askedAccount: false,
      }),
      noteReleased: assign({ releasedFen: ({ context }) => context.releasedFen ?? context.heldFen }),
    },
  });
};

/** Between its first row and its last: who reads no rows is not told of them. */
const PASSED_STATES: ReadonlySet<OrderState> = new Set(['QUOTED', 'HELD', 'IN_PROGRESS', 'MEASURED', 'BILLED']);

/** What an order asks, tells and has written. */
export const orderSetup = (surroundings: Surroundings) => {
  const { reference, nowMs, omitsRows = false } = surroundings;
  return notes(surroundings).extend({
    actions: {
      identify: assign(({ context }) => {
        const { driverId, carrierId, reason, detail } = partiesOf(reference, context, nowMs());
        return { driverId, carrierId, reason, reasonDetail: detail };
      }),
      identifyAfterwards: assign(({ context }) => {
        const { driverId, carrierId } = partiesAfterwards(reference, context);
        return { driverId, carrierId };
      }),
      markTruckAsked: assign({ askedTruck: true }),
      markStationAsked: assign({ askedStation: true }),
      markAccountAsked: assign({ askedAccount: true }),
      markKnownToSwap: assign({ knownToSwap: true }),
      forgetIntent: assign({ intent: null }),
      /** The quote is shown and agreed: its legs, with their lots, are not needed any more. */
      forgetQuote: assign({ quotedIn: null, quotedOut: null, rated: null }),
      forgetBill: assign({ rated: null }),
      rateQuote: assign({ rated: ({ context }) => rateQuote(surroundings, context) }),
      rateMeasured: assign({ rated: ({ context }) => rateMeasured(surroundings, context) }),
      notePayable: assign({
        payableFen: ({ context }) => (context.rated?.ok ? context.rated.bill.payableFen : null),
        reasonDetail: ({ context }) => (context.rated?.ok === false && context.rated.detail ? context.rated.detail : context.reasonDetail),
        reason: ({ context }) => (context.rated?.ok === false ? context.rated.reason : isSocJump(context) ? 'SOC_JUMP' : context.reason),
      }),
      /** What was kept of it is not what was rated: nothing of it is booked. */
      refuseUnbalanced: assign({
        rated: ({ context }) => (context.rated === null ? null : balanced(context.rated)),
        payableFen: null,
      }),
      noteUnbalanced: assign({
        reason: ({ context }) => (context.rated?.ok === false ? context.rated.reason : context.reason),
        reasonDetail: ({ context }) => (context.rated?.ok === false ? (context.rated.detail ?? '') : context.reasonDetail),
      }),
      notePayableAgain: assign({ payableFen: ({ context }) => (context.rated?.ok ? context.rated.bill.payableFen : null) }),
      bookTruck: emit(({ context }) => many(bookTruck(context, nowMs()))),
      askReturnedPack: emit(({ context }) => many(askReturnedPack(context, nowMs()))),
      askReservation: emit(({ context }) => {
        const interfaceType = reference.truck(context.truckId ?? '')?.interfaceType ?? '';
        const packOwnerIds = packOwnersOf(reference, context);
        const requiredEnergyWh = requiredWhOf(reference, context);
        const need = { interfaceType, requiredEnergyWh, minSohPercent: ISSUE_SOH_PERCENT_MIN, packOwnerIds };
        return many(askReservation(context, need, nowMs()));
      }),
      askIssuedPack: emit(({ context }) => many(askIssuedPack(context, nowMs()))),
      tellOtherPack: emit(({ context }, event: OrderEventOf<'order.legMeasured'>) => many(otherPackTold(context, event))),
      askPackage: emit(({ context }) => many(askPackage(context, reference, nowMs()))),
      askHold: emit(({ context }) => many(askHold(context, holdOf(reference, context), nowMs()))),
      askRaise: emit(({ context }) => many(askRaise(context, nowMs()))),
      askCapture: emit(({ context }) => many(askCapture(context, nowMs()))),
      clear: emit(({ context }) => many(clear(context, reference, nowMs()))),
      authorise: emit(({ context }) => many(authorise(context, reference, nowMs()))),
      release: emit(({ context }) => many(release(context, nowMs()))),
      declineRepair: emit(({ context }, { code, detail }: { code: string; detail?: string | undefined }) =>
        many(
          answered(context.intent, context, {
            ok: false,
            code: context.rated?.ok === false ? context.rated.reason : code,
            detail,
            atMs: nowMs(),
          }),
        ),
      ),
      askByHand: emit(({ context }) => many(askByHand(context, nowMs()))),
      declineMeasurement: emit(({ context }, { measured, intentId }: OrderEventOf<'order.repaired'>) =>
        many(
          answered(
            intentId === null ? null : { intentId, kind: 'repair' },
            { ...context, reasonDetail: '' },
            {
              ok: false,
              code: measured === null ? 'ORDER_STATE' : (refusalOfMeasurement(context, measured) ?? 'ORDER_STATE'),
              atMs: nowMs(),
            },
          ),
        ),
      ),
      abort: emit(({ context }) => many(abort(context, nowMs()))),
      endBeforeSwap: emit(({ context }, { state }: { state: 'REJECTED' | 'CANCELLED' }) =>
        many([...endBeforeSwap(context, state, nowMs()), ...didNotCome(context, reference, nowMs())]),
      ),
      becomeAbnormal: emit(({ context }) => many(becameAbnormal(context, nowMs()))),
      leaveAbnormal: emit(({ context }, { state }: { state: 'REPAIRED' | 'WRITTEN_OFF' }) => many(leftAbnormal(context, state, nowMs()))),
      flag: emit(({ context }) => many(flagged(context, reference, nowMs()))),
      row: emit(({ context }, { state }: { state: OrderState }) =>
        omitsRows && PASSED_STATES.has(state) ? NOTHING : rowChanged(context, state, nowMs()),
      ),
      quoted: emit(({ context }) =>
        many(
          context.rated?.ok && !omitsRows
            ? [
                effect({
                  type: 'order.quoted',
                  atMs: nowMs(),
                  orderId: context.orderId,
                  quote: context.rated.bill,
                  soc: quotedSocOf(context),
                }),
              ]
            : [],
        ),
      ),
      answer: emit(({ context }, { ok, code }: { ok: boolean; code: string }) =>
        many(answered(context.intent, context, { ok, code, atMs: nowMs() })),
      ),
      declineIntent: emit(({ context }, { intentId, code }: { intentId: string | null; code: string }) =>
        many(
          answered(
            intentId === null ? null : { intentId, kind: 'confirm' },
            { ...context, reasonDetail: '' },
            { ok: false, code, atMs: nowMs() },
          ),
        ),
      ),
      retire: emit({ type: 'retire' }),
    },
  });
};

export type OrderSetup = ReturnType<typeof orderSetup>;

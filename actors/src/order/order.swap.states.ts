import { and } from 'xstate';
import type { OrderContext } from './order.context.ts';
import { renewalStates } from './order.renewal.states.ts';
import { endOf, type OrderEventOf } from './order.rules.ts';
import type { OrderSetup } from './order.setup.ts';

type Ended = { context: OrderContext; event: OrderEventOf<'order.swapEnded'> };
const endsAs = (to: string) => ({ type: 'endsAs', params: ({ event }: Ended) => ({ event, to }) }) as const;
const noteEnd = { type: 'noteReason', params: ({ context, event }: Ended) => ({ reason: endOf(context, event).reason }) } as const;
/** The swap is over before it was measured: see `endOf`. */
const ended = [
  {
    guard: endsAs('CREDIT'),
    target: '#order.MEASURED',
    actions: ['noteSwapOver', { type: 'noteCredit', params: ({ context, event }: Ended) => ({ reason: endOf(context, event).reason }) }],
  },
  { guard: endsAs('REJECTED'), target: '#order.REJECTED', actions: ['noteSwapOver', noteEnd] },
  { guard: endsAs('CANCELLED'), target: '#order.CANCELLED', actions: ['noteSwapOver', noteEnd] },
  { target: '#order.ABNORMAL', actions: ['noteSwapOver', noteEnd] },
] as const;
const lost = { target: '#order.ABNORMAL', actions: { type: 'noteReason', params: { reason: 'SWAP_LOST' } } } as const;

/** Nothing is billed to a truck for what another one may have got. */
const truckChanged = {
  target: '#order.ABNORMAL',
  actions: { type: 'noteTruckChanged', params: ({ event }: { event: OrderEventOf<'order.truckChanged'> }) => event },
} as const;

type Measured = { event: OrderEventOf<'order.legMeasured'> };
const handedOver = [
  { type: 'tellOtherPack', params: ({ event }: Measured) => event },
  { type: 'noteMeasured', params: ({ event }: Measured) => event },
] as const;

const isAbout = (asked: string) =>
  ({
    type: 'isAbout',
    params: ({ event }: { event: OrderEventOf<'delivery.bounced'> }) => ({ eventType: event.eventType, is: asked }),
  }) as const;
const notCaptured = {
  target: '#order.ABNORMAL',
  actions: { type: 'noteReason', params: { reason: 'PAYMENT_CAPTURE_FAILED' } },
} as const;
const notHeld = {
  target: '#order.ABNORMAL',
  actions: { type: 'noteReason', params: { reason: 'GATEWAY_OFFLINE_BACKFILLED' } },
} as const;

/** HELD: money and pack are kept for the swap. A remote one waits for its truck, for as long as the station may start it. */
export const heldState = (order: OrderSetup) =>
  order.createStateConfig({
    initial: 'docked',
    entry: [
      'authorise',
      'markKnownToSwap',
      { type: 'row', params: { state: 'HELD' } },
      { type: 'answer', params: { ok: true, code: 'HELD' } },
      'forgetIntent',
    ],
    on: {
      'order.swapStepped': [
        {
          guard: { type: 'isUnderWay', params: ({ event }) => ({ step: event.step }) },
          target: '#order.IN_PROGRESS',
          actions: { type: 'noteBay', params: ({ event }) => ({ bayId: event.bayId }) },
        },
        { target: '.docked', actions: { type: 'noteBay', params: ({ event }) => ({ bayId: event.bayId }) } },
      ],
      'order.legMeasured': { target: '#order.IN_PROGRESS.tally', actions: handedOver },
      'order.legUnknown': { target: '#order.IN_PROGRESS.tally', actions: { type: 'noteUnknown', params: ({ event }) => event } },
      'order.truckChanged': truckChanged,
      'order.swapEnded': ended,
      'order.commandAnswered': {
        guard: { type: 'isStartDeclined', params: ({ event }) => event },
        target: '#order.REJECTED',
        actions: { type: 'noteReason', params: ({ event }) => ({ reason: event.reasonCode ?? 'STATION_NOT_OPERATIVE' }) },
      },
      // The station decides: it may be unlocking already.
      'order.cancelled': [
        {
          guard: 'isCancelling',
          actions: [
            { type: 'noteIntent', params: ({ event }) => ({ intentId: event.intentId, kind: 'cancel' }) },
            { type: 'answer', params: { ok: true, code: 'CANCELLING' } },
            'forgetIntent',
          ],
        },
        {
          actions: [
            { type: 'noteIntent', params: ({ event }) => ({ intentId: event.intentId, kind: 'cancel' }) },
            { type: 'noteCancel', params: ({ event }) => ({ reason: event.reason }) },
            'abort',
            'forgetIntent',
          ],
        },
      ],
    },
    states: {
      waiting: {
        // Silence is what a truck on its way sounds like: only our own timer gives it up.
        after: { startRemote: { target: '#order.CANCELLED', actions: { type: 'noteReason', params: { reason: 'RESERVATION_EXPIRED' } } } },
        on: {
          'order.truckDocked': {
            target: 'legInAgain',
            actions: [
              { type: 'noteBay', params: ({ event }) => ({ bayId: event.bayId }) },
              { type: 'noteDocked', params: ({ event }) => event },
            ],
          },
          'order.swapEnded': { guard: { type: 'isAwaitedSwap', params: ({ event }) => event } },
          'order.commandAnswered': [
            {
              guard: { type: 'isAbortAccepted', params: ({ event }) => event },
              target: '#order.CANCELLED',
              actions: 'noteCancelled',
            },
            {
              guard: { type: 'isStartDeclined', params: ({ event }) => event },
              target: '#order.REJECTED',
              actions: { type: 'noteReason', params: ({ event }) => ({ reason: event.reasonCode ?? 'STATION_NOT_OPERATIVE' }) },
            },
          ],
        },
      },
      ...renewalStates(order),
      docked: { after: { lost } },
    },
  });

/** IN_PROGRESS: until both packs were handed over, or the swap ends without. */
export const inProgressState = (order: OrderSetup) =>
  order.createStateConfig({
    initial: 'underWay',
    entry: { type: 'row', params: { state: 'IN_PROGRESS' } },
    after: { lost },
    on: {
      'order.legMeasured': { target: '.tally', actions: handedOver },
      'order.legUnknown': { target: '.tally', actions: { type: 'noteUnknown', params: ({ event }) => event } },
      'order.truckChanged': truckChanged,
      'order.swapEnded': ended,
    },
    states: {
      underWay: {},
      tally: {
        always: [
          { guard: and(['areLegsKnown', 'hasFaultyLeg']), target: '#order.ABNORMAL', actions: 'noteFault' },
          { guard: 'areLegsKnown', target: '#order.MEASURED' },
          { target: 'underWay' },
        ],
      },
    },
  });

/** MEASURED: rated and captured in one step. A swap that was over before we heard of it holds first. */
export const measuredState = (order: OrderSetup) =>
  order.createStateConfig({
    initial: 'rating',
    entry: { type: 'row', params: { state: 'MEASURED' } },
    states: {
      rating: {
        entry: ['rateMeasured', 'notePayable'],
        always: [{ guard: 'isHeld', target: 'payable' }, { guard: 'isRated', target: 'holding' }, { target: '#order.ABNORMAL' }],
      },
      payable: { always: [{ guard: 'isRated', target: 'capturing' }, { target: '#order.ABNORMAL' }] },
      holding: {
        entry: ['markAccountAsked', 'askHold'],
        after: { answerWithin: notHeld },
        on: {
          'order.held': [
            {
              guard: 'isUnbalanced',
              target: '#order.ABNORMAL',
              actions: [{ type: 'noteHeld', params: ({ event }) => event }, 'refuseUnbalanced', 'noteUnbalanced'],
            },
            { target: 'capturing', actions: { type: 'noteHeld', params: ({ event }) => event } },
          ],
          'order.holdRefused': notHeld,
          'delivery.bounced': { ...notHeld, guard: isAbout('account.holdRequested') },
        },
      },
      capturing: {
        // No timer: the account has the request, and money that it moved must not be forgotten.
        entry: 'askCapture',
        on: {
          'order.captured': [
            {
              guard: 'isCredit',
              target: '#order.ABNORMAL',
              actions: [{ type: 'noteCaptured', params: ({ event }) => event }, 'noteCredited', 'clear', 'forgetBill'],
            },
            { target: '#order.BILLED', actions: { type: 'noteCaptured', params: ({ event }) => event } },
          ],
          'order.captureRefused': notCaptured,
          'delivery.bounced': { ...notCaptured, guard: isAbout('account.captureRequested') },
        },
      },
    },
  });

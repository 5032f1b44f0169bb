import type { OrderEventOf } from './order.rules.ts';
import type { OrderSetup } from './order.setup.ts';

/** Nobody answers in time, or nobody lives there: `bounced` is then the reason. */
const unanswered = { target: '#order.REJECTED', actions: { type: 'noteReason', params: { reason: 'QUOTE_EXPIRED' } } } as const;
const nobody = (asked: string, reason: string) =>
  ({
    guard: { type: 'isAbout', params: ({ event }: { event: { eventType: string } }) => ({ eventType: event.eventType, is: asked }) },
    target: '#order.REJECTED',
    actions: { type: 'noteReason', params: { reason } },
  }) as const;
/** Another truck stands there than the one that is being asked about. */
const truckChanged = {
  target: '#order.REJECTED',
  actions: { type: 'noteTruckChanged', params: ({ event }: { event: OrderEventOf<'order.truckChanged'> }) => event },
} as const;
const refused = {
  target: '#order.REJECTED',
  actions: { type: 'noteReason', params: ({ event }: { event: { reason: string } }) => ({ reason: event.reason }) },
} as const;

/**
 * CREATED: the checks, each a question to who knows; the first refusal ends the order. What reference data answers first
 * (driver, truck, network), then the truck, the pack on it, the station for a pack to issue, that pack; then the quote.
 */
export const createdState = (order: OrderSetup) =>
  order.createStateConfig({
    initial: 'begun',
    on: {
      'order.truckChanged': truckChanged,
      // The swap ended while we were asking.
      'order.swapEnded': {
        target: '#order.REJECTED',
        actions: ['noteSwapOver', { type: 'noteReason', params: ({ event }) => ({ reason: event.reason ?? 'STATION_NOT_OPERATIVE' }) }],
      },
    },
    states: {
      begun: {
        on: {
          'order.begun': [
            {
              guard: 'isLate',
              target: '#order.IN_PROGRESS',
              actions: [{ type: 'noteBegin', params: ({ event }) => event }, 'identifyAfterwards'],
            },
            {
              guard: 'isUnauthorised',
              target: '#order.ABNORMAL',
              actions: [
                { type: 'noteBegin', params: ({ event }) => event },
                'identifyAfterwards',
                { type: 'noteReason', params: { reason: 'NOT_AUTHORIZED' } },
              ],
            },
            { target: 'identity', actions: { type: 'noteBegin', params: ({ event }) => event } },
          ],
        },
      },
      identity: {
        entry: ['identify', { type: 'row', params: { state: 'CREATED' } }],
        always: [{ guard: 'isRefused', target: '#order.REJECTED' }, { target: 'truck' }],
      },
      truck: {
        entry: ['markTruckAsked', 'bookTruck'],
        after: { answerWithin: unanswered },
        on: {
          'order.truckBooked': { target: 'truckBooked', actions: { type: 'noteTruck', params: ({ event }) => event } },
          'order.truckRefused': refused,
          'delivery.bounced': nobody('truck.bookingRequested', 'TRUCK_NOT_REGISTERED'),
        },
      },
      truckBooked: {
        always: [
          { guard: 'hasPackToReturn', target: 'legIn' },
          { target: '#order.REJECTED', actions: { type: 'noteReason', params: { reason: 'BATTERY_UNKNOWN' } } },
        ],
      },
      legIn: {
        entry: 'askReturnedPack',
        after: { answerWithin: unanswered },
        on: {
          'order.legQuoted': {
            guard: { type: 'isLeg', params: ({ event }) => ({ leg: event.leg, is: 'IN' }) },
            target: 'legInQuoted',
            actions: { type: 'noteQuoted', params: ({ event }) => event },
          },
          'order.legRefused': refused,
          'delivery.bounced': nobody('pack.legRequested', 'BATTERY_UNKNOWN'),
        },
      },
      legInQuoted: { always: [{ guard: 'isRefused', target: '#order.REJECTED' }, { target: 'reservation' }] },
      reservation: {
        entry: ['markStationAsked', 'askReservation'],
        after: { answerWithin: unanswered },
        on: {
          'order.packReserved': { target: 'legOut', actions: { type: 'noteReservation', params: ({ event }) => event } },
          'order.reservationRefused': refused,
          'delivery.bounced': nobody('station.reservationRequested', 'STATION_NOT_OPERATIVE'),
        },
      },
      legOut: {
        entry: 'askIssuedPack',
        after: { answerWithin: unanswered },
        on: {
          'order.legQuoted': {
            guard: { type: 'isLeg', params: ({ event }) => ({ leg: event.leg, is: 'OUT' }) },
            target: 'legOutQuoted',
            actions: { type: 'noteQuoted', params: ({ event }) => event },
          },
          'order.legRefused': refused,
          'delivery.bounced': nobody('pack.legRequested', 'NO_BATTERY_AVAILABLE'),
        },
      },
      legOutQuoted: {
        always: [{ guard: 'isRefused', target: '#order.REJECTED' }, { guard: 'hasPackages', target: 'package' }, { target: 'rating' }],
      },
      package: {
        entry: ['markAccountAsked', 'askPackage'],
        after: { answerWithin: unanswered },
        on: {
          'order.packageGranted': { target: 'rating', actions: { type: 'noteGrant', params: ({ event }) => event } },
          'delivery.bounced': nobody('account.packageRequested', 'NO_CREDIT'),
        },
      },
      rating: {
        entry: ['rateQuote', 'noteQuote'],
        always: [
          { guard: 'isRefused', target: '#order.REJECTED' },
          { guard: 'isRemote', target: '#order.QUOTED.offered' },
          { target: '#order.QUOTED.holding' },
        ],
      },
    },
  });

/** QUOTED: a driver at the bay has agreed by being there; one on the way confirms while the quote is valid. */
export const quotedState = (order: OrderSetup) =>
  order.createStateConfig({
    initial: 'offered',
    entry: ['quoted', { type: 'row', params: { state: 'QUOTED' } }, 'forgetQuote'],
    on: {
      'order.truckChanged': truckChanged,
      'order.swapEnded': {
        target: '#order.REJECTED',
        actions: ['noteSwapOver', { type: 'noteReason', params: ({ event }) => ({ reason: event.reason ?? 'STATION_NOT_OPERATIVE' }) }],
      },
    },
    states: {
      offered: {
        entry: [{ type: 'answer', params: { ok: true, code: 'QUOTED' } }, 'forgetIntent'],
        after: { quoteValid: { target: '#order.CANCELLED', actions: { type: 'noteReason', params: { reason: 'QUOTE_EXPIRED' } } } },
        on: {
          'order.confirmed': {
            target: 'holding',
            actions: { type: 'noteConfirmed', params: ({ event }) => event },
          },
          'order.cancelled': {
            target: '#order.CANCELLED',
            actions: [
              { type: 'noteIntent', params: ({ event }) => ({ intentId: event.intentId, kind: 'cancel' }) },
              { type: 'noteReason', params: ({ event }) => ({ reason: event.reason }) },
            ],
          },
        },
      },
      holding: {
        entry: ['markAccountAsked', 'askHold'],
        after: { answerWithin: { target: '#order.REJECTED', actions: { type: 'noteReason', params: { reason: 'NO_CREDIT' } } } },
        on: {
          'order.held': [
            { guard: 'isRemote', target: '#order.HELD.waiting', actions: { type: 'noteHeld', params: ({ event }) => event } },
            { target: '#order.HELD.docked', actions: { type: 'noteHeld', params: ({ event }) => event } },
          ],
          'order.holdRefused': refused,
          'delivery.bounced': nobody('account.holdRequested', 'NO_CREDIT'),
        },
      },
    },
  });

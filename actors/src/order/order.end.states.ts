import type { OrderEventOf } from './order.rules.ts';
import type { OrderSetup } from './order.setup.ts';

const isAbout = (asked: string) =>
  ({
    type: 'isAbout',
    params: ({ event }: { event: OrderEventOf<'delivery.bounced'> }) => ({ eventType: event.eventType, is: asked }),
  }) as const;

/** Back to a person: a pack that was named is elsewhere by now, or nobody's. */
const notByHand = <E extends OrderEventOf<'order.legRefused' | 'delivery.bounced'>>(codeOf: (of: { event: E }) => string) =>
  ({
    target: 'open',
    actions: [{ type: 'declineRepair', params: (of: { event: E }) => ({ code: codeOf(of) }) }, 'forgetIntent', 'forgetByHand'],
  }) as const;

/** BILLED: lines, clearing and postings are in the same step as the capture. */
export const billedState = (order: OrderSetup) =>
  order.createStateConfig({ entry: [{ type: 'row', params: { state: 'BILLED' } }, 'clear', 'forgetBill'], always: '#order.CLEARED' });

/** CLEARED: nothing is owed inside the order. It waits for the meter that refills the returned pack, then leaves. */
export const clearedState = (order: OrderSetup) =>
  order.createStateConfig({
    entry: ['release', { type: 'row', params: { state: 'CLEARED' } }, 'flag'],
    after: { kept: { actions: 'retire' } },
    on: {
      'order.meterCompared': {
        guard: { type: 'isMeterOff', params: ({ event }) => event },
        actions: [{ type: 'noteReason', params: { reason: 'METER_MISMATCH' } }, { type: 'row', params: { state: 'CLEARED' } }, 'flag'],
      },
    },
  });

/**
 * ABNORMAL: everything is given back and a person has to look. What still arrives is recorded. Repairing bills what was
 * measured, if it can be; else it only notes that the matter was settled otherwise.
 */
export const abnormalState = (order: OrderSetup) =>
  order.createStateConfig({
    initial: 'open',
    entry: ['noteAbnormal', 'noteReleased', 'becomeAbnormal', 'forgetBill'],
    states: {
      open: {
        on: {
          'order.legMeasured': {
            actions: [
              { type: 'noteMeasured', params: ({ event }) => event },
              { type: 'row', params: { state: 'ABNORMAL' } },
            ],
          },
          'order.legUnknown': { actions: { type: 'noteUnknown', params: ({ event }) => event } },
          'order.repaired': [
            {
              guard: { type: 'isNotBillable', params: ({ event }) => event },
              actions: { type: 'declineMeasurement', params: ({ event }) => event },
            },
            {
              guard: { type: 'isMeasuredByHand', params: ({ event }) => event },
              target: 'asking',
              actions: [
                { type: 'noteIntent', params: ({ event }) => ({ intentId: event.intentId, kind: 'repair' }) },
                'noteRepair',
                { type: 'noteByHand', params: ({ event }) => event },
              ],
            },
            {
              guard: 'canBeBilled',
              target: 'rating',
              actions: [{ type: 'noteIntent', params: ({ event }) => ({ intentId: event.intentId, kind: 'repair' }) }, 'noteRepair'],
            },
            {
              target: '#order.REPAIRED',
              actions: { type: 'noteIntent', params: ({ event }) => ({ intentId: event.intentId, kind: 'repair' }) },
            },
          ],
          'order.writtenOff': {
            target: '#order.WRITTEN_OFF',
            actions: { type: 'noteIntent', params: ({ event }) => ({ intentId: event.intentId, kind: 'writeOff' }) },
          },
        },
      },
      /** Packs that a person measured tell the rest of their legs. Nothing is taken over until all have answered. */
      asking: {
        entry: 'askByHand',
        always: { guard: 'isByHandComplete', target: 'rating', actions: 'takeByHand' },
        after: {
          answerWithin: {
            target: 'open',
            actions: [{ type: 'declineRepair', params: { code: 'PACK_SILENT' } }, 'forgetIntent', 'forgetByHand'],
          },
        },
        on: {
          'order.legQuoted': {
            guard: { type: 'isByHand', params: ({ event }) => event },
            actions: { type: 'noteLeg', params: ({ event }) => event },
          },
          'order.legRefused': notByHand(({ event }) => event.reason),
          'delivery.bounced': { ...notByHand(() => 'BATTERY_UNKNOWN'), guard: isAbout('pack.legRequested') },
        },
      },
      rating: {
        entry: ['rateMeasured', 'notePayableAgain'],
        always: [{ guard: 'isRated', target: 'holding' }, { target: 'declined' }],
      },
      holding: {
        entry: ['markAccountAsked', 'askHold'],
        after: { answerWithin: 'declined' },
        on: {
          'order.held': [
            { guard: 'isUnbalanced', target: 'declined', actions: 'refuseUnbalanced' },
            { target: 'capturing', actions: { type: 'noteHeld', params: ({ event }) => event } },
          ],
          'order.holdRefused': 'declined',
          'delivery.bounced': { guard: isAbout('account.holdRequested'), target: 'declined' },
        },
      },
      capturing: {
        entry: 'askCapture',
        on: {
          'order.captured': {
            target: '#order.REPAIRED',
            actions: [{ type: 'noteCaptured', params: ({ event }) => event }, 'clear'],
          },
          'order.captureRefused': 'declined',
          'delivery.bounced': { guard: isAbout('account.captureRequested'), target: 'declined' },
        },
      },
      /** Not billed this time: what it held for that goes back. */
      declined: {
        entry: [{ type: 'declineRepair', params: { code: 'NO_CREDIT' } }, 'release', 'forgetIntent', 'forgetBill', 'forgetByHand'],
        always: 'open',
      },
    },
  });

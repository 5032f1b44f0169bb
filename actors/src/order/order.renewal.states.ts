import type { OrderContext } from './order.context.ts';
import type { OrderEventOf } from './order.rules.ts';
import type { OrderSetup } from './order.setup.ts';

const isAbout = (asked: string) =>
  ({
    type: 'isAbout',
    params: ({ event }: { event: OrderEventOf<'delivery.bounced'> }) => ({ eventType: event.eventType, is: asked }),
  }) as const;
const isLeg = (is: 'IN' | 'OUT') =>
  ({ type: 'isLeg', params: ({ event }: { event: OrderEventOf<'order.legQuoted'> }) => ({ leg: event.leg, is }) }) as const;
const noteLeg = { type: 'noteLeg', params: ({ event }: { event: OrderEventOf<'order.legQuoted'> }) => event } as const;
const docked = '#order.HELD.docked';
/** What was held stays; the capture holds more if it must. */
const asItWas = { target: docked, actions: 'forgetQuote' } as const;
const short = { target: docked, actions: ['noteShort', 'abort'] } as const;

/**
 * HELD, the truck of a remote order has docked: between quote and arrival it drove on, so both packs are asked once more and
 * the hold is raised to what the swap will cost now. A balance that is short ends the swap while nothing is unlocked. The
 * station goes on meanwhile: whatever comes first counts.
 */
export const renewalStates = (order: OrderSetup) => ({
  legInAgain: order.createStateConfig({
    entry: 'askReturnedPack',
    after: { answerWithin: asItWas },
    on: {
      'order.legQuoted': { guard: isLeg('IN'), target: 'legOutAgain', actions: noteLeg },
      'order.legRefused': asItWas,
      'delivery.bounced': { ...asItWas, guard: isAbout('pack.legRequested') },
    },
  }),
  legOutAgain: order.createStateConfig({
    entry: 'askIssuedPack',
    after: { answerWithin: asItWas },
    on: {
      'order.legQuoted': { guard: isLeg('OUT'), target: 'ratingAgain', actions: noteLeg },
      'order.legRefused': asItWas,
      'delivery.bounced': { ...asItWas, guard: isAbout('pack.legRequested') },
    },
  }),
  ratingAgain: order.createStateConfig({
    entry: ['rateQuote', 'noteDue', 'forgetQuote'],
    always: [{ guard: 'isHoldShort', target: 'raising' }, { target: 'docked' }],
  }),
  raising: order.createStateConfig({
    entry: 'askRaise',
    after: { answerWithin: docked },
    on: {
      'order.held': {
        target: docked,
        actions: [
          { type: 'noteHeld', params: ({ event }: { event: OrderEventOf<'order.held'> }) => event },
          { type: 'row', params: { state: 'HELD' } },
        ],
      },
      'order.holdRefused': short,
    },
  }),
});

/** Noted of the truck that docked: its pack is asked again by what was read of it, and it has driven on. */
export const renewed = (context: OrderContext, docked: OrderEventOf<'order.truckDocked'>) => ({
  returnPackId: docked.packSerialNumber ?? context.returnPackId,
  quotedInSocPercent: docked.packSocPercent,
  packSocPercent: docked.packSocPercent,
  odometerM: docked.odometerM ?? context.odometerM,
});

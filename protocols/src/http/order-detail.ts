import { type Static, Type } from 'typebox';
import { OrderSummary } from './scene.ts';

/** Which SOC of the returned pack a quote counts with. */
export const QuotedSoc = Type.Object(
  {
    basis: Type.Union([Type.Literal('READ'), Type.Literal('ARRIVAL'), Type.Literal('REPORTED')], {
      description: 'READ: in the bay; ARRIVAL: with which the truck on its way should arrive; REPORTED: the newest that is known of it',
    }),
    percent: Type.Number({ description: 'that the quote counts with [%]' }),
    reportedPercent: Type.Union([Type.Number(), Type.Null()], {
      description: 'what the truck reported when it was quoted [%]; null: nothing',
    }),
  },
  { description: 'which SOC of the returned pack the quote counts with' },
);
export type QuotedSoc = Static<typeof QuotedSoc>;

/** `/api/v1/orders/{id}`: one order with what only it is asked for. */
export const OrderDetail = Type.Intersect([
  OrderSummary,
  Type.Object({
    quote: Type.Unknown({ description: 'lines of the quote, to who pays; null to others' }),
    quotedSoc: Type.Union([QuotedSoc, Type.Null()], {
      description: 'null: not quoted, quoted before this was told, or not shown to the caller, who neither pays nor drives',
    }),
    keptUntil: Type.Union([Type.String(), Type.Null()], {
      description:
        'scope time until which its pack waits for the truck; null: no pack is kept, or the truck is there. Its hold goes back up to 10 min later, since the word of a truck that came in time may be late',
    }),
  }),
]);
export type OrderDetail = Static<typeof OrderDetail>;

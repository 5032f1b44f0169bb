import { type Static, Type } from 'typebox';
import { OrderSummary } from './scene.ts';

/** `/api/v1/orders/{id}`: one order with what only it is asked for. */
export const OrderDetail = Type.Intersect([
  OrderSummary,
  Type.Object({
    quote: Type.Unknown({ description: 'lines of the quote, to who pays; null to others' }),
    keptUntil: Type.Union([Type.String(), Type.Null()], {
      description:
        'scope time until which its pack waits for the truck; null: no pack is kept, or the truck is there. Its hold goes back up to 10 min later, since the word of a truck that came in time may be late',
    }),
  }),
]);
export type OrderDetail = Static<typeof OrderDetail>;

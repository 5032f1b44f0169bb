import type { Intent } from '@corridor/actors/network/input';
import type { ReferenceStore } from '@corridor/actors/network/reference-store';
import { OrderDetail } from '@corridor/protocols/http/order-detail';
import { Page } from '@corridor/protocols/http/problem';
import { Bill, OrderSummary } from '@corridor/protocols/http/scene';
import { TOKEN_PATTERN } from '@corridor/protocols/ids';
import { IdToken } from '@corridor/protocols/ocpp';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Database } from '../../db/db.ts';
import type { PastScenes } from '../../past/past-scenes.ts';
import type { LiveFacts } from '../../projection/live-facts.ts';
import { paysTheBill } from '../../projection/order-summary.ts';
import { type Rights, rightsOf } from '../../projection/rights.ts';
import type { Driving } from '../../restore/restore-core.ts';
import { readAs } from '../../rights/read-as.ts';
import { Turns } from '../../turns/turns.ts';
import type { Writer } from '../../writer/writer.ts';
import { IdParams } from '../assets/assets.routes.ts';
import { callerOf, rightsOfRequest } from '../caller.ts';
import { answered } from '../intent-answer.ts';
import { cursorOf, LIMIT_DEFAULT, PageQuery, readCursor } from '../paging.ts';
import { forbidden, notFound, ProblemError } from '../problem.ts';
import { ReasonText, reasonOf } from '../reason-text.ts';
import { arrivalSocPercentAt } from '../recommendations/arrival-soc.ts';
import { AtField, mayLookAt } from '../scene/instant.ts';
import { mayOrderFor } from './may-order.ts';
import { newOrderId } from './order-id.ts';
import { billOf, eventData, keptUntilOf, quotedSocOf, seesAllLines, splitBillOf, summaryOf } from './order-views.ts';
import { eventsOf, findOrder, linesOf, listOrders, type OrderListRow, sharesOf, splitOf } from './orders.queries.ts';

const AtQuery = Type.Object({ at: Type.Optional(AtField('the order')) });

const Token = (description: string) => Type.String({ pattern: TOKEN_PATTERN, description });
const NewOrder = Type.Object(
  {
    stationId: Token('where to swap'),
    truckId: Token('which truck'),
    idToken: Type.Optional(IdToken),
    key: Type.Optional(Token('sent twice by one caller for one station, it is one order')),
  },
  { additionalProperties: false },
);
/** May be left out whole, as drivers' phones do. */
const WhyBody = Type.Union([
  Type.Object({ note: Type.Optional(ReasonText('why, for the audit log; the platform has to say it')) }, { additionalProperties: false }),
  Type.Null(),
]);
const OrderEvent = Type.Object({
  at: Type.String(),
  kind: Type.String({ description: 'order, swap: a change of state; event: what the gateway reported' }),
  event: Type.String(),
  from: Type.Union([Type.String(), Type.Null()]),
  to: Type.Union([Type.String(), Type.Null()]),
  data: Type.Unknown(),
});
const ListQuery = Type.Object({
  ...PageQuery,
  state: Type.Optional(Type.String({ maxLength: 20 })),
  stationId: Type.Optional(Token('station')),
  truckId: Type.Optional(Token('truck')),
  carrierId: Type.Optional(Token('carrier')),
  packId: Type.Optional(Token('pack that moved')),
  from: Type.Optional(Type.String({ format: 'date-time' })),
  until: Type.Optional(Type.String({ format: 'date-time' })),
  at: Type.Optional(AtField('orders that were there')),
});

export interface OrdersRoutesOptions {
  database: Database;
  platformId: string;
  reference: ReferenceStore;
  writer: Writer;
  past: PastScenes;
  live: LiveFacts;
  driving: Driving;
}

/** Orders: quote, confirm, cancel, look at. */
export const ordersRoutes: FastifyPluginAsyncTypebox<OrdersRoutesOptions> = async (app, options) => {
  const { database, platformId, reference, writer, past, live, driving } = options;
  const tags = ['orders'];
  const turns = new Turns();
  const find = async (rights: Rights, id: string, at: string | null = null): Promise<OrderListRow> => {
    await mayLookAt(past, at, rights);
    const row = await findOrder(readAs(database, rights), { platformId, rights, at }, id);
    if (!row) throw notFound('order', id);
    return row;
  };
  const act = async (request: FastifyRequest, intent: Intent): Promise<OrderSummary> => {
    const caller = callerOf(request);
    const answer = answered(await writer.ask(intent, caller.userId));
    return summaryOf(await find(rightsOf(caller), answer.orderId ?? ''), rightsOf(caller));
  };

  app.get(
    '/orders',
    { schema: { tags, summary: 'Orders, newest first', querystring: ListQuery, response: { 200: Page(OrderSummary) } } },
    async (request) => {
      const rights = rightsOfRequest(request);
      const { cursor, limit = LIMIT_DEFAULT, at = null, ...filter } = request.query;
      await mayLookAt(past, at, rights);
      const rows = await listOrders(readAs(database, rights), platformId, {
        ...filter,
        limit: limit + 1,
        after: readCursor(cursor, 2),
        at,
      });
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      const nextCursor = rows.length > limit && last ? cursorOf([last.created_at.toISOString(), last.order_id]) : null;
      return { items: page.map((row) => summaryOf(row, rights)), nextCursor };
    },
  );
  app.get(
    '/orders/:id',
    { schema: { tags, summary: 'One order with its quote', params: IdParams, querystring: AtQuery, response: { 200: OrderDetail } } },
    async (request) => {
      const rights = rightsOfRequest(request);
      const row = await find(rights, request.params.id, request.query.at ?? null);
      const quote = seesAllLines(rights) ? row.quote : null;
      return { ...summaryOf(row, rights), quote, quotedSoc: quotedSocOf(row, rights), keptUntil: keptUntilOf(row) };
    },
  );
  app.get(
    '/orders/:id/bill',
    {
      schema: {
        tags,
        summary: 'Lines and shares as the caller may see them',
        params: IdParams,
        querystring: AtQuery,
        response: { 200: Bill },
      },
    },
    async (request) => {
      const rights = rightsOfRequest(request);
      const { at = null } = request.query;
      const row = await find(rights, request.params.id, at);
      if (at !== null && !BILLED_STATES.has(row.state)) throw notBilled(row);
      if (rights.kind === 'DRIVER') {
        const split = await splitOf(readAs(database, rights), platformId, row.order_id);
        if (split.length === 0) throw notBilled(row);
        return splitBillOf(row, split);
      }
      const [lines, shares] = await Promise.all([
        linesOf(readAs(database, rights), platformId, row.order_id),
        sharesOf(readAs(database, rights), platformId, row.order_id, at),
      ]);
      if (lines.length === 0) throw notBilled(row);
      return billOf(row, lines, shares, rights);
    },
  );
  app.get(
    '/orders/:id/events',
    {
      schema: {
        tags,
        summary: 'What happened to an order',
        params: IdParams,
        response: { 200: Type.Object({ items: Type.Array(OrderEvent) }) },
      },
    },
    async (request) => {
      const rights = rightsOfRequest(request);
      const row = await find(rights, request.params.id);
      const happened = await eventsOf(readAs(database, rights), platformId, row);
      return {
        items: happened.map(({ at, kind, what, from_state, to_state, payload }) => ({
          at: at.toISOString(),
          kind,
          event: what,
          from: from_state,
          to: to_state,
          data: payload === null ? null : eventData(payload, row, rights),
        })),
      };
    },
  );

  app.post(
    '/orders',
    { schema: { tags, summary: 'Quotes a swap', body: NewOrder, response: { 201: OrderSummary } } },
    async (request, reply) => {
      const { stationId, truckId } = request.body;
      const truck = reference.truck(truckId);
      if (!truck) throw notFound('truck', truckId);
      const station = reference.station(stationId);
      if (!station) throw notFound('station', stationId);
      const idToken = tokenFor(request, truckId, truck.carrierId, request.body.idToken, reference);
      const { userId } = callerOf(request);
      const orderId = newOrderId(stationId, { userId, key: request.body.key ?? null });
      const rights = rightsOfRequest(request);
      const quoted = await turns.run(orderId, async () => {
        const known = await findOrder(readAs(database, rights), { platformId, rights, at: null }, orderId);
        const arrivalSocPercent = arrivalSocPercentAt(station, truck, { live, driving });
        return known === undefined
          ? act(request, {
              type: 'order.quote',
              orderId,
              stationId,
              truckId,
              idToken,
              ...(arrivalSocPercent === null ? {} : { arrivalSocPercent }),
            })
          : asAnsweredBefore(known, request);
      });
      return reply.code(201).send(quoted);
    },
  );
  app.post(
    '/orders/:id/confirm',
    {
      schema: {
        tags,
        summary: 'Holds the quote: by the driver, his carrier, and with a reason the platform',
        params: IdParams,
        body: WhyBody,
        response: { 200: OrderSummary },
      },
    },
    async (request) => {
      const row = await mayPay(request, find);
      const note = noteOf(request, row);
      const tellsDriver = rightsOfRequest(request).kind !== 'DRIVER';
      return act(request, { type: 'order.confirm', orderId: row.order_id, note, onBehalf: isOnBehalf(request), tellsDriver });
    },
  );
  app.post(
    '/orders/:id/cancel',
    {
      schema: {
        tags,
        summary: 'Cancels an order before its swap; one that is held, the platform with a reason',
        params: IdParams,
        body: WhyBody,
        response: { 200: OrderSummary },
      },
    },
    async (request) => {
      const row = await mayPay(request, find);
      // Nothing is lost with a quote that nobody took: it needs no reason.
      const note = row.state === 'QUOTED' ? givenNote(request) : noteOf(request, row);
      const reason = isOnBehalf(request) ? 'CANCELLED_BY_PLATFORM' : 'CANCELLED_BY_CUSTOMER';
      return act(request, { type: 'order.cancel', orderId: row.order_id, reason, note });
    },
  );
};

type PayRequest = FastifyRequest<{ Params: { id: string }; Body: { note?: string } | null }>;

/** The platform acts for the carrier, which did not ask for it. */
const isOnBehalf = (request: FastifyRequest): boolean => rightsOfRequest(request).kind === 'ALL';

const givenNote = ({ body }: Pick<PayRequest, 'body'>): string | null => (body?.note === undefined ? null : reasonOf(body.note));

/** Who binds the money of others says why, and the carrier reads it. @throws ProblemError 400 */
function noteOf(request: PayRequest, { order_id }: OrderListRow): string | null {
  const note = givenNote(request);
  if (note === null && isOnBehalf(request))
    throw new ProblemError(400, 'INPUT_INVALID', `body/note: say why you do this to order ${order_id} of a carrier`);
  return note;
}

/** The order of a key that was sent before. @throws ProblemError as before, when it was refused, and when the key was of another truck */
function asAnsweredBefore(row: OrderListRow, request: FastifyRequest<{ Body: { truckId: string } }>): OrderSummary {
  if (row.truck_id !== request.body.truckId) throw new ProblemError(409, 'KEY_USED', 'the key was used for another truck');
  const summary = summaryOf(row, rightsOfRequest(request));
  if (summary.state === 'REJECTED') throw new ProblemError(422, summary.reason ?? 'NOT_POSSIBLE', `order ${row.order_id} was refused`);
  return summary;
}

/** Lines are written once, when the order is billed. */
const BILLED_STATES: ReadonlySet<string> = new Set(['BILLED', 'CLEARED', 'SETTLED', 'REPAIRED']);

const notBilled = ({ order_id, state }: OrderListRow): ProblemError =>
  new ProblemError(404, 'NOT_BILLED', `order ${order_id} is ${state}: there is no bill`);

/** Who may bind the carrier's money: its own people, and the platform. @throws ProblemError 403 */
async function mayPay(request: PayRequest, find: (rights: Rights, id: string) => Promise<OrderListRow>): Promise<OrderListRow> {
  const rights = rightsOfRequest(request);
  const row = await find(rights, request.params.id);
  if (!paysTheBill(rights)) throw forbidden('only the carrier and the platform confirm and cancel');
  return row;
}

/** The driver's own token; whoever orders for a truck without one uses that of a driver bound to it. */
function tokenFor(
  request: FastifyRequest,
  truckId: string,
  carrierId: string,
  given: IdToken | undefined,
  reference: ReferenceStore,
): IdToken {
  const rights = rightsOfRequest(request);
  // As for one that is not there: nobody tries out which trucks others have.
  if (!mayOrderFor(rights, { id: truckId, carrierId }, reference)) throw notFound('truck', truckId);
  if (rights.kind === 'DRIVER') return ownToken(rights.driverId, given, reference);
  if (given) return given;
  const driver = [...reference.drivers()].find(({ truckIds }) => truckIds.includes(truckId));
  if (!driver) throw new ProblemError(422, 'DRIVER_UNKNOWN', `no driver is bound to truck ${truckId}: send an idToken`);
  return driver.idToken;
}

/** A driver orders in his own name. */
function ownToken(driverId: string, given: IdToken | undefined, reference: ReferenceStore): IdToken {
  const own = reference.driver(driverId)?.idToken;
  if (own === undefined) throw notFound('driver', driverId);
  if (given && given.idToken.toLowerCase() !== own.idToken.toLowerCase()) throw forbidden('the token is not yours');
  return own;
}

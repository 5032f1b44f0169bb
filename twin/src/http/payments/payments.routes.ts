import { randomUUID } from 'node:crypto';
import { Page } from '@corridor/protocols/http/problem';
import { IdText, TOKEN_PATTERN } from '@corridor/protocols/ids';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { type Rights, rightsOf } from '../../projection/rights.ts';
import type { PaymentSide } from '../../rail/payment-side.ts';
import { findPayment, listPayments, PAYMENT_DIRECTIONS, PAYMENT_STATES, type PaymentRow } from '../../rail/payments.queries.ts';
import { PAYMENT_CHANNELS } from '../../rail/rail-config.ts';
import { readAs } from '../../rights/read-as.ts';
import { booksOf } from '../books.ts';
import { callerOf, rightsOfRequest } from '../caller.ts';
import { cursorOf, LIMIT_DEFAULT, PageQuery, readCursor } from '../paging.ts';
import { forbidden, notFound, ProblemError } from '../problem.ts';
import { collectionsRoutes } from './collections.routes.ts';
import { asProblem } from './payment-problem.ts';
import { PaymentParams, PaymentView, paymentView } from './payment-view.ts';
import { type PaymentsOutRoutesOptions, paymentsOutRoutes } from './payments-out.routes.ts';

const TopUp = Type.Object(
  {
    carrierId: Type.String({ pattern: TOKEN_PATTERN }),
    amountFen: Type.String({ pattern: '^[1-9]\\d{0,11}$', description: 'whole fen, at least 1' }),
    currency: Type.Optional(Type.Literal('CNY', { description: 'there is no other' })),
    channel: Type.Enum([...PAYMENT_CHANNELS]),
    key: Type.Optional(Type.String({ pattern: TOKEN_PATTERN, description: 'sent twice, it is paid in once' })),
  },
  { additionalProperties: false },
);

const Rail = Type.Object(
  {
    channel: Type.Enum([...PAYMENT_CHANNELS], { description: 'which a top-up has to name' }),
    topUpFenMax: Type.String({ pattern: '^[1-9]\\d*$', description: 'the most that one top-up is, in whole fen' }),
  },
  { additionalProperties: false },
);
/** Money in: asked for here, paid at the rail's cashier, booked when the rail says so. */
export const paymentsRoutes: FastifyPluginAsyncTypebox<PaymentsOutRoutesOptions> = async (app, options) => {
  const { database, platformId, reference, payments } = options;
  const railOf = (): PaymentSide => {
    if (payments === null) throw new ProblemError(503, 'RAIL_NOT_CONFIGURED', 'no payment rail is configured: nothing can be paid in');
    return payments;
  };
  await app.register(paymentsOutRoutes, options);
  await app.register(collectionsRoutes, options);
  app.post(
    '/payments/top-ups',
    {
      config: { serviceScope: 'payments:top-up' },
      schema: {
        tags: ['money'],
        summary: 'Asks for a payment into the prepaid account of a carrier; it is paid at `cashierUrl`',
        body: TopUp,
        response: { 201: PaymentView },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { carrierId, amountFen, channel, key } = request.body;
      const rights = rightsOf(caller);
      if (reference.principal(carrierId)?.kind !== 'CARRIER') throw notFound('carrier', carrierId);
      if (!mayPayIn(rights, carrierId)) throw forbidden('only the carrier itself and its drivers pay in');
      const rail = railOf();
      if (rail.channel !== channel) throw new ProblemError(422, 'CHANNEL_UNAVAILABLE', `payments pass ${rail.channel} here`);
      const asked = {
        carrierId,
        amountFen: BigInt(amountFen),
        key: key ?? randomUUID(),
        requestedBy: caller.userId,
        driverId: driverOf(rights),
      };
      const payment = await asProblem(rail.topUps.request(asked));
      return reply.code(201).send(paymentView(payment));
    },
  );
  app.get(
    '/payments/rail',
    {
      config: { serviceScope: 'payments:top-up' },
      schema: {
        tags: ['money'],
        summary: 'Which rail payments pass here, and the most that one top-up is',
        response: { 200: Rail },
      },
    },
    async () => {
      const { channel, topUps } = railOf();
      return { channel, topUpFenMax: String(topUps.maxFen) };
    },
  );
  app.get(
    '/payments',
    {
      schema: {
        tags: ['money'],
        summary: "The caller's payments in and out, newest first",
        querystring: Type.Object({
          ...PageQuery,
          principalId: Type.Optional(IdText('whose; for the platform only')),
          direction: Type.Optional(Type.Enum([...PAYMENT_DIRECTIONS])),
          state: Type.Optional(Type.Enum([...PAYMENT_STATES])),
        }),
        response: { 200: Page(PaymentView) },
      },
    },
    async (request) => {
      const { principalId, direction = null, state = null, limit = LIMIT_DEFAULT, cursor } = request.query;
      const rights = rightsOfRequest(request);
      const books = booksOf(rights, principalId);
      const driverId = driverOf(rights);
      if (books.of === 'NOBODY' && driverId === null) return { items: [], nextCursor: null };
      const rows = await listPayments(readAs(database, rights), platformId, {
        principalId: books.of === 'ONE' ? books.principalId : null,
        driverId,
        direction,
        state,
        limit: limit + 1,
        after: readCursor(cursor, 2),
      });
      const items = rows.slice(0, limit);
      const last = items.at(-1);
      const nextCursor = rows.length > limit && last ? cursorOf([last.requested_at.toISOString(), last.payment_id]) : null;
      return { items: items.map(paymentView), nextCursor };
    },
  );
  app.get(
    '/payments/:id',
    {
      config: { serviceScope: 'payments:top-up' },
      schema: {
        tags: ['money'],
        summary: 'A payment, to whose it is',
        params: PaymentParams,
        response: { 200: PaymentView },
      },
    },
    async (request) => {
      const { id } = request.params;
      const rights = rightsOfRequest(request);
      const payment = await findPayment(readAs(database, rights), platformId, id);
      if (payment === null || !maySee(rights, payment)) throw notFound('payment', id);
      return paymentView(payment);
    },
  );
};

const driverOf = (rights: Rights): string | null => (rights.kind === 'DRIVER' ? rights.driverId : null);

/** A carrier, and from the road each of its drivers: money in is the carrier's, whoever pays. */
function mayPayIn(rights: Rights, carrierId: string): boolean {
  if (rights.kind === 'DRIVER') return rights.carrierId === carrierId;
  return rights.kind === 'ALL' || (rights.kind === 'CARRIER' && rights.principalId === carrierId);
}

/** A driver sees what he paid in himself. */
function maySee(rights: Rights, payment: PaymentRow): boolean {
  if (rights.kind === 'DRIVER') return payment.driver_id === rights.driverId;
  return rights.kind === 'ALL' || ('principalId' in rights && payment.principal_id === rights.principalId);
}

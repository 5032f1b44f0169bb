import { randomUUID } from 'node:crypto';
import type { ReferenceStore } from '@corridor/actors/network/reference-store';
import { TOKEN_PATTERN } from '@corridor/protocols/ids';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Database } from '../../db/db.ts';
import { rightsOf } from '../../projection/rights.ts';
import type { PaymentSide } from '../../rail/payment-side.ts';
import { findPayment, type PaymentRow } from '../../rail/payments.queries.ts';
import { PAYMENT_CHANNELS } from '../../rail/rail-config.ts';
import { readAs } from '../../rights/read-as.ts';
import { callerOf, rightsOfRequest } from '../caller.ts';
import { forbidden, notFound, ProblemError } from '../problem.ts';
import { asProblem } from './payment-problem.ts';

const N = Type.Union([Type.String(), Type.Null()]);
const TopUp = Type.Object(
  {
    carrierId: Type.String({ pattern: TOKEN_PATTERN }),
    amountFen: Type.String({ pattern: '^[1-9]\\d{0,11}$', description: 'whole fen, at least 1' }),
    channel: Type.Enum([...PAYMENT_CHANNELS]),
    key: Type.Optional(Type.String({ pattern: TOKEN_PATTERN, description: 'sent twice, it is paid in once' })),
  },
  { additionalProperties: false },
);
const PaymentView = Type.Object({
  id: Type.String(),
  principalId: Type.String(),
  direction: Type.Enum(['TOP_UP', 'PAYOUT']),
  amountFen: Type.String(),
  currency: Type.Literal('CNY'),
  channel: Type.String(),
  state: Type.Enum(['REQUESTED', 'CONFIRMED', 'CLOSED', 'FAILED']),
  cashierUrl: Type.Union([Type.String(), Type.Null()], { description: 'where it is paid, until it is' }),
  requestedBy: Type.String(),
  requestedAt: Type.String(),
  expiresAt: N,
  paidAt: Type.Union([Type.String(), Type.Null()], { description: "by the rail's clock" }),
  settledAt: Type.Union([Type.String(), Type.Null()], { description: 'when it was booked, scope time' }),
  providerRef: N,
  detail: N,
});

export interface PaymentsRoutesOptions {
  database: Database;
  platformId: string;
  reference: ReferenceStore;
  /** null: there is no payment rail. */
  payments: PaymentSide | null;
}

/** Money in: asked for here, paid at the rail's cashier, booked when the rail says so. */
export const paymentsRoutes: FastifyPluginAsyncTypebox<PaymentsRoutesOptions> = async (app, options) => {
  const { database, platformId, reference, payments } = options;
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
      const own = rights.kind === 'CARRIER' && rights.principalId === carrierId && !caller.roles.includes('DRIVER');
      if (rights.kind !== 'ALL' && !own) throw forbidden('only the carrier itself pays in');
      if (payments === null) throw new ProblemError(503, 'RAIL_NOT_CONFIGURED', 'no payment rail is configured: nothing can be paid in');
      if (payments.channel !== channel) throw new ProblemError(422, 'CHANNEL_UNAVAILABLE', `payments pass ${payments.channel} here`);
      const asked = { carrierId, amountFen: BigInt(amountFen), key: key ?? randomUUID(), requestedBy: caller.userId };
      const payment = await asProblem(payments.topUps.request(asked));
      return reply.code(201).send(paymentView(payment));
    },
  );
  app.get(
    '/payments/:id',
    {
      config: { serviceScope: 'payments:top-up' },
      schema: {
        tags: ['money'],
        summary: 'A payment, to whose it is',
        // Longer than the ids of actors: it holds a carrier and a key.
        params: Type.Object({ id: Type.String({ minLength: 1, maxLength: 200 }) }),
        response: { 200: PaymentView },
      },
    },
    async (request) => {
      const { id } = request.params;
      const rights = rightsOfRequest(request);
      const payment = await findPayment(readAs(database, rights), platformId, id);
      const isOwn = 'principalId' in rights && payment?.principal_id === rights.principalId;
      const isDriver = callerOf(request).roles.includes('DRIVER');
      if (payment === null || (rights.kind !== 'ALL' && (!isOwn || isDriver))) throw notFound('payment', id);
      return paymentView(payment);
    },
  );
};

const timeText = (at: Date | null): string | null => at?.toISOString() ?? null;

const paymentView = (row: PaymentRow) => ({
  id: row.payment_id,
  principalId: row.principal_id,
  direction: row.direction,
  amountFen: row.amount_fen.toString(),
  currency: 'CNY' as const,
  channel: row.channel,
  state: row.state,
  cashierUrl: row.state === 'REQUESTED' ? row.cashier_url : null,
  requestedBy: row.requested_by,
  requestedAt: row.requested_at.toISOString(),
  expiresAt: timeText(row.expires_at),
  paidAt: timeText(row.paid_at),
  settledAt: timeText(row.settled_at),
  providerRef: row.provider_ref,
  detail: row.detail,
});

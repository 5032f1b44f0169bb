import { randomUUID } from 'node:crypto';
import type { ReferenceStore } from '@corridor/actors/network/reference-store';
import { TOKEN_PATTERN } from '@corridor/protocols/ids';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Database } from '../../db/db.ts';
import { rightsOf } from '../../projection/rights.ts';
import type { PaymentSide } from '../../rail/payment-side.ts';
import { findPayment } from '../../rail/payments.queries.ts';
import { noteAct } from '../../settlement/settlement-audit.ts';
import { callerOf, requireOperator } from '../caller.ts';
import { forbidden, notFound, ProblemError } from '../problem.ts';
import { asProblem } from './payment-problem.ts';
import { PaymentParams, PaymentView, paymentView } from './payment-view.ts';
import { receiversRoutes } from './receivers.routes.ts';

const Withdrawal = Type.Object(
  {
    carrierId: Type.String({ pattern: TOKEN_PATTERN }),
    amountFen: Type.Optional(
      Type.String({ pattern: '^[1-9]\\d{0,11}$', description: 'whole fen, at least 1; without it, all of the balance' }),
    ),
    key: Type.Optional(Type.String({ pattern: TOKEN_PATTERN, description: 'sent twice, it is paid out once' })),
  },
  { additionalProperties: false },
);
export interface PaymentsOutRoutesOptions {
  database: Database;
  platformId: string;
  reference: ReferenceStore;
  /** null: there is no payment rail. */
  payments: PaymentSide | null;
  scopeNowMs: () => number;
}

/** Money out: balance back to carriers, payouts that failed, and where principals are paid. */
export const paymentsOutRoutes: FastifyPluginAsyncTypebox<PaymentsOutRoutesOptions> = async (app, options) => {
  const { database, platformId, reference, payments, scopeNowMs } = options;
  const railOf = (): PaymentSide => {
    if (payments === null) throw new ProblemError(503, 'RAIL_NOT_CONFIGURED', 'no payment rail is configured: nothing can be paid out');
    return payments;
  };
  const nowText = () => new Date(scopeNowMs()).toISOString();
  app.post(
    '/payments/withdrawals',
    {
      schema: {
        tags: ['money'],
        summary: 'Pays balance back to a carrier: it is held now, and leaves when the rail has paid it',
        body: Withdrawal,
        response: { 201: PaymentView },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { carrierId, amountFen, key } = request.body;
      const rights = rightsOf(caller);
      if (reference.principal(carrierId)?.kind !== 'CARRIER') throw notFound('carrier', carrierId);
      const own = rights.kind === 'CARRIER' && rights.principalId === carrierId && !caller.roles.includes('DRIVER');
      if (rights.kind !== 'ALL' && !own) throw forbidden('only the carrier itself takes its balance back');
      const wanted = { carrierId, amountFen: amountFen === undefined ? null : BigInt(amountFen) };
      const asked = { ...wanted, key: key ?? randomUUID(), requestedBy: caller.userId };
      return reply.code(201).send(paymentView(await asProblem(railOf().withdrawals.request(asked))));
    },
  );
  app.post(
    '/payments/:id/retry',
    {
      schema: {
        tags: ['money'],
        summary: 'Begins a payout anew that failed, or what the rail refused of a payment out, when what it failed of is mended',
        params: PaymentParams,
        response: { 200: PaymentView },
      },
    },
    async (request) => {
      const { userId } = requireOperator(request);
      const { id } = request.params;
      const before = await findPayment(database.pool, platformId, id);
      if (before === null) throw notFound('payment', id);
      const { payouts, withdrawals } = railOf();
      const payment = await asProblem((before.direction === 'WITHDRAWAL' ? withdrawals : payouts).retry(id));
      const { principal_id: entityId, state, detail } = before;
      const act = { at: nowText(), by: userId, action: 'payment.retry', entityKind: 'principal', entityId } as const;
      await noteAct(database.pool, platformId, {
        ...act,
        before: { paymentId: id, state, detail },
        after: { paymentId: id, state: payment.state },
      });
      return paymentView(payment);
    },
  );
  await app.register(receiversRoutes, { database, platformId, reference, railOf, nowText });
};

import { IdText } from '@corridor/protocols/ids';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { rightsOf } from '../../projection/rights.ts';
import { readAs } from '../../rights/read-as.ts';
import { findStatement } from '../../settlement/statements.queries.ts';
import { mayRead } from '../books.ts';
import { callerOf } from '../caller.ts';
import { notFound, ProblemError } from '../problem.ts';
import { asProblem } from './payment-problem.ts';
import { PaymentView, paymentView } from './payment-view.ts';
import type { PaymentsOutRoutesOptions } from './payments-out.routes.ts';

/** Statements below zero whose principal agreed to pay them in. */
export const collectionsRoutes: FastifyPluginAsyncTypebox<PaymentsOutRoutesOptions> = async (app, { database, platformId, payments }) => {
  app.post(
    '/payments/collections',
    {
      schema: {
        tags: ['money'],
        summary:
          'Asks for the payment of a statement that is due; it is paid at `cashierUrl`, by its principal; again, it is the same payment',
        body: Type.Object({ statementId: IdText('that is `DUE`') }, { additionalProperties: false }),
        response: { 201: PaymentView },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { statementId } = request.body;
      const rights = rightsOf(caller);
      const statement = await findStatement(readAs(database, rights), platformId, statementId);
      if (statement === null || !mayRead(rights, statement.principal_id)) throw notFound('statement', statementId);
      if (payments === null) throw new ProblemError(503, 'RAIL_NOT_CONFIGURED', 'no payment rail is configured: nothing can be paid in');
      const payment = await asProblem(payments.topUps.collect({ statementId, requestedBy: caller.userId }));
      return reply.code(201).send(paymentView(payment));
    },
  );
};

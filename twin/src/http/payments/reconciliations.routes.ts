import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { PaymentSide } from '../../rail/payment-side.ts';
import type { ReconciliationRow } from '../../rail/reconciliation.queries.ts';
import { DIFFERENCE_KINDS } from '../../rail/reconciliation.rules.ts';
import { requireOperator } from '../caller.ts';
import { notFound, ProblemError } from '../problem.ts';
import { asProblem } from './payment-problem.ts';

const N = Type.Union([Type.String(), Type.Null()]);
const DateParams = Type.Object({ date: Type.String({ format: 'date', description: 'day of the rail, Asia/Shanghai' }) });
const ReconciliationView = Type.Object({
  channel: Type.String(),
  billDate: Type.String(),
  comparedAt: Type.String(),
  billRows: Type.Integer(),
  billNetFen: Type.String({ description: 'what came in less what went out, as the rail says' }),
  bookedNetFen: Type.String({ description: 'the same, as we say' }),
  differences: Type.Array(
    Type.Object({
      kind: Type.Enum([...DIFFERENCE_KINDS]),
      number: Type.String(),
      paymentId: N,
      oursFen: N,
      theirsFen: N,
      detail: Type.String(),
    }),
  ),
});

/** The rail's bill of a day against our payments and the ledger; the platform's alone. */
export const reconciliationsRoutes: FastifyPluginAsyncTypebox<{ payments: PaymentSide | null }> = async (app, { payments }) => {
  const sideOf = (): PaymentSide => {
    if (payments === null) throw new ProblemError(503, 'RAIL_NOT_CONFIGURED', 'no payment rail is configured');
    return payments;
  };
  const found = async (date: string) => {
    const row = await sideOf().reconciliation.find(date);
    if (row === null) throw notFound('comparison with the bill of', date);
    return reconciliationView(row);
  };
  app.get(
    '/payments/reconciliations/:date',
    {
      schema: {
        tags: ['money'],
        summary: 'The newest comparison with the bill of a day',
        params: DateParams,
        response: { 200: ReconciliationView },
      },
    },
    async (request) => {
      requireOperator(request);
      return found(request.params.date);
    },
  );
  app.post(
    '/payments/reconciliations/:date',
    {
      schema: {
        tags: ['money'],
        summary: 'Compares with the bill of a day now; every day is compared by itself the morning after',
        params: DateParams,
        response: { 201: ReconciliationView },
      },
    },
    async (request, reply) => {
      requireOperator(request);
      const { date } = request.params;
      await asProblem(sideOf().reconciliation.compare(date));
      return reply.code(201).send(await found(date));
    },
  );
};

const reconciliationView = (row: ReconciliationRow) => ({
  channel: row.channel,
  billDate: row.bill_date,
  comparedAt: row.compared_at.toISOString(),
  billRows: row.bill_rows,
  billNetFen: row.bill_net_fen.toString(),
  bookedNetFen: row.booked_net_fen.toString(),
  differences: [...row.differences],
});

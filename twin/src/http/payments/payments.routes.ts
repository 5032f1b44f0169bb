import { randomUUID } from 'node:crypto';
import type { ReferenceStore } from '@corridor/actors/network/reference-store';
import { TOKEN_PATTERN } from '@corridor/protocols/ids';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Database } from '../../db/db.ts';
import { rightsOf } from '../../projection/rights.ts';
import { PAYMENT_CHANNELS } from '../../seed/seed-papers.ts';
import type { Writer } from '../../writer/writer.ts';
import { callerOf } from '../caller.ts';
import { answered } from '../intent-answer.ts';
import { forbidden, notFound, ProblemError } from '../problem.ts';
import { OncePerKey } from './once-per-key.ts';

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
  carrierId: Type.String(),
  amountFen: Type.String(),
  channel: Type.String(),
  state: Type.String(),
});

export interface PaymentsRoutesOptions {
  database: Database;
  platformId: string;
  reference: ReferenceStore;
  writer: Writer;
  isProduction: boolean;
}

/** Money in. The sandbox rail confirms at once and moves nothing outside. */
export const paymentsRoutes: FastifyPluginAsyncTypebox<PaymentsRoutesOptions> = async (app, options) => {
  const { database, platformId, reference, writer, isProduction } = options;
  const oncePerKey = new OncePerKey();
  app.post(
    '/payments/top-ups',
    {
      config: { serviceScope: 'payments:top-up' },
      schema: { tags: ['money'], summary: "Tops a carrier's prepaid account up", body: TopUp, response: { 201: PaymentView } },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { carrierId, amountFen, channel } = request.body;
      const rights = rightsOf(caller);
      if (reference.principal(carrierId)?.kind !== 'CARRIER') throw notFound('carrier', carrierId);
      const own = rights.kind === 'CARRIER' && rights.principalId === carrierId && !caller.roles.includes('DRIVER');
      if (rights.kind !== 'ALL' && !own) throw forbidden('only the carrier itself pays in');
      if (isProduction)
        throw new ProblemError(403, 'SANDBOX_REFUSED', 'the sandbox rail makes money out of nothing and is off in production');
      const key = request.body.key ?? randomUUID();
      // As the ledger and the payment know it.
      const id = `topup:${carrierId}:${key}`;
      const intent = { type: 'payment.topUp', key, principalId: carrierId, amountFen: BigInt(amountFen), channel } as const;
      await oncePerKey.run(id, async () => {
        // The account remembers its last keys only; the ledger knows them all, and a second transfer of a key would stop the writer.
        const before = await paidIn(database, platformId, id);
        if (before === null) answered(await writer.ask(intent, caller.userId));
        else if (before.amount_fen !== intent.amountFen) {
          throw new ProblemError(409, 'KEY_USED_WITH_OTHER_AMOUNT', `${before.amount_fen} fen were paid in with this key`);
        } else if (before.channel !== channel) {
          throw new ProblemError(409, 'KEY_USED_WITH_OTHER_CHANNEL', `it was paid in by ${before.channel} with this key`);
        }
      });
      return reply.code(201).send({ id, carrierId, amountFen, channel, state: 'CONFIRMED' });
    },
  );
};

/** What a top-up was; null: it is not in the ledger. */
async function paidIn(database: Database, platformId: string, key: string): Promise<{ amount_fen: bigint; channel: string } | null> {
  const { rows } = await database.pool.query<{ amount_fen: bigint; channel: string }>({
    text: 'select amount_fen, channel from payment where platform_id = $1 and payment_id = $2',
    values: [platformId, key],
  });
  return rows[0] ?? null;
}

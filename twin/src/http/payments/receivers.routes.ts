import type { ReferenceStore } from '@corridor/actors/network/reference-store';
import { IdText } from '@corridor/protocols/ids';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { type Database, inTransaction } from '../../db/db.ts';
import type { PaymentSide } from '../../rail/payment-side.ts';
import { receiverOf, saveReceiver } from '../../rail/payouts.queries.ts';
import { endReceiverDraft, receiverDraft, saveReceiverDraft } from '../../rail/receiver-drafts.queries.ts';
import { noteAct } from '../../settlement/settlement-audit.ts';
import { requireOperator } from '../caller.ts';
import { notFound, ProblemError } from '../problem.ts';
import { asProblem } from './payment-problem.ts';

const Receiver = Type.Object(
  {
    principalId: IdText('whose account'),
    account: Type.String({ minLength: 1, maxLength: 64, pattern: '^[\\w-]+$', description: 'merchant number at the payment rail' }),
    name: Type.String({ minLength: 1, maxLength: 128, description: 'as the rail knows it; sent to it encrypted' }),
  },
  { additionalProperties: false },
);

export interface ReceiversRoutesOptions {
  database: Database;
  platformId: string;
  reference: ReferenceStore;
  railOf: () => PaymentSide;
  /** Scope time, RFC 3339. */
  nowText: () => string;
}

/** Where principals are paid out: said by one person of the platform, in force when another has approved it. */
export const receiversRoutes: FastifyPluginAsyncTypebox<ReceiversRoutesOptions> = async (app, options) => {
  const { database, platformId, reference, railOf, nowText } = options;
  const about = (principalId: string, by: string) => ({ at: nowText(), by, entityKind: 'principal', entityId: principalId }) as const;
  app.put(
    '/payments/receivers',
    {
      schema: {
        tags: ['money'],
        summary: 'Drafts where a principal is paid out at the rail; nothing changes before another person approves it',
        body: Receiver,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { userId } = requireOperator(request);
      const { principalId, ...receiver } = request.body;
      if (reference.principal(principalId) === undefined) throw notFound('principal', principalId);
      const { channel } = railOf();
      const act = about(principalId, userId);
      await inTransaction(database, async (client) => {
        const before = await receiverOf(client, platformId, principalId, channel);
        await saveReceiverDraft(client, platformId, { principalId, channel }, { ...receiver, by: userId, at: act.at });
        await noteAct(client, platformId, { ...act, action: 'payment.receiverDraft', before, after: receiver });
      });
      return reply.code(204).send(null);
    },
  );
  app.post(
    '/payments/receivers/approve',
    {
      schema: {
        tags: ['money'],
        summary: 'Approves the account at which a principal is to be paid out, by another person than who drafted it',
        body: Type.Object({ principalId: IdText('whose account'), account: Type.String() }, { additionalProperties: false }),
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { userId } = requireOperator(request);
      const { principalId } = request.body;
      const { parts, channel } = railOf();
      const of = { principalId, channel };
      const draft = await receiverDraft(database.pool, platformId, of);
      // The account is said again, so that nobody approves another draft than the one that was looked at.
      if (draft === null || draft.account !== request.body.account) throw notFound('draft of a receiver', principalId);
      if (draft.draftedBy === userId) throw new ProblemError(403, 'SECOND_PERSON_NEEDED', 'who drafted it does not approve it');
      const { account, name } = draft;
      await asProblem(parts.introduce({ account, name }));
      await inTransaction(database, async (client) => {
        const before = await receiverOf(client, platformId, principalId, channel);
        if (!(await endReceiverDraft(client, platformId, of, draft))) throw notFound('draft of a receiver', principalId);
        await saveReceiver(client, platformId, { account, name, ...of });
        await noteAct(client, platformId, { ...about(principalId, userId), action: 'payment.receiver', before, after: { account, name } });
      });
      return reply.code(204).send(null);
    },
  );
};

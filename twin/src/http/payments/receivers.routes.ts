import type { ReferenceStore } from '@corridor/actors/network/reference-store';
import { IdText } from '@corridor/protocols/ids';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { rightsOf } from '../../projection/rights.ts';
import type { PaymentSide } from '../../rail/payment-side.ts';
import { callerOf, requireOperator } from '../caller.ts';
import { forbidden, notFound } from '../problem.ts';
import { ReasonText, reasonOf } from '../reason-text.ts';
import { asProblem } from './payment-problem.ts';

const closed = { additionalProperties: false } as const;
const Receiver = Type.Object(
  {
    principalId: IdText('whose account'),
    account: Type.String({ minLength: 1, maxLength: 64, pattern: '^[\\w-]+$', description: 'merchant number at the payment rail' }),
    name: Type.String({ minLength: 1, maxLength: 128, description: 'as the rail knows it; sent to it encrypted' }),
  },
  closed,
);
const Account = Type.Object({ account: Type.String(), name: Type.String() });
const ReceiverView = Type.Object({
  principalId: Type.String(),
  inForce: Type.Union([Account, Type.Null()]),
  draft: Type.Union([
    Type.Object({
      ...Account.properties,
      draftedBy: Type.String(),
      inForceFrom: Type.Union([Type.String(), Type.Null()], { description: 'wall time, once it is approved' }),
      isWaivable: Type.Boolean({
        description: 'its cooling time may be waived: nobody approved or refused an account of the principal before',
      }),
    }),
    Type.Null(),
  ]),
});

export interface ReceiversRoutesOptions {
  reference: ReferenceStore;
  railOf: () => PaymentSide;
}

/** Where principals are paid out: drafted by one person of the platform, approved by another, and refused by either or by whose it is. */
export const receiversRoutes: FastifyPluginAsyncTypebox<ReceiversRoutesOptions> = async (app, options) => {
  const { reference, railOf } = options;
  app.get(
    '/payments/receivers',
    {
      schema: {
        tags: ['money'],
        summary: 'Where principals are paid out, and changes of it that are not in force yet: all to the platform, to others their own',
        response: { 200: Type.Object({ items: Type.Array(ReceiverView) }) },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const rights = rightsOf(caller);
      const isOwner = 'principalId' in rights && !caller.roles.includes('DRIVER');
      if (rights.kind !== 'ALL' && !isOwner) throw forbidden('only the platform, and whose account it is, see where it is paid out');
      const found = await railOf().receivers.list(isOwner ? rights.principalId : null);
      return {
        items: found.map(({ principalId, inForce, draft }) => {
          if (draft === null) return { principalId, inForce, draft };
          const { account, name, draftedBy, effectiveAtMs, isWaivable } = draft;
          const inForceFrom = effectiveAtMs === null ? null : new Date(effectiveAtMs).toISOString();
          return { principalId, inForce, draft: { account, name, draftedBy, inForceFrom, isWaivable } };
        }),
      };
    },
  );
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
      await railOf().receivers.draft(principalId, receiver, userId);
      return reply.code(204).send(null);
    },
  );
  app.post(
    '/payments/receivers/approve',
    {
      schema: {
        tags: ['money'],
        summary:
          'Approves where a principal is to be paid out, by another person than who drafted it; it is in force after its cooling time',
        body: Type.Object(
          {
            principalId: IdText('whose account'),
            account: Type.String(),
            waiver: Type.Optional(
              ReasonText('why the first account of a principal is in force at once, for the audit log; a change is not'),
            ),
          },
          closed,
        ),
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const { userId } = requireOperator(request);
      const { principalId, account, waiver } = request.body;
      const isApproved = await asProblem(
        railOf().receivers.approve(principalId, account, { by: userId, waiver: waiver === undefined ? null : reasonOf(waiver) }),
      );
      if (!isApproved) throw notFound('draft of a receiver', principalId);
      return reply.code(204).send(null);
    },
  );
  app.post(
    '/payments/receivers/refuse',
    {
      schema: {
        tags: ['money'],
        summary: 'Ends a change of where a principal is paid out before it is in force, by the platform or by whose it is',
        body: Type.Object({ principalId: IdText('whose account') }, closed),
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { principalId } = request.body;
      const rights = rightsOf(caller);
      const isItsOwn = 'principalId' in rights && rights.principalId === principalId && !caller.roles.includes('DRIVER');
      if (rights.kind !== 'ALL' && !isItsOwn) throw forbidden('only the platform, and whose account it is, refuse a change');
      if (!(await railOf().receivers.refuse(principalId, caller.userId))) throw notFound('draft of a receiver', principalId);
      return reply.code(204).send(null);
    },
  );
};

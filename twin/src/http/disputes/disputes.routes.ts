import type { BillOf } from '@corridor/actors/settlement/correction';
import { Page } from '@corridor/protocols/http/problem';
import { IdText } from '@corridor/protocols/ids';
import { Literals } from '@corridor/protocols/literals';
import { FenText } from '@corridor/protocols/units';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import type { Database } from '../../db/db.ts';
import type { Rights } from '../../projection/rights.ts';
import { readAs } from '../../rights/read-as.ts';
import { type DisputeRow, findDispute, listDisputes } from '../../settlement/disputes.queries.ts';
import type { DisputeRefusal, DisputeResult, Disputes } from '../../settlement/disputes.ts';
import { IdParams } from '../assets/assets.routes.ts';
import { booksOf, mayRead } from '../books.ts';
import { callerOf, requireOperator, rightsOfRequest } from '../caller.ts';
import { ChargeParams } from '../charges/charge-view.ts';
import { cursorOf, LIMIT_DEFAULT, PageQuery, readCursor } from '../paging.ts';
import { forbidden, notFound, ProblemError } from '../problem.ts';
import { NOT_BLANK } from '../reason-text.ts';

const N = Type.Union([Type.String(), Type.Null()]);
const Words = (description: string) => Type.String({ pattern: NOT_BLANK, maxLength: 2_000, description });
const DisputeView = Type.Object({
  id: Type.String(),
  orderId: Type.Union([Type.String(), Type.Null()], { description: 'null: of a charge' }),
  chargeId: Type.Union([Type.String(), Type.Null()], { description: 'null: of the bill of an order' }),
  principalId: Type.String(),
  raisedBy: Type.String(),
  reason: Type.String(),
  state: Literals(['OPEN', 'UPHELD', 'DISMISSED', 'WITHDRAWN']),
  evidence: Type.Array(Type.Object({ text: Type.String(), by: Type.String(), at: Type.String() })),
  raisedAt: Type.String(),
  decidedAt: N,
  decidedBy: N,
  decision: N,
  correctionId: N,
});
const Objection = Type.Object(
  {
    reason: Words('what is wrong'),
    evidence: Type.Optional(Words('what shows it')),
    principalId: Type.Optional(IdText('party that it is raised for; for the platform only')),
  },
  { additionalProperties: false },
);
const Decision = Type.Union([
  Type.Object({ outcome: Type.Literal('DISMISSED'), decision: Words('why') }, { additionalProperties: false }),
  Type.Object(
    {
      outcome: Type.Literal('UPHELD'),
      decision: Words('why'),
      changes: Type.Array(
        Type.Object(
          { lineNo: Type.Integer({ minimum: 1, maximum: 1_000 }), deltaFen: FenText('added to the line, towards zero') },
          { additionalProperties: false },
        ),
        { minItems: 1, maxItems: 100 },
      ),
    },
    { additionalProperties: false },
  ),
]);

export interface DisputesRoutesOptions {
  database: Database;
  platformId: string;
  disputes: Disputes;
}

/** Objections to bills of orders and to charges beside them: from whom they concern, decided by the platform. */
export const disputesRoutes: FastifyPluginAsyncTypebox<DisputesRoutesOptions> = async (app, { database, platformId, disputes }) => {
  /** @throws ProblemError 404 also for what does not concern the caller */
  const visible = async (rights: Rights, id: string): Promise<DisputeRow> => {
    // Its parties: who raised it, who pays the bill, who earns from it; the database knows them.
    const row = await findDispute(readAs(database, rights), platformId, id);
    if (row === null) throw notFound('dispute', id);
    return row;
  };
  const raise = async (request: FastifyRequest, bill: BillOf, { reason, evidence, principalId }: Static<typeof Objection>) => {
    const rights = rightsOfRequest(request);
    const books = booksOf(rights, principalId);
    // A driver sees the order, and his carrier objects to it.
    if (books.of === 'NOBODY') throw bill.chargeId === null ? notFound('order', bill.orderId) : notFound('charge', bill.chargeId);
    if (books.of === 'ALL') throw new ProblemError(422, 'PARTY_MISSING', 'say for which party it is raised');
    const { userId } = callerOf(request);
    const side = rights.kind === 'ALL' ? platformId : books.principalId;
    return asView(await disputes.raise({ bill, principalId: books.principalId, side, by: userId, reason, evidence: evidence ?? null }));
  };
  app.post(
    '/orders/:id/dispute',
    {
      schema: {
        tags: ['money'],
        summary: 'Objects to the bill of an order',
        params: IdParams,
        body: Objection,
        response: { 201: DisputeView },
      },
    },
    async (request, reply) => reply.code(201).send(await raise(request, { orderId: request.params.id, chargeId: null }, request.body)),
  );
  app.post(
    '/charges/:id/dispute',
    {
      schema: {
        tags: ['money'],
        summary: 'Objects to a charge beside swaps',
        params: ChargeParams,
        body: Objection,
        response: { 201: DisputeView },
      },
    },
    async (request, reply) => reply.code(201).send(await raise(request, { orderId: null, chargeId: request.params.id }, request.body)),
  );
  app.get(
    '/disputes',
    {
      schema: {
        tags: ['money'],
        summary: 'Disputes on orders and charges of the caller, newest first',
        querystring: Type.Object({ ...PageQuery, state: Type.Optional(Literals(['OPEN', 'UPHELD', 'DISMISSED', 'WITHDRAWN'])) }),
        response: { 200: Page(DisputeView) },
      },
    },
    async (request) => {
      const rights = rightsOfRequest(request);
      const books = booksOf(rights, undefined);
      if (books.of === 'NOBODY') return { items: [], nextCursor: null };
      const limit = request.query.limit ?? LIMIT_DEFAULT;
      const rows = await listDisputes(readAs(database, rights), platformId, {
        principalId: books.of === 'ONE' ? books.principalId : null,
        state: request.query.state ?? null,
        limit: limit + 1,
        after: readCursor(request.query.cursor, 2),
      });
      const items = rows.slice(0, limit);
      const last = items.at(-1);
      return {
        items: items.map(disputeView),
        nextCursor: rows.length > limit && last ? cursorOf([last.raised_at.toISOString(), last.dispute_id]) : null,
      };
    },
  );
  app.get(
    '/disputes/:id',
    { schema: { tags: ['money'], summary: 'One dispute', params: IdParams, response: { 200: DisputeView } } },
    async (request) => disputeView(await visible(rightsOfRequest(request), request.params.id)),
  );
  app.post(
    '/disputes/:id/evidence',
    {
      schema: {
        tags: ['money'],
        summary: 'Adds to an open dispute',
        params: IdParams,
        body: Type.Object({ text: Words('what shows it') }, { additionalProperties: false }),
        response: { 200: DisputeView },
      },
    },
    async (request) => {
      const rights = rightsOfRequest(request);
      const { dispute_id } = await visible(rights, request.params.id);
      const { userId } = callerOf(request);
      const side = rights.kind === 'ALL' ? platformId : (callerOf(request).principalId ?? platformId);
      return asView(await disputes.addEvidence({ disputeId: dispute_id, side, by: userId, text: request.body.text }));
    },
  );
  app.post(
    '/disputes/:id/withdraw',
    {
      schema: {
        tags: ['money'],
        summary:
          'Gives a dispute up: by the party that it was raised for, or the person who raised it (FORBIDDEN to others, the platform too)',
        params: IdParams,
        response: { 200: DisputeView },
      },
    },
    async (request) => {
      const rights = rightsOfRequest(request);
      const { dispute_id, principal_id, raised_by } = await visible(rights, request.params.id);
      const { userId } = callerOf(request);
      // The platform sees all; one person of it does not end what a party objects to.
      const isParty = rights.kind !== 'ALL' && mayRead(rights, principal_id);
      if (!isParty && raised_by !== userId) throw forbidden('whom it was raised for, or who raised it, withdraws it');
      return asView(await disputes.end({ disputeId: dispute_id, state: 'WITHDRAWN', by: userId, decision: 'withdrawn' }));
    },
  );
  app.post(
    '/disputes/:id/decision',
    {
      schema: {
        tags: ['money'],
        summary:
          'Decides a dispute, by another person than who raised it (SECOND_PERSON_NEEDED); upheld, it corrects the bill by new entries',
        params: IdParams,
        body: Decision,
        response: { 200: DisputeView },
      },
    },
    async (request) => {
      const { userId } = requireOperator(request);
      const { body, params } = request;
      if (body.outcome === 'DISMISSED') {
        return asView(await disputes.end({ disputeId: params.id, state: 'DISMISSED', by: userId, decision: body.decision }));
      }
      const changes = body.changes.map(({ lineNo, deltaFen }) => ({ lineNo, deltaFen: BigInt(deltaFen) }));
      return asView(await disputes.uphold({ disputeId: params.id, by: userId, decision: body.decision, changes }));
    },
  );
};

const STATUS: Partial<Record<DisputeRefusal, number>> = {
  ORDER_UNKNOWN: 404,
  CHARGE_UNKNOWN: 404,
  // To whom a bill does not concern it does not exist.
  NOT_A_PARTY: 404,
  DISPUTE_UNKNOWN: 404,
  SECOND_PERSON_NEEDED: 403,
  ORDER_NOT_BILLED: 409,
  DISPUTE_EXISTS: 409,
  DISPUTE_DECIDED: 409,
  CORRECTION_EXISTS: 409,
  CARRIER_LEFT: 409,
};

function asView(result: DisputeResult) {
  if (result.ok) return disputeView(result.dispute);
  const status = STATUS[result.reason] ?? 422;
  // In the same words for what is not there and for what is another's.
  if (status === 404) throw new ProblemError(404, 'NOT_FOUND', 'there is nothing of the caller by that id');
  throw new ProblemError(status, result.reason, result.detail);
}

const disputeView = (row: DisputeRow) => ({
  id: row.dispute_id,
  orderId: row.order_id,
  chargeId: row.charge_id,
  principalId: row.principal_id,
  raisedBy: row.raised_by,
  reason: row.reason,
  state: row.state,
  evidence: row.evidence.map(({ text, by, at }) => ({ text, by, at })),
  raisedAt: row.raised_at.toISOString(),
  decidedAt: row.decided_at?.toISOString() ?? null,
  decidedBy: row.decided_by,
  decision: row.decision,
  correctionId: row.correction_id,
});

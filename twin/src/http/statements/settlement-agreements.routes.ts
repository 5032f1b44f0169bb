import type { ReferenceStore } from '@corridor/actors/network/reference-store';
import { SettlementAgreement } from '@corridor/protocols/agreement/settlement-agreement';
import { IdText } from '@corridor/protocols/ids';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Database } from '../../db/db.ts';
import { readAs } from '../../rights/read-as.ts';
import type { AgreementRow } from '../../settlement/agreements.queries.ts';
import { type SettlementAgreementAnswer, SettlementAgreementDesk } from '../../settlement/settlement-agreement-desk.ts';
import type { SettlementSide } from '../../settlement/settlement-side.ts';
import { agreeingOf } from '../agreements/agreeing.ts';
import { agreementProblem } from '../agreements/agreement-problem.ts';
import { IdParams } from '../assets/assets.routes.ts';
import { booksOf } from '../books.ts';
import { rightsOfRequest } from '../caller.ts';

const N = Type.Union([Type.String(), Type.Null()]);
const AgreementView = Type.Object({
  id: Type.String(),
  state: Type.String(),
  agreement: SettlementAgreement,
  parties: Type.Array(Type.String(), { description: 'who has to approve' }),
  approvals: Type.Array(Type.Object({ principalId: Type.String(), userId: Type.String(), at: Type.String() })),
  draftedBy: Type.String(),
  draftedAt: Type.String(),
  approvedBy: N,
  approvedAt: N,
});

export interface SettlementAgreementsRoutesOptions {
  database: Database;
  platformId: string;
  reference: ReferenceStore;
  settlement: SettlementSide;
  scopeNowMs: () => number;
}

/** Who is settled when, and shares with whom: drafted by one person, approved by another of each party, in force from its day. */
export const settlementAgreementsRoutes: FastifyPluginAsyncTypebox<SettlementAgreementsRoutesOptions> = async (app, options) => {
  const { database } = options;
  const desk = new SettlementAgreementDesk(options);
  const agreeing = (request: FastifyRequest) => agreeingOf(request, options);
  app.get(
    '/settlement-agreements',
    {
      schema: {
        tags: ['money'],
        summary: 'Settlement agreements that the caller is a party of, all versions',
        querystring: Type.Object({ principalId: Type.Optional(IdText('a party; for the platform only')) }),
        response: { 200: Type.Object({ items: Type.Array(AgreementView) }) },
      },
    },
    async (request) => {
      const rights = rightsOfRequest(request);
      const books = booksOf(rights, request.query.principalId);
      if (books.of === 'NOBODY') return { items: [] };
      const rows = await desk.list(readAs(database, rights), books.of === 'ONE' ? books.principalId : null);
      return { items: rows.map(agreementView) };
    },
  );
  app.post(
    '/settlement-agreements',
    {
      schema: { tags: ['money'], summary: 'Drafts a version', body: SettlementAgreement, response: { 201: AgreementView } },
    },
    async (request, reply) => reply.code(201).send(told(await desk.draft(request.body, agreeing(request)))),
  );
  app.post(
    '/settlement-agreements/:id/approve',
    {
      schema: {
        tags: ['money'],
        summary: 'Approves a draft of somebody else, for the party of the caller; with the last party it is agreed',
        params: IdParams,
        response: { 200: AgreementView },
      },
    },
    async (request) => told(await desk.approve(request.params.id, agreeing(request))),
  );
  app.post(
    '/settlement-agreements/:id/withdraw',
    {
      schema: { tags: ['money'], summary: 'Withdraws a version that is not in force', params: IdParams, response: { 200: AgreementView } },
    },
    async (request) => told(await desk.withdraw(request.params.id, agreeing(request))),
  );
};

/** @throws ProblemError with the code of the refusal */
function told(answer: SettlementAgreementAnswer) {
  if (answer.ok) return agreementView(answer.row);
  throw agreementProblem(answer);
}

const agreementView = (row: AgreementRow) => ({
  id: row.agreement_id,
  state: row.state,
  agreement: row.definition,
  parties: row.party_ids,
  approvals: row.approvals,
  draftedBy: row.drafted_by,
  draftedAt: row.drafted_at.toISOString(),
  approvedBy: row.approved_by,
  approvedAt: row.approved_at?.toISOString() ?? null,
});

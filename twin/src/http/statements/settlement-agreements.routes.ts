import type { ReferenceStore } from '@corridor/actors/network/reference-store';
import { playerRefusal } from '@corridor/actors/settlement/player-refusal';
import { localDateOf } from '@corridor/actors/tariff/local-time';
import { BELOW_ZERO_DEFAULT, SettlementAgreement } from '@corridor/protocols/agreement/settlement-agreement';
import { IdText } from '@corridor/protocols/ids';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { type Database, type Db, inTransaction } from '../../db/db.ts';
import { readAs } from '../../rights/read-as.ts';
import {
  type AgreementRow,
  approveAgreement,
  draftAgreement,
  findAgreement,
  listAgreements,
  withdrawAgreement,
} from '../../settlement/agreements.queries.ts';
import { noteAct } from '../../settlement/settlement-audit.ts';
import { IdParams } from '../assets/assets.routes.ts';
import { booksOf } from '../books.ts';
import { requireOperator, rightsOfRequest } from '../caller.ts';
import { notFound, ProblemError } from '../problem.ts';

const N = Type.Union([Type.String(), Type.Null()]);
const AgreementView = Type.Object({
  id: Type.String(),
  state: Type.String(),
  agreement: SettlementAgreement,
  draftedBy: Type.String(),
  draftedAt: Type.String(),
  approvedBy: N,
  approvedAt: N,
});

export interface SettlementAgreementsRoutesOptions {
  database: Database;
  platformId: string;
  reference: ReferenceStore;
  scopeNowMs: () => number;
}

/** Who is settled when, and shares with whom: drafted by one person, approved by another, in force from its date. */
export const settlementAgreementsRoutes: FastifyPluginAsyncTypebox<SettlementAgreementsRoutesOptions> = async (app, options) => {
  const { database, platformId, reference, scopeNowMs } = options;
  const nowText = () => new Date(scopeNowMs()).toISOString();
  /** The act and its entry in the audit log, both or neither. @returns what the act returned */
  const audited = (
    act: { by: string; action: 'settlementAgreement.draft' | 'settlementAgreement.approve' | 'settlementAgreement.withdraw' },
    { id, principalId, before, after }: { id: string; principalId: string; before: string | null; after: object },
    work: (db: Db, at: string) => Promise<boolean>,
  ): Promise<boolean> =>
    inTransaction(database, async (client) => {
      const at = nowText();
      const isDone = await work(client, at);
      const state = before === null ? null : { agreementId: id, state: before };
      const entity = { entityKind: 'principal', entityId: principalId } as const;
      if (isDone) await noteAct(client, platformId, { ...act, ...entity, at, before: state, after: { agreementId: id, ...after } });
      return isDone;
    });
  const view = async (id: string) => {
    const row = await findAgreement(database.pool, platformId, id);
    if (row === null) throw notFound('settlement agreement', id);
    return agreementView(row);
  };
  app.get(
    '/settlement-agreements',
    {
      schema: {
        tags: ['money'],
        summary: "The caller's settlement agreements, all versions",
        querystring: Type.Object({ principalId: Type.Optional(IdText('whose; for the platform only')) }),
        response: { 200: Type.Object({ items: Type.Array(AgreementView) }) },
      },
    },
    async (request) => {
      const rights = rightsOfRequest(request);
      const books = booksOf(rights, request.query.principalId);
      if (books.of === 'NOBODY') return { items: [] };
      const rows = await listAgreements(readAs(database, rights), platformId, books.of === 'ONE' ? books.principalId : null);
      return { items: rows.map(agreementView) };
    },
  );
  app.post(
    '/settlement-agreements',
    {
      schema: { tags: ['money'], summary: 'Drafts a version', body: SettlementAgreement, response: { 201: AgreementView } },
    },
    async (request, reply) => {
      const { userId } = requireOperator(request);
      assertPossible(reference, request.body);
      // What is not said is written down, so that the second person approves it too.
      const agreement = { ...request.body, belowZero: request.body.belowZero ?? BELOW_ZERO_DEFAULT };
      const { id, principalId } = agreement;
      const said = { id, principalId, before: null, after: { state: 'DRAFT', agreement } };
      const isNew = await audited({ by: userId, action: 'settlementAgreement.draft' }, said, (db, at) =>
        draftAgreement(db, platformId, agreement, userId, at),
      );
      if (!isNew) {
        throw new ProblemError(409, 'AGREEMENT_EXISTS', `there is an agreement ${request.body.id}: a new version has an id of its own`);
      }
      return reply.code(201).send(await view(request.body.id));
    },
  );
  app.post(
    '/settlement-agreements/:id/approve',
    { schema: { tags: ['money'], summary: 'Approves a draft of somebody else', params: IdParams, response: { 200: AgreementView } } },
    async (request) => {
      const { userId } = requireOperator(request);
      const { id } = request.params;
      const draft = await findAgreement(database.pool, platformId, id);
      if (draft === null) throw notFound('settlement agreement', id);
      if (draft.drafted_by === userId) throw new ProblemError(403, 'SECOND_PERSON_NEEDED', 'who drafted it does not approve it');
      // Somebody may have left since it was drafted, and a draft of before may say what is refused now.
      assertPossible(reference, draft.definition);
      // What is closed was settled by the version then in force.
      if (draft.definition.effectiveFrom < localDateOf(scopeNowMs())) {
        throw new ProblemError(422, 'EFFECTIVE_IN_PAST', `it would be in force from ${draft.definition.effectiveFrom}`);
      }
      const others = await listAgreements(database.pool, platformId, draft.principal_id);
      if (others.some(({ state, definition }) => state === 'APPROVED' && definition.effectiveFrom === draft.definition.effectiveFrom)) {
        throw new ProblemError(409, 'VERSION_EXISTS', `another version is in force from ${draft.definition.effectiveFrom}`);
      }
      const said = { id, principalId: draft.principal_id, before: draft.state, after: { state: 'APPROVED' } };
      const isApproved = await audited({ by: userId, action: 'settlementAgreement.approve' }, said, (db, at) =>
        approveAgreement(db, platformId, id, userId, at),
      );
      if (!isApproved) {
        throw new ProblemError(409, 'NOT_A_DRAFT', `${id} is ${draft.state}`);
      }
      return view(id);
    },
  );
  app.post(
    '/settlement-agreements/:id/withdraw',
    {
      schema: { tags: ['money'], summary: 'Withdraws a version that is not in force', params: IdParams, response: { 200: AgreementView } },
    },
    async (request) => {
      const { userId } = requireOperator(request);
      const { id } = request.params;
      const found = await view(id);
      const said = { id, principalId: found.agreement.principalId, before: found.state, after: { state: 'WITHDRAWN' } };
      const isWithdrawn = await audited({ by: userId, action: 'settlementAgreement.withdraw' }, said, (db) =>
        withdrawAgreement(db, platformId, id, localDateOf(scopeNowMs())),
      );
      if (!isWithdrawn) {
        throw new ProblemError(409, 'IN_FORCE', `${id} is ${found.state}, from ${found.agreement.effectiveFrom}`);
      }
      return view(id);
    },
  );
};

/** @throws ProblemError 422: somebody has no income to be settled or paid into, or players are not each their own */
function assertPossible(reference: ReferenceStore, { principalId, partners }: SettlementAgreement): void {
  const refused = playerRefusal(partners);
  if (refused !== null) throw new ProblemError(422, refused.code, refused.detail);
  const payees = partners.flatMap((rule) => (rule.kind === 'SHAPLEY' ? rule.players.map(({ partnerId }) => partnerId) : [rule.partnerId]));
  for (const id of [...(partners.length === 0 ? [] : [principalId]), ...payees]) {
    const kind = reference.principal(id)?.kind;
    if (kind === undefined) throw new ProblemError(422, 'PRINCIPAL_UNKNOWN', `there is no principal ${id}`);
    if (kind === 'CARRIER')
      throw new ProblemError(422, 'NO_INCOME_ACCOUNT', `${id} is a carrier: it has no income to share, and no account for one`);
  }
  if (reference.principal(principalId) === undefined)
    throw new ProblemError(422, 'PRINCIPAL_UNKNOWN', `there is no principal ${principalId}`);
}

const agreementView = (row: AgreementRow) => ({
  id: row.agreement_id,
  state: row.state,
  agreement: row.definition,
  draftedBy: row.drafted_by,
  draftedAt: row.drafted_at.toISOString(),
  approvedBy: row.approved_by,
  approvedAt: row.approved_at?.toISOString() ?? null,
});

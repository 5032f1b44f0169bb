import type { Agreement, AgreementKind } from '@corridor/actors/agreement/agreement';
import type { ReferenceStore } from '@corridor/actors/network/reference-store';
import { Page } from '@corridor/protocols/http/problem';
import { IdText } from '@corridor/protocols/ids';
import { Alliance, BatteryRate, Contract, StationRate, TimeOfUseTariff } from '@corridor/protocols/network-file';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { type TObject, type TSchema, Type } from 'typebox';
import { type AgreementAnswer, AgreementDesk } from '../../agreements/agreement-desk.ts';
import { type AgreementRow, findAgreement, listAgreements } from '../../agreements/agreements.queries.ts';
import type { Database } from '../../db/db.ts';
import { readAs } from '../../rights/read-as.ts';
import type { Writer } from '../../writer/writer.ts';
import { IdParams } from '../assets/assets.routes.ts';
import { rightsOfRequest } from '../caller.ts';
import { cursorOf, LIMIT_DEFAULT, PageQuery, readCursor } from '../paging.ts';
import { notFound } from '../problem.ts';
import { NOT_BLANK } from '../reason-text.ts';
import { agreeingOf } from './agreeing.ts';
import { agreementProblem } from './agreement-problem.ts';

const withArticle = (noun: string): string => `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;

const COLLECTIONS: readonly { path: string; kind: AgreementKind; what: string; subject: string; schema: TObject }[] = [
  { path: 'tariffs', kind: 'TIME_OF_USE', what: 'tariff', subject: 'grid region, or station', schema: TimeOfUseTariff },
  { path: 'station-rates', kind: 'STATION_RATE', what: 'station rate', subject: 'station', schema: StationRate },
  { path: 'battery-rates', kind: 'BATTERY_RATE', what: 'battery rate', subject: 'owner, or pack', schema: BatteryRate },
  { path: 'contracts', kind: 'CONTRACT', what: 'contract', subject: 'carrier', schema: Contract },
  { path: 'alliances', kind: 'ALLIANCE', what: 'alliance', subject: 'alliance', schema: Alliance },
];
const STATES = ['DRAFT', 'APPROVED', 'ENDED', 'WITHDRAWN'] as const;
const N = Type.Union([Type.String(), Type.Null()]);
const viewOf = <T extends TSchema>(definition: T) =>
  Type.Object({
    id: Type.String(),
    state: Type.Enum([...STATES]),
    beginsOn: Type.Union([Type.String(), Type.Null()], { description: 'first local day; null: from its approval' }),
    definition,
    parties: Type.Array(Type.String(), { description: 'who has to approve' }),
    approvals: Type.Array(Type.Object({ principalId: Type.String(), userId: Type.String(), at: Type.String() })),
    draftedBy: N,
    draftedAt: Type.String(),
    approvedAt: N,
    withdrawnAt: N,
    withdrawnBy: N,
  });
const Note = Type.Object(
  { note: Type.String({ pattern: NOT_BLANK, maxLength: 400, description: 'why, for the audit log' }) },
  { additionalProperties: false },
);

export interface AgreementsRoutesOptions {
  database: Database;
  platformId: string;
  reference: ReferenceStore;
  writer: Writer;
  scopeNowMs: () => number;
}

/** Tariffs, rates, contracts and alliances: drafted by one person, approved by another of each party, in force from their date. */
export const agreementsRoutes: FastifyPluginAsyncTypebox<AgreementsRoutesOptions> = async (app, options) => {
  const desk = new AgreementDesk(options);
  for (const collection of COLLECTIONS) await app.register(collectionRoutes, { ...options, desk, collection });
};

interface CollectionOptions extends AgreementsRoutesOptions {
  desk: AgreementDesk;
  collection: (typeof COLLECTIONS)[number];
}

const collectionRoutes: FastifyPluginAsyncTypebox<CollectionOptions> = async (app, { database, platformId, desk, collection }) => {
  const { path, kind, what, subject, schema } = collection;
  const tags = ['agreements'];
  const View = viewOf(schema);
  const agreeing = (request: FastifyRequest) => agreeingOf(request, { database, platformId });
  app.get(
    `/${path}`,
    {
      schema: {
        tags,
        summary: `Every version of each ${what} that the caller may see`,
        querystring: Type.Object({
          ...PageQuery,
          subjectId: Type.Optional(IdText(subject)),
          state: Type.Optional(Type.Enum([...STATES])),
        }),
        response: { 200: Page(View) },
      },
    },
    async (request) => {
      const { subjectId = null, state = null, cursor, limit = LIMIT_DEFAULT } = request.query;
      const after = readCursor(cursor, 1)?.[0] ?? null;
      const rows = await listAgreements(readAs(database, rightsOfRequest(request)), platformId, {
        kind,
        subjectId,
        state,
        after,
        limit: limit + 1,
      });
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      return { items: page.map(view), nextCursor: rows.length > limit && last ? cursorOf([last.agreement_id]) : null };
    },
  );
  app.get(
    `/${path}/:id`,
    { schema: { tags, summary: `One ${what}, with who agreed`, params: IdParams, response: { 200: View } } },
    async (request) => {
      const row = await findAgreement(readAs(database, rightsOfRequest(request)), platformId, kind, request.params.id);
      if (row === null) throw notFound(what, request.params.id);
      return view(row);
    },
  );
  app.post(
    `/${path}`,
    { schema: { tags, summary: `Drafts ${withArticle(what)}`, body: schema, response: { 201: View } } },
    async (request, reply) => {
      // The body was checked against the schema of its kind.
      const agreement = { kind, definition: request.body } as Agreement;
      return reply.code(201).send(told(await desk.draft(agreement, agreeing(request))));
    },
  );
  app.post(
    `/${path}/:id/approve`,
    {
      schema: {
        tags,
        summary: `Approves ${withArticle(what)} that somebody else drafted, for the party of the caller; with the last party it is agreed`,
        params: IdParams,
        response: { 200: View },
      },
    },
    async (request) => told(await desk.approve(kind, request.params.id, agreeing(request))),
  );
  app.post(
    `/${path}/:id/withdraw`,
    {
      schema: {
        tags,
        summary: `Withdraws ${withArticle(what)} that is not in force`,
        params: IdParams,
        body: Note,
        response: { 200: View },
      },
    },
    async (request) => told(await desk.withdraw(kind, request.params.id, { ...agreeing(request), note: request.body.note })),
  );
};

/** @throws ProblemError with the code of the refusal */
function told(answer: AgreementAnswer) {
  if (answer.ok) return view(answer.row);
  throw agreementProblem(answer);
}

const view = (row: AgreementRow) => ({
  id: row.agreement_id,
  state: row.state,
  beginsOn: row.begins_on,
  definition: row.definition,
  parties: row.party_ids,
  approvals: row.approvals,
  draftedBy: row.drafted_by,
  draftedAt: row.drafted_at.toISOString(),
  approvedAt: row.approved_at?.toISOString() ?? null,
  withdrawnAt: row.withdrawn_at?.toISOString() ?? null,
  withdrawnBy: row.withdrawn_by,
});

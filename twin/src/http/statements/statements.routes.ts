import type { ReferenceStore } from '@corridor/actors/network/reference-store';
import { Page } from '@corridor/protocols/http/problem';
import { IdText } from '@corridor/protocols/ids';
import { Literals } from '@corridor/protocols/literals';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Database } from '../../db/db.ts';
import type { Rights } from '../../projection/rights.ts';
import { readAs } from '../../rights/read-as.ts';
import type { SettlementSide } from '../../settlement/settlement-side.ts';
import type { StatementContent } from '../../settlement/statement-content.ts';
import { statementCsv } from '../../settlement/statement-csv.ts';
import { statementPage } from '../../settlement/statement-page.ts';
import { contentOf, findStatement, lastStatement, listStatements, type StatementRow } from '../../settlement/statements.queries.ts';
import { IdParams } from '../assets/assets.routes.ts';
import { booksOf, mayRead } from '../books.ts';
import { requireOperator, rightsOfRequest } from '../caller.ts';
import { cursorOf, LIMIT_DEFAULT, PageQuery, readCursor } from '../paging.ts';
import { notFound, ProblemError } from '../problem.ts';

const N = Type.Union([Type.String(), Type.Null()]);
const StatementView = Type.Object({
  id: Type.String(),
  principalId: Type.String(),
  period: Type.String(),
  from: Type.String(),
  until: Type.String(),
  payableAt: Type.String(),
  state: Literals(['FROZEN', 'PAID', 'CARRIED', 'DUE']),
  currency: Type.Literal('CNY'),
  totalFen: Type.String({ description: 'what is paid for it; negative: carried into the next, or due, as was agreed' }),
  contentHash: Type.String({ description: 'SHA-256 of the canonical JSON of the content' }),
  agreementId: N,
  frozenAt: Type.String(),
  paidAt: N,
});

export interface StatementsRoutesOptions {
  database: Database;
  platformId: string;
  reference: ReferenceStore;
  settlement: SettlementSide;
}

/** Statements of closed periods, to their principals, in the forms that people and programs read. */
export const statementsRoutes: FastifyPluginAsyncTypebox<StatementsRoutesOptions> = async (app, options) => {
  const { database, platformId, reference, settlement } = options;
  /** @throws ProblemError 404 also for what is another's */
  const readable = async (rights: Rights, id: string): Promise<{ row: StatementRow; content: StatementContent }> => {
    const db = readAs(database, rights);
    const row = await findStatement(db, platformId, id);
    if (row === null || !mayRead(rights, row.principal_id)) throw notFound('statement', id);
    const content = await contentOf(db, platformId, id);
    if (content === null) throw notFound('statement', id);
    return { row, content };
  };
  app.get(
    '/statements',
    {
      schema: {
        tags: ['money'],
        summary: 'Statements, newest first',
        querystring: Type.Object({ ...PageQuery, principalId: Type.Optional(IdText('whose; for the platform only')) }),
        response: { 200: Page(StatementView) },
      },
    },
    async (request) => {
      const rights = rightsOfRequest(request);
      const books = booksOf(rights, request.query.principalId);
      if (books.of === 'NOBODY') return { items: [], nextCursor: null };
      const limit = request.query.limit ?? LIMIT_DEFAULT;
      const principalId = books.of === 'ONE' ? books.principalId : null;
      const after = readCursor(request.query.cursor, 2);
      const rows = await listStatements(readAs(database, rights), platformId, { principalId, limit: limit + 1, after });
      const items = rows.slice(0, limit);
      const last = items.at(-1);
      const nextCursor = rows.length > limit && last ? cursorOf([last.period_until.toISOString(), last.statement_id]) : null;
      return { items: items.map(statementView), nextCursor };
    },
  );
  app.post(
    '/statements',
    {
      schema: {
        tags: ['money'],
        summary: 'Closes the ended periods of a principal now, as the clock would; those that are closed stay as they are',
        body: Type.Object({ principalId: IdText('whose') }, { additionalProperties: false }),
        response: { 200: Type.Object({ closed: Type.Integer(), last: Type.Union([StatementView, Type.Null()]) }) },
      },
    },
    async (request) => {
      requireOperator(request);
      const principal = reference.principal(request.body.principalId);
      if (principal === undefined) throw notFound('principal', request.body.principalId);
      const closed = await settlement.closePeriodsOf(principal, { byHand: true });
      const last = await lastStatement(database.pool, platformId, principal.id);
      if (closed === 0 && last === null) throw new ProblemError(409, 'PERIOD_OPEN', `no period of ${principal.id} has ended yet`);
      return { closed, last: last === null ? null : statementView(last) };
    },
  );
  app.get(
    '/statements/:id',
    {
      schema: {
        tags: ['money'],
        summary: 'A statement with all that is on it',
        params: IdParams,
        response: { 200: Type.Intersect([StatementView, Type.Object({ content: Type.Unsafe<StatementContent>(Type.Object({})) })]) },
      },
    },
    async (request) => {
      const { row, content } = await readable(rightsOfRequest(request), request.params.id);
      return { ...statementView(row), content };
    },
  );
  app.get(
    '/statements/:id/csv',
    { schema: { tags: ['money'], summary: 'A statement as CSV', params: IdParams, produces: ['text/csv'] } },
    async (request, reply) => {
      const { row, content } = await readable(rightsOfRequest(request), request.params.id);
      reply.header('content-disposition', `attachment; filename="statement-${row.statement_id}.csv"`);
      return reply.type('text/csv; charset=utf-8').serializer(String).send(statementCsv(content));
    },
  );
  app.get(
    '/statements/:id/page',
    {
      schema: {
        tags: ['money'],
        summary: 'A statement to print',
        params: IdParams,
        querystring: Type.Object({ lang: Type.Optional(Literals(['zh', 'en'])) }),
        produces: ['text/html'],
      },
    },
    async (request, reply) => {
      const { row, content } = await readable(rightsOfRequest(request), request.params.id);
      const page = statementPage(content, row.content_hash, request.query.lang ?? 'zh');
      return reply.type('text/html; charset=utf-8').serializer(String).send(page);
    },
  );
};

const statementView = (row: StatementRow) => ({
  id: row.statement_id,
  principalId: row.principal_id,
  period: row.period,
  from: row.period_from.toISOString(),
  until: row.period_until.toISOString(),
  payableAt: row.payable_at.toISOString(),
  state: row.state,
  currency: 'CNY' as const,
  totalFen: row.total_fen.toString(),
  contentHash: row.content_hash,
  agreementId: row.agreement_id,
  frozenAt: row.frozen_at.toISOString(),
  paidAt: row.paid_at?.toISOString() ?? null,
});

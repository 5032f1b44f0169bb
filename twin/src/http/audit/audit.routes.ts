import { Page } from '@corridor/protocols/http/problem';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Database } from '../../db/db.ts';
import { readAs } from '../../rights/read-as.ts';
import { AUDIT_OUTCOMES, AUDITED_KINDS } from '../../writer/intent-audit.ts';
import { rightsOfRequest } from '../caller.ts';
import { CHARGE_ID_PATTERN } from '../charges/charge-view.ts';
import { cursorOf, LIMIT_DEFAULT, PageQuery, readCursor } from '../paging.ts';

const AuditView = Type.Object({
  no: Type.String(),
  at: Type.String({ description: 'scope time' }),
  userId: Type.String({ description: 'subject of the token' }),
  action: Type.String(),
  entityKind: Type.String(),
  entityId: Type.String(),
  before: Type.Unknown({ description: 'how it stood' }),
  after: Type.Unknown({ description: 'what was asked' }),
  outcome: Type.Union([Type.Enum([...AUDIT_OUTCOMES]), Type.Null()], { description: 'null: of an entry from before this was noted' }),
  code: Type.Union([Type.String(), Type.Null()], { description: 'the answer: DONE, or why it was refused, PLACE_TAKEN' }),
  requestId: Type.Union([Type.String(), Type.Null()], { description: 'key of the request, made up by the caller' }),
});
const AuditQuery = Type.Object({
  ...PageQuery,
  entityKind: Type.Optional(Type.Enum([...AUDITED_KINDS])),
  entityId: Type.Optional(Type.String({ pattern: CHARGE_ID_PATTERN })),
});

interface AuditRow {
  [column: string]: unknown;
  audit_no: bigint;
  at: Date;
  user_id: string;
  action: string;
  entity_kind: string;
  entity_id: string;
  before: unknown;
  after: unknown;
  outcome: (typeof AUDIT_OUTCOMES)[number] | null;
  code: string | null;
  request_id: string | null;
}

/** Who did what to one's assets, orders and money. Whose an entry is, is decided by the database: by the owner of the thing at that time. */
export const auditRoutes: FastifyPluginAsyncTypebox<{ database: Database; platformId: string }> = async (app, { database, platformId }) => {
  app.get(
    '/audit',
    {
      schema: {
        tags: ['operations'],
        summary: 'What people did to what is the caller’s, and what they were refused, newest first',
        querystring: AuditQuery,
        response: { 200: Page(AuditView) },
      },
    },
    async (request) => {
      const { entityKind, entityId, cursor } = request.query;
      const limit = request.query.limit ?? LIMIT_DEFAULT;
      const { rows } = await readAs(database, rightsOfRequest(request)).query<AuditRow>({
        text: `select audit_no, at, user_id, action, entity_kind, entity_id, before, after, outcome, code, request_id from audit_log
                where platform_id = $1 and ($2::text is null or entity_kind = $2) and ($3::text is null or entity_id = $3)
                  and ($4::bigint is null or audit_no < $4::bigint)
                order by audit_no desc limit $5`,
        values: [platformId, entityKind ?? null, entityId ?? null, readCursor(cursor, 1)?.[0] ?? null, limit + 1],
      });
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      return {
        items: page.map((row) => ({
          no: row.audit_no.toString(),
          at: row.at.toISOString(),
          userId: row.user_id,
          action: row.action,
          entityKind: row.entity_kind,
          entityId: row.entity_id,
          before: row.before,
          after: row.after,
          outcome: row.outcome,
          code: row.code,
          requestId: row.request_id,
        })),
        nextCursor: rows.length > limit && last ? cursorOf([last.audit_no.toString()]) : null,
      };
    },
  );
};

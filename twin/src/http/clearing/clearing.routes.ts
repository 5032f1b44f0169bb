import { Page } from '@corridor/protocols/http/problem';
import { IdText } from '@corridor/protocols/ids';
import { Timestamp } from '@corridor/protocols/units';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Database } from '../../db/db.ts';
import { readAs } from '../../rights/read-as.ts';
import { booksOf } from '../books.ts';
import { rightsOfRequest } from '../caller.ts';
import { cursorOf, LIMIT_DEFAULT, PageQuery, readCursor } from '../paging.ts';
import { type ClearingRow, listClearing } from './clearing.queries.ts';

const ClearingView = Type.Object({
  orderId: Type.String(),
  correctionId: Type.Union([Type.String(), Type.Null()], { description: 'null: the share in the bill itself' }),
  principalId: Type.String(),
  role: Type.String({ description: '`CARRIER`: who paid; its amounts are below zero' }),
  stationId: Type.String(),
  at: Type.String(),
  currency: Type.Literal('CNY'),
  grossFen: Type.String(),
  commissionFen: Type.String(),
  netFen: Type.String(),
  lines: Type.Array(
    Type.Object({ lineNo: Type.Integer(), component: Type.String(), amountFen: Type.String(), taxRateBasisPoints: Type.Integer() }),
    { description: 'of the principal: what the gross is made of; of a carrier the whole bill' },
  ),
});

export interface ClearingRoutesOptions {
  database: Database;
  platformId: string;
}

/** First clearing and its corrections: everybody sees their own shares, a carrier its expense, and what they are made of. */
export const clearingRoutes: FastifyPluginAsyncTypebox<ClearingRoutesOptions> = async (app, { database, platformId }) => {
  app.get(
    '/clearing',
    {
      schema: {
        tags: ['money'],
        summary: "The caller's shares in orders, newest first",
        querystring: Type.Object({
          ...PageQuery,
          principalId: Type.Optional(IdText('whose; for the platform only')),
          from: Type.Optional(Timestamp('included')),
          until: Type.Optional(Timestamp('not included')),
        }),
        response: { 200: Page(ClearingView) },
      },
    },
    async (request) => {
      const { query } = request;
      const rights = rightsOfRequest(request);
      const books = booksOf(rights, query.principalId);
      if (books.of === 'NOBODY') return { items: [], nextCursor: null };
      const limit = query.limit ?? LIMIT_DEFAULT;
      const rows = await listClearing(readAs(database, rights), platformId, {
        principalId: books.of === 'ONE' ? books.principalId : null,
        from: query.from ?? null,
        until: query.until ?? null,
        limit: limit + 1,
        after: readCursor(query.cursor, 5),
      });
      const items = rows.slice(0, limit);
      const last = items.at(-1);
      const nextCursor =
        rows.length > limit && last
          ? cursorOf([last.at.toISOString(), last.order_id, last.correction_id, last.principal_id, last.role])
          : null;
      return { items: items.map(clearingView), nextCursor };
    },
  );
};

const clearingView = (row: ClearingRow) => ({
  orderId: row.order_id,
  correctionId: row.correction_id === '' ? null : row.correction_id,
  principalId: row.principal_id,
  role: row.role,
  stationId: row.station_id,
  at: row.at.toISOString(),
  currency: 'CNY' as const,
  grossFen: row.gross_fen.toString(),
  commissionFen: row.commission_fen.toString(),
  netFen: row.net_fen.toString(),
  lines: [...row.lines],
});

import { CHARGE_KINDS } from '@corridor/actors/charge/charge';
import { Page } from '@corridor/protocols/http/problem';
import { IdText } from '@corridor/protocols/ids';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Database } from '../../db/db.ts';
import { readAs } from '../../rights/read-as.ts';
import { rightsOfRequest } from '../caller.ts';
import { cursorOf, LIMIT_DEFAULT, PageQuery, readCursor } from '../paging.ts';
import { notFound } from '../problem.ts';
import { ChargeParams, ChargeView } from './charge-view.ts';
import { findCharge, listCharges } from './charges.queries.ts';

/** Bills beside those of swaps: rents by the month and penalties. Whose lines a caller sees, the database decides. */
export const chargesRoutes: FastifyPluginAsyncTypebox<{ database: Database; platformId: string }> = async (
  app,
  { database, platformId },
) => {
  app.get(
    '/charges',
    {
      schema: {
        tags: ['money'],
        summary: 'Rents and penalties: whole to who pays them, own lines to who is paid, newest first',
        querystring: Type.Object({
          ...PageQuery,
          kind: Type.Optional(Type.Enum([...CHARGE_KINDS])),
          orderId: Type.Optional(IdText('order that it is about')),
        }),
        response: { 200: Page(ChargeView) },
      },
    },
    async (request) => {
      const { kind = null, orderId = null, cursor, limit = LIMIT_DEFAULT } = request.query;
      const db = readAs(database, rightsOfRequest(request));
      const found = await listCharges(db, platformId, { kind, orderId, limit: limit + 1, after: readCursor(cursor, 2) });
      const page = found.slice(0, limit);
      const last = page.at(-1);
      return { items: page, nextCursor: found.length > limit && last ? cursorOf([last.bookedAt, last.id]) : null };
    },
  );
  app.get(
    '/charges/:id',
    {
      schema: {
        tags: ['money'],
        summary: 'One charge: whole to who pays it, own lines to who is paid',
        params: ChargeParams,
        response: { 200: ChargeView },
      },
    },
    async (request) => {
      const { id } = request.params;
      const charge = await findCharge(readAs(database, rightsOfRequest(request)), platformId, id);
      if (charge === null) throw notFound('charge', id);
      return charge;
    },
  );
};

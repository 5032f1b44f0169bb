import { createReadStream, type ReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Bundle } from '@corridor/protocols/http/bundle';
import { Timestamp } from '@corridor/protocols/units';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { BundleScope } from '../../bundle/bundle-party.ts';
import { principalKindOf, writeBundle } from '../../bundle/write-bundle.ts';
import type { Database } from '../../db/db.ts';
import { callerOf, rightsOfRequest } from '../caller.ts';
import { forbidden, notFound, ProblemError } from '../problem.ts';

export interface BundlesRoutesOptions {
  database: Database;
  platformId: string;
  scopeNowMs: () => number;
}

const DAY_MS = 86_400_000;
const SPAN_DAYS_MAX = 62;
/** Each takes a connection of the database for as long as it is written. */
const AT_ONCE_MAX = 2;

/** Everything with which a party computes its bills, shares and balances of a period again. */
export const bundlesRoutes: FastifyPluginAsyncTypebox<BundlesRoutesOptions> = async (app, { database, platformId, scopeNowMs }) => {
  let underWay = 0;
  /** Written first and sent afterwards: a slow reader keeps no connection of the database. */
  const written = async (scope: BundleScope): Promise<ReadStream> => {
    if (underWay >= AT_ONCE_MAX) throw new ProblemError(503, 'BUNDLES_BUSY', 'other bundles are being written: ask again in a moment');
    underWay += 1;
    const folder = await mkdtemp(join(tmpdir(), 'corridor-bundle-'));
    const forget = async () => rm(folder, { recursive: true, force: true });
    try {
      const path = join(folder, 'bundle.json');
      await writeBundle(database, scope, path);
      const stream = createReadStream(path);
      stream.once('close', () => void forget());
      return stream;
    } catch (cause) {
      await forget();
      throw cause;
    } finally {
      underWay -= 1;
    }
  };
  app.get(
    '/bundles',
    {
      schema: {
        tags: ['money'],
        summary: 'Bundle of a party for a period, to be recomputed offline',
        querystring: Type.Object({
          principalId: Type.Optional(Type.String({ maxLength: 64, description: "whose; the caller's own when not given" })),
          from: Type.Optional(Timestamp('included; 31 days before `until` when not given')),
          until: Type.Optional(Timestamp('not included; now when not given')),
        }),
        response: { 200: Type.Unsafe<ReadStream>(Bundle) },
      },
    },
    async (request, reply) => {
      const rights = rightsOfRequest(request);
      const { principalId: own } = callerOf(request);
      const principalId = request.query.principalId ?? own ?? platformId;
      if (rights.kind === 'DRIVER') throw forbidden("a driver sees his own orders, not his carrier's books");
      if (rights.kind === 'PUBLIC' || (rights.kind !== 'ALL' && principalId !== own)) throw forbidden('a bundle is shown to its own party');
      const principalKind = await principalKindOf(database.pool, platformId, principalId);
      if (principalKind === null) throw notFound('principal', principalId);
      const span = spanOf(request.query, scopeNowMs());
      const stream = await written({ platformId, principalId, principalKind, ...span });
      reply.header('content-disposition', `attachment; filename="bundle-${principalId}-${span.from.slice(0, 10)}.json"`);
      return reply.type('application/json').send(stream);
    },
  );
};

/** @throws ProblemError when it ends before it begins, or is too long */
function spanOf(query: { from?: string; until?: string }, nowMs: number): { from: string; until: string } {
  const untilMs = query.until === undefined ? nowMs : Date.parse(query.until);
  const fromMs = query.from === undefined ? untilMs - 31 * DAY_MS : Date.parse(query.from);
  if (fromMs >= untilMs) throw new ProblemError(400, 'PERIOD_INVALID', '`from` lies before `until`');
  if (untilMs - fromMs > SPAN_DAYS_MAX * DAY_MS)
    throw new ProblemError(400, 'PERIOD_TOO_LONG', `a bundle covers ${SPAN_DAYS_MAX} days at most`);
  return { from: new Date(fromMs).toISOString(), until: new Date(untilMs).toISOString() };
}

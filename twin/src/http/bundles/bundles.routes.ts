import type { ReadStream } from 'node:fs';
import { Bundle } from '@corridor/protocols/http/bundle';
import { Timestamp } from '@corridor/protocols/units';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import pg from 'pg';
import { Type } from 'typebox';
import { BundleDesk, type WrittenBundle } from '../../bundle/bundle-desk.ts';
import type { BundleScope } from '../../bundle/bundle-party.ts';
import { principalKindOf } from '../../bundle/write-bundle.ts';
import type { Database } from '../../db/db.ts';
import type { Log } from '../../log.ts';
import { callerOf, rightsOfRequest } from '../caller.ts';
import { forbidden, notFound, ProblemError } from '../problem.ts';
import { sendFile } from '../send-file.ts';

export interface BundlesRoutesOptions {
  database: Database;
  databaseUrl: string;
  log: Log;
  platformId: string;
  scopeNowMs: () => number;
}

const DAY_MS = 86_400_000;
const SPAN_DAYS_MAX = 62;
/** Longer than this nobody waits for a bundle to be written [wall ms]. */
const WRITE_MS_MAX = 15 * 60_000;
const RETRY_AFTER_S = '5';

/** Everything with which a party computes its bills, shares and balances of a period again. */
export const bundlesRoutes: FastifyPluginAsyncTypebox<BundlesRoutesOptions> = async (app, options) => {
  const { database, databaseUrl, log, platformId, scopeNowMs } = options;
  const desk = new BundleDesk({ databaseUrl, log });
  app.addHook('onClose', async () => desk.close());

  /** @returns null when the client has left */
  const written = async (request: FastifyRequest, scope: BundleScope): Promise<WrittenBundle | null> => {
    const gone = new AbortController();
    const leave = () => gone.abort();
    request.raw.socket.once('close', leave);
    const overdue = AbortSignal.timeout(WRITE_MS_MAX);
    try {
      return await desk.write(callerOf(request).userId, scope, AbortSignal.any([gone.signal, overdue]));
    } catch (cause) {
      if (gone.signal.aborted) return null;
      if (overdue.aborted || isTimeout(cause))
        throw new ProblemError(503, 'BUNDLE_TOO_LARGE', 'it takes too long: ask for a shorter period');
      throw cause;
    } finally {
      request.raw.socket.off('close', leave);
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
      const bundle = await written(request, { platformId, principalId, principalKind, ...span });
      if (bundle === null) return reply.hijack();
      if ('refused' in bundle) throw refusalOf(bundle.refused, reply);
      reply.header('content-disposition', `attachment; filename="bundle-${principalId}-${span.from.slice(0, 10)}.json"`);
      return sendFile(reply.type('application/json'), bundle.file);
    },
  );
};

function refusalOf(code: 'BUNDLE_UNDER_WAY' | 'BUNDLES_BUSY', reply: FastifyReply): ProblemError {
  reply.header('retry-after', RETRY_AFTER_S);
  return code === 'BUNDLES_BUSY'
    ? new ProblemError(503, code, 'other bundles are being written: ask again in a moment')
    : new ProblemError(429, code, 'your last bundle is still being written or read: ask again when it is there');
}

/** The statement took longer than the database lets it. */
const isTimeout = (cause: unknown): boolean => cause instanceof pg.DatabaseError && cause.code === '57014';

/** @throws ProblemError when it ends before it begins, or is too long */
function spanOf(query: { from?: string; until?: string }, nowMs: number): { from: string; until: string } {
  const untilMs = query.until === undefined ? nowMs : Date.parse(query.until);
  const fromMs = query.from === undefined ? untilMs - 31 * DAY_MS : Date.parse(query.from);
  if (fromMs >= untilMs) throw new ProblemError(400, 'PERIOD_INVALID', '`from` lies before `until`');
  if (untilMs - fromMs > SPAN_DAYS_MAX * DAY_MS)
    throw new ProblemError(400, 'PERIOD_TOO_LONG', `a bundle covers ${SPAN_DAYS_MAX} days at most`);
  return { from: new Date(fromMs).toISOString(), until: new Date(untilMs).toISOString() };
}

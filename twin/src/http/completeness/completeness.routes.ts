import { CompletenessList, SourceHours } from '@corridor/protocols/http/completeness';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { laneGaps, laneHours } from '../../completeness/completeness.queries.ts';
import { hourOf, hoursOf } from '../../completeness/completeness.ts';
import { completenessSums } from '../../completeness/completeness-sums.queries.ts';
import { HOUR_MS } from '../../completeness/lane-book.ts';
import { readAs } from '../../rights/read-as.ts';
import { IdParams } from '../assets/assets.routes.ts';
import { rightsOfRequest } from '../caller.ts';
import { type HistoryRoutesOptions } from '../history/history.routes.ts';
import { readerOf } from '../history/may-read.ts';
import { notFound } from '../problem.ts';

const HoursQuery = Type.Object({ hours: Type.Optional(Type.Integer({ minimum: 1, maximum: 720, default: 24 })) });
const HOURS_DEFAULT = 24;
/** More gaps than these nobody reads; their sum is in the hours. */
const GAPS_SHOWN = 200;
const KINDS = [
  { path: 'stations', kind: 'station', asset: 'STATION' },
  { path: 'trucks', kind: 'truck', asset: 'TRUCK' },
] as const;

/** How completely gateways were heard. Whose numbers a caller sees, the database decides. */
export const completenessRoutes: FastifyPluginAsyncTypebox<HistoryRoutesOptions> = async (app, { database, platformId, scene }) => {
  const mayRead = readerOf({ database, platformId, scene });
  app.get(
    '/completeness',
    {
      config: { serviceScope: 'network:read' },
      schema: {
        tags: ['completeness'],
        summary: 'How completely each gateway of the caller was heard, by lane, over an hour, a day and 30 days',
        response: { 200: CompletenessList },
      },
    },
    async (request) => {
      const nowMs = scene.live.nowMs();
      const db = readAs(database, rightsOfRequest(request));
      return { scopeAt: new Date(nowMs).toISOString(), items: await completenessSums(db, platformId, nowMs) };
    },
  );
  for (const { path, kind, asset } of KINDS) {
    app.get(
      `/${path}/:id/completeness`,
      {
        config: { serviceScope: 'network:read' },
        schema: {
          tags: ['completeness'],
          summary: 'Messages of a gateway by the hour, and the gaps in its numbers',
          params: IdParams,
          querystring: HoursQuery,
          response: { 200: SourceHours },
        },
      },
      async (request) => {
        const { id } = request.params;
        const rights = rightsOfRequest(request);
        if (!(await mayRead(rights, asset, id))) throw notFound(kind, id);
        const { hours = HOURS_DEFAULT } = request.query;
        const db = readAs(database, rights);
        const asked = { platformId, source: `${kind}:${id}`, fromMs: hourOf(scene.live.nowMs() - (hours - 1) * HOUR_MS) };
        const counted = await laneHours(db, asked);
        const gaps = await laneGaps(db, asked);
        return {
          hours: hoursOf(counted, gaps).filter(({ hour }) => Date.parse(hour) >= asked.fromMs),
          gaps: gaps.slice(0, GAPS_SHOWN).map(({ lane, bootId, firstSeq, lastSeq, fromMs, untilMs }) => ({
            lane,
            bootId,
            firstSeq,
            lastSeq,
            from: new Date(fromMs).toISOString(),
            until: new Date(untilMs).toISOString(),
          })),
          gapsTruncated: gaps.length > GAPS_SHOWN,
        };
      },
    );
  }
};

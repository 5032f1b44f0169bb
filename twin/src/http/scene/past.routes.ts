import { SCENE_EVENT_KINDS, SceneEvent, SceneSpan } from '@corridor/protocols/http/scene';
import { Literals } from '@corridor/protocols/literals';
import { Timestamp } from '@corridor/protocols/units';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Database } from '../../db/db.ts';
import { listSceneEvents } from '../../past/past-events.queries.ts';
import type { PastScenes } from '../../past/past-scenes.ts';
import { readAs } from '../../rights/read-as.ts';
import { rightsOfRequest } from '../caller.ts';
import { ProblemError } from '../problem.ts';

const EVENTS_MAX = 1_000;
const LIMIT_DEFAULT = 100;
const EventsQuery = Type.Object({
  from: Type.Optional(Timestamp('not included; the begin of history when not given')),
  until: Type.Optional(Timestamp('not included; now when not given')),
  kind: Type.Optional(Literals(SCENE_EVENT_KINDS)),
  order: Type.Optional(Literals(['asc', 'desc'])),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: EVENTS_MAX, default: LIMIT_DEFAULT })),
});
const EventsView = Type.Object({ items: Type.Array(SceneEvent), truncated: Type.Boolean() });

export interface PastRoutesOptions {
  database: Database;
  platformId: string;
  past: PastScenes;
}

/** How far back scenes go, and what there is to jump to. The scenes themselves are at `/scene?at=`. */
export const pastRoutes: FastifyPluginAsyncTypebox<PastRoutesOptions> = async (app, { database, platformId, past }) => {
  app.get(
    '/scene/span',
    {
      config: { serviceScope: 'network:read' },
      schema: { tags: ['scene'], summary: 'Instants of which the caller may see the scene', response: { 200: SceneSpan } },
    },
    async (request) => {
      const { fromMs, untilMs } = await past.spanFor(rightsOfRequest(request));
      return { from: new Date(fromMs).toISOString(), until: new Date(untilMs).toISOString() };
    },
  );
  app.get(
    '/scene/events',
    {
      config: { serviceScope: 'network:read' },
      schema: {
        tags: ['scene'],
        summary: 'Alarms raised, swaps begun and orders that became abnormal, of what the caller may see',
        querystring: EventsQuery,
        response: { 200: EventsView },
      },
    },
    async (request) => {
      const rights = rightsOfRequest(request);
      const { from, until, kind, order = 'asc', limit = LIMIT_DEFAULT } = request.query;
      const span = await past.spanFor(rights);
      const afterMs = Math.max(from === undefined ? span.fromMs : Date.parse(from), span.fromMs);
      const beforeMs = Math.min(until === undefined ? span.untilMs : Date.parse(until), span.untilMs);
      if (from !== undefined && until !== undefined && Date.parse(until) <= Date.parse(from)) {
        throw new ProblemError(400, 'SPAN_INVALID', 'until must lie after from');
      }
      // Whoever has no part in anything has no events; neither has a span that lies beside history.
      if (rights.kind === 'PUBLIC' || beforeMs <= afterMs) return { items: [], truncated: false };
      const items = await listSceneEvents(readAs(database, rights), {
        platformId,
        kinds: kind === undefined ? SCENE_EVENT_KINDS : [kind],
        after: new Date(afterMs),
        before: new Date(beforeMs),
        order,
        limit: limit + 1,
      });
      return { items: items.slice(0, limit), truncated: items.length > limit };
    },
  );
};

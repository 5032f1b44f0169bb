import { Page } from '@corridor/protocols/http/problem';
import { AlarmView } from '@corridor/protocols/http/scene';
import { IdText } from '@corridor/protocols/ids';
import { Timestamp } from '@corridor/protocols/units';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { type Static, Type } from 'typebox';
import type { Database } from '../../db/db.ts';
import { alarmView, maySeeStored } from '../../projection/alarm-view.ts';
import type { LiveScene } from '../../projection/live-scene.ts';
import { readAs } from '../../rights/read-as.ts';
import { rightsOfRequest } from '../caller.ts';
import { cursorOf, LIMIT_DEFAULT, PageQuery, readCursor } from '../paging.ts';
import { type AlarmsAsked, listAlarms } from './alarms.queries.ts';

const AlarmQuery = Type.Object({
  ...PageQuery,
  open: Type.Optional(Type.Boolean({ description: 'only those that stand: neither returned to normal nor closed' })),
  from: Type.Optional(Timestamp('raised at it or after')),
  until: Type.Optional(Timestamp('raised before it')),
  code: Type.Optional(Type.String({ maxLength: 64 })),
  level: Type.Optional(Type.Integer({ minimum: 1, maximum: 3 })),
  scope: Type.Optional(Type.String({ maxLength: 16, description: 'kind of what it concerns' })),
  scopeId: Type.Optional(Type.String({ maxLength: 128 })),
  stationId: Type.Optional(IdText('of the station itself, its gateway, bays, slots and swaps')),
});

/** Without a query all alarms are meant. */
const askedOf = (query: Static<typeof AlarmQuery>): AlarmsAsked => ({
  open: query.open === true,
  from: query.from ?? null,
  until: query.until ?? null,
  code: query.code ?? null,
  level: query.level ?? null,
  scope: query.scope ?? null,
  scopeId: query.scopeId ?? null,
  stationId: query.stationId ?? null,
});

export interface AlarmsRoutesOptions {
  database: Database;
  platformId: string;
  scene: LiveScene;
}

/** Alarms are filtered by what they concern, so a page may hold fewer than asked; the cursor goes on all the same. */
export const alarmsRoutes: FastifyPluginAsyncTypebox<AlarmsRoutesOptions> = async (app, { database, platformId, scene }) => {
  app.get(
    '/alarms',
    {
      config: { serviceScope: 'network:read' },
      schema: { tags: ['operations'], summary: 'Alarms, newest first', querystring: AlarmQuery, response: { 200: Page(AlarmView) } },
    },
    async (request) => {
      const rights = rightsOfRequest(request);
      const limit = request.query.limit ?? LIMIT_DEFAULT;
      const after = readCursor(request.query.cursor, 2);
      const alarms = await listAlarms(readAs(database, rights), platformId, { asked: askedOf(request.query), after, limit: limit + 1 });
      const page = alarms.slice(0, limit);
      const last = page.at(-1)?.raised;
      return {
        items: page.filter(({ raised }) => maySeeStored(raised, rights, scene.live)).map((alarm) => alarmView(alarm, rights, scene.live)),
        nextCursor: alarms.length > limit && last ? cursorOf([new Date(last.atMs).toISOString(), last.alarmId]) : null,
      };
    },
  );
};

import { Page } from '@corridor/protocols/http/problem';
import { AlarmView } from '@corridor/protocols/http/scene';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Database } from '../../db/db.ts';
import { maySeeAlarm } from '../../projection/alarm-view.ts';
import type { LiveScene } from '../../projection/live-scene.ts';
import { bookOwnerOf, type Rights } from '../../projection/rights.ts';
import { isOwnTruck } from '../../projection/truck-view.ts';
import { readAs } from '../../rights/read-as.ts';
import { rightsOfRequest } from '../caller.ts';
import { cursorOf, LIMIT_DEFAULT, PageQuery, readCursor } from '../paging.ts';

const NotificationView = Type.Object({
  no: Type.String(),
  to: Type.String(),
  title: Type.String(),
  text: Type.String(),
  at: Type.String(),
});
const AlarmQuery = Type.Object({ ...PageQuery, open: Type.Optional(Type.Boolean({ description: 'only those that are not cleared' })) });

interface AlarmRow {
  [column: string]: unknown;
  alarm_id: string;
  code: string;
  level: number;
  scope: string;
  scope_id: string;
  detail: string;
  raised_at: Date;
  cleared_at: Date | null;
}
interface NotificationRow {
  [column: string]: unknown;
  notification_no: bigint;
  recipient: string;
  title: string;
  body: string;
  at: Date;
}

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
      const { rows } = await readAs(database, rights).query<AlarmRow>({
        text: `select * from alarm where platform_id = $1 and ($2::boolean is not true or cleared_at is null)
               and ($3::timestamptz is null or (raised_at, alarm_id) < ($3, $4)) order by raised_at desc, alarm_id desc limit $5`,
        values: [platformId, request.query.open ?? false, after?.[0] ?? null, after?.[1] ?? null, limit + 1],
      });
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      return {
        items: page.filter((row) => maySeeAlarm({ scope: row.scope, scopeId: row.scope_id }, rights, scene.live)).map(alarmOf),
        nextCursor: rows.length > limit && last ? cursorOf([last.raised_at.toISOString(), last.alarm_id]) : null,
      };
    },
  );
  app.get(
    '/notifications',
    {
      schema: {
        tags: ['operations'],
        summary: "The caller's notifications, newest first",
        querystring: Type.Object(PageQuery),
        response: { 200: Page(NotificationView) },
      },
    },
    async (request) => {
      const rights = rightsOfRequest(request);
      const limit = request.query.limit ?? LIMIT_DEFAULT;
      const recipients = recipientsOf(rights, scene);
      const { rows } = await readAs(database, rights).query<NotificationRow>({
        text: `select notification_no, recipient, title, body, at from notification
                where platform_id = $1 and ($2::boolean or recipient = any($3)) and ($4::bigint is null or notification_no < $4::bigint)
                order by notification_no desc limit $5`,
        values: [platformId, rights.kind === 'ALL', recipients, readCursor(request.query.cursor, 1)?.[0] ?? null, limit + 1],
      });
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      return {
        items: page.map(({ notification_no, recipient, title, body, at }) => ({
          no: notification_no.toString(),
          to: recipient,
          title,
          text: body,
          at: at.toISOString(),
        })),
        nextCursor: rows.length > limit && last ? cursorOf([last.notification_no.toString()]) : null,
      };
    },
  );
};

/** A principal is addressed itself, and through its trucks and stations. */
function recipientsOf(rights: Rights, { live }: LiveScene): string[] {
  if (rights.kind === 'DRIVER') {
    const trucks = [...live.reference.trucks()].filter(({ id }) => isOwnTruck(id, rights, live)).map(({ id }) => `truck:${id}`);
    return [`driver:${rights.driverId}`, ...trucks];
  }
  const principalId = bookOwnerOf(rights);
  if (principalId === null) return [];
  const trucks = [...live.reference.trucks()].filter(({ carrierId }) => carrierId === principalId).map(({ id }) => `truck:${id}`);
  const stations = [...live.reference.stations()].filter(({ operatorId }) => operatorId === principalId).map(({ id }) => `station:${id}`);
  return [`principal:${principalId}`, ...trucks, ...stations];
}

const alarmOf = (row: AlarmRow): AlarmView => ({
  id: row.alarm_id,
  code: row.code,
  level: row.level,
  scope: row.scope,
  scopeId: row.scope_id,
  detail: row.detail,
  raisedAt: row.raised_at.toISOString(),
  clearedAt: row.cleared_at?.toISOString() ?? null,
});

import { createHash } from 'node:crypto';
import type { Recipient } from '@corridor/actors/network/effect';
import { type EntityRef, refOf } from '@corridor/actors/network/entity-ref';
import { NotificationView } from '@corridor/protocols/http/notification-view';
import { Page } from '@corridor/protocols/http/problem';
import { IdText, TOKEN_PATTERN } from '@corridor/protocols/ids';
import { keptNotice, NOTICE_ENGLISH, wordedNotice } from '@corridor/protocols/notice';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Database } from '../../db/db.ts';
import type { LiveScene } from '../../projection/live-scene.ts';
import { ALL_RIGHTS, type Rights, rightsOf } from '../../projection/rights.ts';
import { readAs } from '../../rights/read-as.ts';
import { Turns } from '../../turns/turns.ts';
import type { Writer } from '../../writer/writer.ts';
import { actOnce } from '../assets/operator-act.ts';
import { callerOf, rightsOfRequest } from '../caller.ts';
import { answered } from '../intent-answer.ts';
import { cursorOf, LIMIT_DEFAULT, PageQuery, readCursor } from '../paging.ts';
import { forbidden, notFound, ProblemError } from '../problem.ts';
import { NOT_BLANK, ReasonText, reasonOf } from '../reason-text.ts';
import { findNotification, listNotifications, type NotificationRow } from './notifications.queries.ts';
import { mayWriteTo, recipientsOf, senderOf } from './recipients.ts';

const closed = { additionalProperties: false } as const;
const NoParams = Type.Object({ id: Type.String({ pattern: '^[0-9]{1,18}$' }) });
const NewNotification = Type.Object(
  {
    key: Type.String({ pattern: TOKEN_PATTERN, description: 'of the request, made up by the caller: the same key again sends nothing' }),
    to: Type.String({ pattern: '^(principal|truck|station):[A-Za-z0-9_-]{1,64}$' }),
    title: Type.String({ pattern: NOT_BLANK, maxLength: 120 }),
    text: ReasonText('what is said'),
    stationId: Type.Optional(IdText('station that the truck is advised to go to')),
  },
  closed,
);
const Answer = Type.Object({ answer: Type.Enum(['ACCEPTED', 'DECLINED']) }, closed);
const KEY_HEX = 32;

export interface NotificationsRoutesOptions {
  database: Database;
  platformId: string;
  scene: LiveScene;
  writer: Writer;
}

/** What people and the platform write to trucks, stations and companies: seen, read, and, of an advice to a truck, answered. */
export const notificationsRoutes: FastifyPluginAsyncTypebox<NotificationsRoutesOptions> = async (app, options) => {
  const { database, platformId, scene, writer } = options;
  const tags = ['operations'];
  const act = actOnce(options);
  const turns = new Turns();
  /** What a company wrote is shown by a command to a truck of another: its state is the sender's to know. */
  const viewOf = (row: NotificationRow, rights: Rights): NotificationView => view(row, recipientsOf(rights, scene));
  /** One that was written to the caller. @throws ProblemError */
  const received = async (request: FastifyRequest, no: string): Promise<{ row: NotificationRow; rights: Rights }> => {
    const rights = rightsOf(callerOf(request));
    const row = await findNotification(readAs(database, rights), platformId, { no });
    if (row === null || !recipientsOf(rights, scene).includes(row.recipient)) throw notFound('notification', no);
    return { row, rights };
  };
  const again = async (no: string, rights: Rights): Promise<NotificationView> => {
    const row = await findNotification(readAs(database, ALL_RIGHTS), platformId, { no });
    if (row === null) throw notFound('notification', no);
    return viewOf(row, rights);
  };

  app.get(
    '/notifications',
    {
      schema: {
        tags,
        summary: 'What was written to the caller and what he wrote, newest first; to the platform all',
        querystring: Type.Object(PageQuery),
        response: { 200: Page(NotificationView) },
      },
    },
    async (request) => {
      const rights = rightsOfRequest(request);
      const limit = request.query.limit ?? LIMIT_DEFAULT;
      const after = readCursor(request.query.cursor, 1)?.[0] ?? null;
      const box = rights.kind === 'ALL' ? null : { recipients: recipientsOf(rights, scene), sentFor: senderOf(rights, platformId) };
      const rows = await listNotifications(readAs(database, rights), platformId, { box, after, limit: limit + 1 });
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      return {
        items: page.map((row) => viewOf(row, rights)),
        nextCursor: rows.length > limit && last ? cursorOf([last.notification_no.toString()]) : null,
      };
    },
  );
  app.post(
    '/notifications',
    {
      schema: {
        tags,
        summary: 'Writes to a truck, a station or a company; to a truck also an advice where to swap, which its driver takes or declines',
        body: NewNotification,
        response: { 202: NotificationView },
      },
    },
    async (request, reply) => {
      const { key, title, stationId } = request.body;
      const caller = callerOf(request);
      const rights = rightsOf(caller);
      // The pattern has looked at it.
      const to = request.body.to as Recipient;
      const forId = senderOf(rights, platformId);
      if (forId === null) throw forbidden('you write to nobody');
      if (!isThere(to, scene)) throw notFound(to.slice(0, to.indexOf(':')), to.slice(to.indexOf(':') + 1));
      if (!mayWriteTo(to, rights, scene)) throw forbidden('you write to the platform, to what is yours, and to trucks that you see coming');
      refuseNoAdvice(to, stationId, scene);
      const id = `m-${createHash('sha256').update(`${caller.userId} ${key}`).digest('hex').slice(0, KEY_HEX)}`;
      const message = { id, forId, stationId: stationId ?? null };
      const text = reasonOf(request.body.text);
      await act(request, key, { type: 'notification.send', of: concernOf(to), to, title: reasonOf(title), text, message });
      const row = await findNotification(readAs(database, ALL_RIGHTS), platformId, { messageId: id });
      if (row === null) throw notFound('notification', id);
      return reply.code(202).send(viewOf(row, rights));
    },
  );
  app.post(
    '/notifications/:id/read',
    {
      schema: {
        tags,
        summary: 'Says that one has read what was written to one; the first one counts',
        params: NoParams,
        body: Type.Object({}, closed),
        response: { 200: NotificationView },
      },
    },
    async (request) => {
      const { id: no } = request.params;
      return turns.run(no, async () => {
        const { row, rights } = await received(request, no);
        if (row.read_at !== null) return viewOf(row, rights);
        answered(await writer.ask({ type: 'notification.read', no, of: concernOf(row.recipient as Recipient) }, callerOf(request).userId));
        return again(no, rights);
      });
    },
  );
  app.post(
    '/notifications/:id/answer',
    {
      schema: {
        tags,
        summary: 'Takes or declines an advice; 409 NO_ADVICE, ALREADY_ANSWERED',
        params: NoParams,
        body: Answer,
        response: { 200: NotificationView },
      },
    },
    async (request) => {
      const { id: no } = request.params;
      const { answer } = request.body;
      return turns.run(no, async () => {
        const { row, rights } = await received(request, no);
        if (row.station_id === null) throw new ProblemError(409, 'NO_ADVICE', 'it asks for no answer');
        if (row.answer === answer) return viewOf(row, rights);
        if (row.answer !== null) throw new ProblemError(409, 'ALREADY_ANSWERED', `it was answered: ${row.answer}`);
        const of = concernOf(row.recipient as Recipient);
        answered(await writer.ask({ type: 'notification.answer', no, of, answer }, callerOf(request).userId));
        return again(no, rights);
      });
    },
  );
};

function isThere(to: Recipient, { live: { reference } }: LiveScene): boolean {
  const id = to.slice(to.indexOf(':') + 1);
  if (to.startsWith('truck:')) return reference.truck(id) !== undefined;
  if (to.startsWith('station:')) return reference.station(id) !== undefined;
  return reference.principal(id) !== undefined;
}

/** @throws ProblemError when the advice is none that a truck could follow */
function refuseNoAdvice(to: Recipient, stationId: string | undefined, { live: { reference } }: LiveScene): void {
  if (stationId === undefined) return;
  if (!to.startsWith('truck:')) throw new ProblemError(422, 'NO_ADVICE', 'only a truck is advised a station');
  if (reference.station(stationId) === undefined) throw notFound('station', stationId);
}

/** A company is audited by its account. */
const concernOf = (to: Recipient): EntityRef =>
  to.startsWith('principal:') ? refOf('account', to.slice(to.indexOf(':') + 1)) : (to as EntityRef);

const timeText = (at: Date | null): string | null => at?.toISOString() ?? null;

function view(row: NotificationRow, recipients: readonly string[]): NotificationView {
  const notice = row.sent_by === null ? keptNotice(row.title, row.body) : null;
  const said = notice === null ? { title: row.title, text: row.body } : wordedNotice(NOTICE_ENGLISH, notice);
  return { ...said, ...factsOf(row, recipients), notice };
}

const factsOf = (row: NotificationRow, recipients: readonly string[]): Omit<NotificationView, 'title' | 'text' | 'notice'> => ({
  no: row.notification_no.toString(),
  to: row.recipient,
  at: row.at.toISOString(),
  sentBy: row.sent_by,
  sentFor: row.sent_for,
  stationId: row.station_id,
  shown: row.shown,
  readAt: timeText(row.read_at),
  readBy: row.read_by,
  answer: row.answer,
  answeredAt: timeText(row.answered_at),
  answeredBy: row.answered_by,
  isReceived: recipients.includes(row.recipient),
});

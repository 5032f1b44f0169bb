import { refOf } from '@corridor/actors/network/entity-ref';
import type { Intent } from '@corridor/actors/network/input';
import { AlarmView } from '@corridor/protocols/http/scene';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Database } from '../../db/db.ts';
import { alarmView, isClosable, isShelvable, mayAcknowledge, mayClose, maySeeAlarm } from '../../projection/alarm-view.ts';
import type { RaisedAlarm } from '../../projection/facts.ts';
import type { LiveScene } from '../../projection/live-scene.ts';
import { type Rights, rightsOf } from '../../projection/rights.ts';
import { readAs } from '../../rights/read-as.ts';
import { Turns } from '../../turns/turns.ts';
import type { Writer } from '../../writer/writer.ts';
import { callerOf } from '../caller.ts';
import { answered } from '../intent-answer.ts';
import { forbidden, notFound, ProblemError } from '../problem.ts';
import { ReasonText, reasonOf } from '../reason-text.ts';
import { findAlarm } from './alarms.queries.ts';

const closed = { additionalProperties: false } as const;
const AlarmParams = Type.Object({ id: Type.String({ pattern: '^[A-Za-z0-9_.-]{1,512}$' }) });
const Acknowledgement = Type.Object({ note: Type.Optional(ReasonText('what is being done about it')) }, closed);
/** Whoever needs longer says so again: what is put aside for good is forgotten. */
const SHELF_MS_MAX = 86_400_000;
const Shelving = Type.Object(
  {
    forMs: Type.Integer({ minimum: 60_000, maximum: SHELF_MS_MAX, description: 'returns by itself after this, scope time' }),
    reason: ReasonText('why it may wait'),
  },
  closed,
);
const NoBody = Type.Object({}, closed);
const Closing = Type.Object({ reason: ReasonText('why it is over, for the audit log') }, closed);

export interface AlarmActsRoutesOptions {
  database: Database;
  platformId: string;
  scene: LiveScene;
  writer: Writer;
}

type Act = 'acknowledge' | 'close' | 'shelve' | 'unshelve';
type Asked = (alarm: RaisedAlarm) => Extract<Intent, { type: `alarm.${Act}` }>;
/** Whether it was done before: doing it again changes nothing. */
const IS_DONE: Readonly<Record<Act, (alarm: RaisedAlarm, scene: LiveScene) => boolean>> = {
  acknowledge: ({ acknowledged }) => acknowledged !== null,
  close: (alarm) => alarm.closed !== null,
  // Again, and for how long from now.
  shelve: () => false,
  unshelve: ({ raised }, { live }) => live.facts.shelves.of(raised, live.nowMs()) === null,
};

/** What people do with alarms (ISA-18.2): they say that they have seen one, put one aside for a time, and end one that nothing else ends. */
export const alarmActsRoutes: FastifyPluginAsyncTypebox<AlarmActsRoutesOptions> = async (app, options) => {
  const { database, platformId, scene, writer } = options;
  const tags = ['operations'];
  const turns = new Turns();
  const find = async (rights: Rights, id: string): Promise<RaisedAlarm> => {
    const alarm = await findAlarm(readAs(database, rights), platformId, id);
    if (alarm === null || !maySeeAlarm(alarm.raised, rights, scene.live)) throw notFound('alarm', id);
    return alarm;
  };
  // One after the other, so that the second of two hears what the first one did and leaves no second entry in the log.
  const act = async (request: FastifyRequest, id: string, what: Act, asked: Asked): Promise<AlarmView> =>
    turns.run(id, async () => {
      const caller = callerOf(request);
      const rights = rightsOf(caller);
      const alarm = await find(rights, id);
      refuseWhereNotAllowed(alarm, what, rights, scene);
      if (IS_DONE[what](alarm, scene)) return alarmView(alarm, rights, scene.live);
      answered(await writer.ask(asked(alarm), caller.userId));
      return alarmView(await find(rights, id), rights, scene.live);
    });

  app.post(
    '/alarms/:id/acknowledge',
    {
      schema: {
        tags,
        summary: 'Says that somebody has seen an alarm and sees to it; the first one counts',
        params: AlarmParams,
        body: Acknowledgement,
        response: { 200: AlarmView },
      },
    },
    async (request) => {
      const { id } = request.params;
      const note = request.body.note === undefined ? null : reasonOf(request.body.note);
      return act(request, id, 'acknowledge', (alarm) => ({ type: 'alarm.acknowledge', alarmId: id, of: concernOf(alarm), note }));
    },
  );
  app.post(
    '/alarms/:id/close',
    {
      schema: {
        tags,
        summary: 'Ends an alarm that nothing returns to normal, or that has returned; 409 ALARM_ENDS_BY_SIGNAL otherwise',
        params: AlarmParams,
        body: Closing,
        response: { 200: AlarmView },
      },
    },
    async (request) => {
      const { id } = request.params;
      const reason = reasonOf(request.body.reason);
      return act(request, id, 'close', (alarm) => ({ type: 'alarm.close', alarmId: id, of: concernOf(alarm), reason }));
    },
  );
  app.post(
    '/alarms/:id/shelve',
    {
      schema: {
        tags,
        summary:
          'Puts an alarm aside for a time, also when it comes again meanwhile; 409 ALARM_NOT_SHELVABLE where it needs a person now, or is over',
        params: AlarmParams,
        body: Shelving,
        response: { 200: AlarmView },
      },
    },
    async (request) => {
      const { id } = request.params;
      const { forMs } = request.body;
      const reason = reasonOf(request.body.reason);
      return act(request, id, 'shelve', (alarm) => {
        const untilMs = scene.live.nowMs() + forMs;
        return { type: 'alarm.shelve', alarmId: id, of: concernOf(alarm), point: pointOf(alarm), untilMs, reason };
      });
    },
  );
  app.post(
    '/alarms/:id/unshelve',
    {
      schema: { tags, summary: 'Takes an alarm back that was put aside', params: AlarmParams, body: NoBody, response: { 200: AlarmView } },
    },
    async (request) => {
      const { id } = request.params;
      return act(request, id, 'unshelve', (alarm) => ({
        type: 'alarm.unshelve',
        alarmId: id,
        of: concernOf(alarm),
        point: pointOf(alarm),
      }));
    },
  );
};

const pointOf = ({ raised: { code, scope, scopeId } }: RaisedAlarm) => ({ code, scope, scopeId });
const concernOf = ({ raised }: RaisedAlarm) => refOf(raised.scope, raised.scopeId);

function refuseWhereNotAllowed(alarm: RaisedAlarm, what: Act, rights: Rights, { live }: LiveScene): void {
  const isAllowed = what === 'close' ? mayClose : mayAcknowledge;
  if (!isAllowed(alarm.raised, rights, live)) throw forbidden(`you may see this alarm, and not ${what} it`);
  if (what === 'shelve' && !isShelvable(alarm)) {
    throw new ProblemError(409, 'ALARM_NOT_SHELVABLE', 'what needs a person now is not put aside, nor what is over');
  }
  if (what === 'close' && !isClosable(alarm)) {
    throw new ProblemError(409, 'ALARM_ENDS_BY_SIGNAL', 'it ends when what raised it says that it is over; acknowledge it until then');
  }
}

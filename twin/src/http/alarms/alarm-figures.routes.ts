import { AlarmFigures } from '@corridor/protocols/http/alarm-figures';
import { Timestamp } from '@corridor/protocols/units';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Database } from '../../db/db.ts';
import { maySeeStored } from '../../projection/alarm-view.ts';
import type { RaisedAlarm } from '../../projection/facts.ts';
import type { LiveScene } from '../../projection/live-scene.ts';
import { readAs } from '../../rights/read-as.ts';
import { rightsOfRequest } from '../caller.ts';
import { ProblemError } from '../problem.ts';
import { alarmFigures } from './alarm-figures.ts';
import { alarmsOfSpan, alarmsStandingAt } from './alarms.queries.ts';

const DAY_MS = 86_400_000;
const SPAN_MS_MAX = 31 * DAY_MS;
/** Of more than this only the newest are counted. */
const ALARMS_MAX = 20_000;
const FiguresQuery = Type.Object(
  {
    from: Type.Optional(Timestamp('a day before until when not given')),
    until: Type.Optional(Timestamp('now when not given; at most 31 days after from')),
  },
  { additionalProperties: false },
);

export interface AlarmFiguresRoutesOptions {
  database: Database;
  platformId: string;
  scene: LiveScene;
}

export const alarmFiguresRoutes: FastifyPluginAsyncTypebox<AlarmFiguresRoutesOptions> = async (app, { database, platformId, scene }) => {
  app.get(
    '/alarms/figures',
    {
      schema: {
        tags: ['operations'],
        summary: 'Rate, floods, most frequent, chattering and stale alarms of a span (ISA-18.2)',
        querystring: FiguresQuery,
        response: { 200: AlarmFigures },
      },
    },
    async (request) => {
      const rights = rightsOfRequest(request);
      const { fromMs, untilMs } = spanOf(request.query, scene.live.nowMs());
      const db = readAs(database, rights);
      const isSeen = ({ raised }: RaisedAlarm) => maySeeStored(raised, rights, scene.live);
      const alarms = await alarmsOfSpan(db, platformId, { fromMs, untilMs, limit: ALARMS_MAX });
      const standing = await alarmsStandingAt(db, platformId, untilMs);
      const figures = alarmFigures({ fromMs, untilMs, alarms: alarms.filter(isSeen), standing: standing.filter(isSeen) });
      return { ...figures, isCut: alarms.length === ALARMS_MAX };
    },
  );
};

/** @throws ProblemError when the span is none, or too long */
function spanOf(query: { from?: string; until?: string }, nowMs: number): { fromMs: number; untilMs: number } {
  const untilMs = query.until === undefined ? nowMs : Date.parse(query.until);
  const fromMs = query.from === undefined ? untilMs - DAY_MS : Date.parse(query.from);
  if (fromMs >= untilMs) throw new ProblemError(400, 'INPUT_INVALID', 'from has to be before until');
  if (untilMs - fromMs > SPAN_MS_MAX) throw new ProblemError(400, 'INPUT_INVALID', 'at most 31 days at once');
  return { fromMs, untilMs };
}

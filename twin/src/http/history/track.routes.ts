import { TRACK_HOURS_MAX, TRACK_POINTS_MAX, TruckTrack } from '@corridor/protocols/http/truck-track';
import { Timestamp } from '@corridor/protocols/units';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { readAs } from '../../rights/read-as.ts';
import { IdParams } from '../assets/assets.routes.ts';
import { rightsOfRequest } from '../caller.ts';
import { refuseAhead } from '../instant-ahead.ts';
import { notFound } from '../problem.ts';
import { type HistoryRoutesOptions, sinceToday } from './history.routes.ts';
import { readerOf } from './may-read.ts';
import { readTrack } from './track.queries.ts';

const HOURS_DEFAULT = 6;
const POINTS_DEFAULT = 600;
const HOUR_MS = 3_600_000;
const TrackQuery = Type.Object({
  until: Type.Optional(Timestamp('end of the track, included; now when not given; 422 INSTANT_AHEAD when it has not come')),
  hours: Type.Optional(
    Type.Integer({ minimum: 1, maximum: TRACK_HOURS_MAX, default: HOURS_DEFAULT, description: 'before that, scope time' }),
  ),
  points: Type.Optional(
    Type.Integer({ minimum: 10, maximum: TRACK_POINTS_MAX, default: POINTS_DEFAULT, description: 'at most so many, and the last' }),
  ),
});

/** Where a truck was: for its carrier of then, its driver of today, and the platform. */
export const trackRoutes: FastifyPluginAsyncTypebox<HistoryRoutesOptions> = async (app, { database, platformId, scene }) => {
  const mayRead = readerOf({ database, platformId, scene });
  app.get(
    '/trucks/:id/track',
    {
      config: { serviceScope: 'network:read' },
      schema: {
        tags: ['trucks'],
        summary: 'Where a truck was in the last hours, thinned out; up to an instant of the past with until',
        params: IdParams,
        querystring: TrackQuery,
        response: { 200: TruckTrack },
      },
    },
    async (request) => {
      const { id } = request.params;
      const rights = rightsOfRequest(request);
      if (scene.live.reference.truck(id) === undefined || !(await mayRead(rights, 'TRUCK', id))) throw notFound('truck', id);
      const { until = null, hours = HOURS_DEFAULT, points = POINTS_DEFAULT } = request.query;
      const nowMs = scene.live.nowMs();
      refuseAhead(until, nowMs, 'where a truck will be');
      const untilMs = until === null ? nowMs : Date.parse(until);
      const from = new Date(untilMs - hours * HOUR_MS).toISOString();
      const fromMs = Math.min(Date.parse(rights.kind === 'DRIVER' ? sinceToday(from, nowMs) : from), untilMs);
      return readTrack(readAs(database, rights), { platformId, truckId: id, fromMs, untilMs, points });
    },
  );
};

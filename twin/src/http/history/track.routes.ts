import { PACK_TRACK_HOURS_MAX, PACK_TRACK_POINTS_MAX, PackTrack } from '@corridor/protocols/http/pack-track';
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
import { packTrackFor } from './pack-track.ts';
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

const PACK_HOURS_DEFAULT = 24;
const PackTrackQuery = Type.Object({
  until: TrackQuery.properties.until,
  hours: Type.Optional(
    Type.Integer({ minimum: 1, maximum: PACK_TRACK_HOURS_MAX, default: PACK_HOURS_DEFAULT, description: 'before that, scope time' }),
  ),
  points: Type.Optional(
    Type.Integer({
      minimum: 10,
      maximum: PACK_TRACK_POINTS_MAX,
      default: POINTS_DEFAULT,
      description: 'on the road at most so many, and one for each truck',
    }),
  ),
});

/** Where a pack was: for its owner of then wherever it was; for a carrier, its driver and an operator while it was with them. */
export const packTrackRoutes: FastifyPluginAsyncTypebox<HistoryRoutesOptions> = async (app, { database, platformId, scene }) => {
  const mayRead = readerOf({ database, platformId, scene });
  app.get(
    '/packs/:id/track',
    {
      config: { serviceScope: 'network:read' },
      schema: {
        tags: ['packs'],
        summary: 'Slots and trucks that a pack was in, and where those trucks were, thinned out; up to an instant of the past with until',
        params: IdParams,
        querystring: PackTrackQuery,
        response: { 200: PackTrack },
      },
    },
    async (request) => {
      const { id: packId } = request.params;
      const rights = rightsOfRequest(request);
      const { live } = scene;
      if (live.reference.pack(packId) === undefined) throw notFound('pack', packId);
      const { until = null, hours = PACK_HOURS_DEFAULT, points = POINTS_DEFAULT } = request.query;
      const nowMs = live.nowMs();
      refuseAhead(until, nowMs, 'where a pack will be');
      const untilMs = until === null ? nowMs : Date.parse(until);
      const fromMs = untilMs - hours * HOUR_MS;
      const track = await packTrackFor(rights, { database, platformId, packId, live, fromMs, untilMs, points });
      // Who has nothing of it in the span is told no more than who never had it, but for owners.
      if (track.stays.length === 0 && !(await mayRead(rights, 'PACK', packId))) throw notFound('pack', packId);
      return track;
    },
  );
};

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

import { Curves } from '@corridor/protocols/http/equipment';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Rights } from '../../projection/rights.ts';
import { readAs } from '../../rights/read-as.ts';
import { IdParams } from '../assets/assets.routes.ts';
import { rightsOfRequest } from '../caller.ts';
import { notFound } from '../problem.ts';
import { CURVES, type CurveKind } from './curve-series.ts';
import { readCurves } from './curves.queries.ts';
import { type HistoryRoutesOptions, sinceToday, span } from './history.routes.ts';
import { type OwnedAsset, readerOf } from './may-read.ts';

const CurveQuery = Type.Object({
  from: Type.String({ format: 'date-time' }),
  until: Type.String({ format: 'date-time' }),
  points: Type.Optional(Type.Integer({ minimum: 10, maximum: 2_000, default: 400, description: 'at most so many' })),
});
const POINTS_DEFAULT = 400;
const ASSETS = { packs: 'PACK', trucks: 'TRUCK', stations: 'STATION' } as const satisfies Partial<Record<CurveKind, OwnedAsset>>;
const KEYS = { packs: 'pack_id', trucks: 'truck_id', stations: 'station_id' } as const;

/** Curves of equipment, thinned out here: a month of readings is no more to draw than an hour. */
export const curvesRoutes: FastifyPluginAsyncTypebox<HistoryRoutesOptions> = async (app, { database, platformId, scene }) => {
  const mayRead = readerOf({ database, platformId, scene });
  /** Columns that name the thing; null: the caller may not know of it. */
  const keyOf = async (kind: CurveKind, id: string, rights: Rights): Promise<Record<string, string | number> | null> => {
    if (kind === 'slots') {
      const slot = scene.slotFor(id, rights);
      return slot === null ? null : { station_id: slot.stationId, evse_id: slot.evseId };
    }
    if (kind === 'meters') {
      const stationId = scene.live.reports.meter.get(id)?.data.stationId;
      return stationId !== undefined && (await mayRead(rights, 'STATION', stationId)) ? { station_id: stationId, meter_id: id } : null;
    }
    return (await mayRead(rights, ASSETS[kind], id)) ? { [KEYS[kind]]: id } : null;
  };
  for (const kind of Object.keys(CURVES) as CurveKind[]) {
    app.get(
      `/${kind}/:id/curves`,
      {
        config: { serviceScope: 'network:read' },
        schema: {
          tags: [kind],
          summary: 'Values of a time span as curves: readings for a day, means of minutes or hours for longer, thinned out',
          params: IdParams,
          querystring: CurveQuery,
          response: { 200: Curves },
        },
      },
      async (request) => {
        const { id } = request.params;
        const rights = rightsOfRequest(request);
        const key = await keyOf(kind, id, rights);
        if (key === null) throw notFound(kind.slice(0, -1), id);
        const { from, until, points = POINTS_DEFAULT } = span(request.query);
        const fromMs = Date.parse(rights.kind === 'DRIVER' ? sinceToday(from, scene.live.nowMs()) : from);
        return readCurves(readAs(database, rights), CURVES[kind], { platformId, key, fromMs, untilMs: Date.parse(until), points });
      },
    );
  }
};

import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { LiveScene } from '../../projection/live-scene.ts';
import { rightsOfRequest } from '../caller.ts';
import { notFound } from '../problem.ts';
import { IdParams } from './assets.routes.ts';

export interface StationPageRoutesOptions {
  scene: LiveScene;
  /** By station: where its control room's page is served. */
  stationPages: ReadonlyMap<string, string>;
}

/** The way from the console to a station's own page, for the platform and whose station it is. */
export const stationPageRoutes: FastifyPluginAsyncTypebox<StationPageRoutesOptions> = async (app, { scene, stationPages }) => {
  app.get(
    '/stations/:id/page',
    {
      schema: {
        tags: ['stations'],
        summary: "Where the page of a station's control room is, to the platform and the station's operator",
        params: IdParams,
        response: { 200: Type.Object({ url: Type.Union([Type.String(), Type.Null()], { description: 'null: not known' }) }) },
      },
    },
    async (request) => {
      const { id } = request.params;
      const rights = rightsOfRequest(request);
      const operatorId = scene.live.reference.station(id)?.operatorId;
      const isSeen = rights.kind === 'ALL' || (rights.kind === 'STATION_OPERATOR' && rights.principalId === operatorId);
      if (operatorId === undefined || !isSeen) throw notFound('station', id);
      return { url: stationPages.get(id) ?? null };
    },
  );
};

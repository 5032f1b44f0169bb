import { EQUIPMENT_KINDS, EquipmentList, PackSohView } from '@corridor/protocols/http/equipment';
import { Literals } from '@corridor/protocols/literals';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Database } from '../../db/db.ts';
import { equipmentRows } from '../../equipment/equipment-rows.ts';
import type { LiveScene } from '../../projection/live-scene.ts';
import { readAs } from '../../rights/read-as.ts';
import { sohOfPack } from '../../soh/soh.queries.ts';
import type { SohSide } from '../../soh/soh-side.ts';
import { IdParams } from '../assets/assets.routes.ts';
import { rightsOfRequest } from '../caller.ts';
import { notFound } from '../problem.ts';

export interface EquipmentRoutesOptions {
  database: Database;
  platformId: string;
  scene: LiveScene;
  soh: SohSide;
}

/** What the live data console shows: key equipment with its last reports, and what a pack's state of health was estimated from. */
export const equipmentRoutes: FastifyPluginAsyncTypebox<EquipmentRoutesOptions> = async (app, { database, platformId, scene, soh }) => {
  app.get(
    '/equipment',
    {
      config: { serviceScope: 'network:read' },
      schema: {
        tags: ['equipment'],
        summary: 'Key equipment of a kind with its last reports, as far as the caller may see it',
        querystring: Type.Object({ kind: Literals(EQUIPMENT_KINDS) }),
        response: { 200: EquipmentList },
      },
    },
    async (request) => ({
      scopeAt: new Date(scene.live.nowMs()).toISOString(),
      items: equipmentRows(request.query.kind, {
        scene,
        rights: rightsOfRequest(request),
        estimateOf: (packId) => soh.latestOf(packId),
      }),
    }),
  );
  app.get(
    '/packs/:id/soh',
    {
      config: { serviceScope: 'network:read' },
      schema: {
        tags: ['packs'],
        summary:
          'State of health as estimated from the readings, with the rests that it is made from; to owners, and to the station that has it',
        params: IdParams,
        response: { 200: PackSohView },
      },
    },
    async (request) => {
      const { id } = request.params;
      const rights = rightsOfRequest(request);
      const isCab = rights.kind === 'CARRIER' || rights.kind === 'DRIVER';
      const view = await sohOfPack(readAs(database, rights), { platformId, packId: id });
      const isShown = view.estimates.length > 0 || view.rests.length > 0 || scene.packsFor(rights).some((pack) => pack.id === id);
      if (isCab || !isShown) throw notFound('pack', id);
      return view;
    },
  );
};

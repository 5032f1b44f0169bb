import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { completenessRoutes } from './completeness/completeness.routes.ts';
import { type EquipmentRoutesOptions, equipmentRoutes } from './equipment/equipment.routes.ts';
import { curvesRoutes } from './history/curves.routes.ts';
import { packTrackRoutes, trackRoutes } from './history/track.routes.ts';

/** What the live data console shows: last reports, curves, and how completely they come. */
export const liveDataRoutes: FastifyPluginAsyncTypebox<EquipmentRoutesOptions> = async (app, options) => {
  await app.register(equipmentRoutes, options);
  await app.register(curvesRoutes, options);
  await app.register(trackRoutes, options);
  await app.register(packTrackRoutes, options);
  await app.register(completenessRoutes, options);
};

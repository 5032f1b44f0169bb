import { Geometry, Kpis, PastScene, Scene } from '@corridor/protocols/http/scene';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { PastScenes } from '../../past/past-scenes.ts';
import type { LiveScene } from '../../projection/live-scene.ts';
import type { Tickets } from '../../ws/tickets.ts';
import { callerOf, rightsOfRequest } from '../caller.ts';
import { AtField, noScene } from './instant.ts';

export interface SceneRoutesOptions {
  scene: LiveScene;
  past: PastScenes;
  clock: () => { scopeAtMs: number; factor: number };
  /** What does not move. */
  geometry: Geometry;
  tickets: Tickets;
}

const AtQuery = Type.Object({
  at: Type.Optional(AtField('the scene with the balances and open holds')),
});
const TicketView = Type.Object({ ticket: Type.String(), expiresInMs: Type.Integer() });

export const sceneRoutes: FastifyPluginAsyncTypebox<SceneRoutesOptions> = async (app, { scene, past, clock, geometry, tickets }) => {
  const geometryText = JSON.stringify(geometry);
  app.get(
    '/geometry',
    {
      config: { serviceScope: 'network:read' },
      schema: { tags: ['scene'], summary: 'Road, sites and terrain: what does not move', response: { 200: Geometry } },
    },
    async (_, reply) =>
      reply
        .header('cache-control', 'private, max-age=3600')
        .serializer(() => geometryText)
        .send(geometry),
  );
  app.get(
    '/scene',
    {
      config: { serviceScope: 'network:read' },
      schema: {
        tags: ['scene'],
        summary: 'Everything the caller may see, now or at a past instant',
        querystring: AtQuery,
        response: { 200: Type.Union([PastScene, Scene]) },
      },
    },
    async (request) => {
      const rights = rightsOfRequest(request);
      const { at } = request.query;
      if (at === undefined) return scene.sceneFor(rights, clock());
      const found = await past.sceneAt(Date.parse(at), rights);
      if ('code' in found) throw noScene(found);
      return found;
    },
  );
  app.get(
    '/kpis',
    {
      config: { serviceScope: 'network:read' },
      schema: { tags: ['scene'], summary: 'Figures of the moment and the day', response: { 200: Kpis } },
    },
    async (request) => scene.kpisFor(rightsOfRequest(request), clock().scopeAtMs),
  );
  app.post(
    '/tickets',
    {
      config: { serviceScope: 'network:read' },
      schema: {
        tags: ['scene'],
        summary: 'A one-time ticket for /ws?ticket=…, whose stream ends with this token (close code 4402)',
        response: { 201: TicketView },
      },
    },
    async (request, reply) =>
      reply.code(201).send(tickets.issue({ rights: rightsOfRequest(request), countsUntilMs: callerOf(request).countsUntilMs })),
  );
};

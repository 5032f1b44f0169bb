import { Geometry, Kpis, Scene } from '@corridor/protocols/http/scene';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { LiveScene } from '../../projection/live-scene.ts';
import type { Tickets } from '../../ws/tickets.ts';
import { rightsOfRequest } from '../caller.ts';

export interface SceneRoutesOptions {
  scene: LiveScene;
  clock: () => { scopeAtMs: number; factor: number };
  /** What does not move. */
  geometry: Geometry;
  tickets: Tickets;
}

const TicketView = Type.Object({ ticket: Type.String(), expiresInMs: Type.Integer() });

export const sceneRoutes: FastifyPluginAsyncTypebox<SceneRoutesOptions> = async (app, { scene, clock, geometry, tickets }) => {
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
      schema: { tags: ['scene'], summary: 'Everything the caller may see, now', response: { 200: Scene } },
    },
    async (request) => scene.sceneFor(rightsOfRequest(request), clock()),
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
      schema: { tags: ['scene'], summary: 'A one-time ticket for /ws?ticket=…', response: { 201: TicketView } },
    },
    async (request, reply) => reply.code(201).send(tickets.issue(rightsOfRequest(request))),
  );
};

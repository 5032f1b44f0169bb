import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Metrics } from '../../metrics/metrics.ts';
import { problemOf } from '../problem.ts';

export interface ObserveRoutesOptions {
  metrics: Metrics;
  /** What the platform still lacks; empty: ready. */
  lacking: () => Promise<readonly string[]>;
}

/** For those who watch over the process. */
export const observeRoutes: FastifyPluginAsyncTypebox<ObserveRoutesOptions> = async (app, { metrics, lacking }) => {
  const open = { config: { public: true } } as const;
  app.get(
    '/healthz',
    {
      ...open,
      schema: { tags: ['observe'], summary: 'The process lives', security: [], response: { 200: Type.Object({ status: Type.String() }) } },
    },
    async () => ({ status: 'alive' }),
  );
  app.get(
    '/readyz',
    { ...open, schema: { tags: ['observe'], summary: 'State is restored, database and NATS are there', security: [] } },
    async (request, reply) => {
      const missing = await lacking();
      if (missing.length === 0) return reply.send({ status: 'ready' });
      return reply
        .code(503)
        .type('application/problem+json')
        .send(problemOf(503, 'NOT_READY', missing.join(', '), request.url));
    },
  );
  app.get('/metrics', { ...open, schema: { tags: ['observe'], summary: 'Prometheus', security: [] } }, async (_, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
};

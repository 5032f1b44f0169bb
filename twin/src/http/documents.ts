import { asyncApiDocument } from '@corridor/protocols/asyncapi';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';

/** Version of the interfaces. */
export const API_VERSION = '1.0.0';

const DESCRIPTION = `The HTTP interface of the platform: people and programs look at the corridor, order swaps, follow the money.

Money is whole fen as text, energy whole Wh, times RFC 3339 in scope time. Errors are RFC 9457 problems with a stable \`code\`. Lists are paged with a cursor.
Gateways speak NATS: [/asyncapi.json](/asyncapi.json) says how.

**To write a gateway**: get a token (\`POST /api/v1/auth/demo-token\`, or your identity provider), enrol with
\`POST /api/v1/stations/{id}/credentials\`, connect to \`natsUrl\` with the creds and the \`inboxPrefix\` it answers, and follow /asyncapi.json.

**What you may not see is not there**: 404, and lists leave it out; fields that are not yours are null. A station operator sees the trucks that arrive at its
stations within 30 minutes (plate and ETA), its orders and its part of their bills; a carrier its trucks and what it pays; a driver his truck and his orders; a battery owner its
packs, and roughly where they are; the platform everything. What happened is shown to who owned the thing then. A gateway needs none of it: it knows what stands in its bay from its own sensors.`;

/** OpenAPI 3.1 of everything registered after this, its page at /docs, and the AsyncAPI document. */
export async function serveDocuments(app: FastifyInstance, { natsUrl }: { natsUrl: string }): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Corridor Twin',
        version: API_VERSION,
        description: DESCRIPTION,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
      security: [{ bearer: [] }],
    },
  });
  await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: true });
  app.get('/openapi.json', { config: { public: true }, schema: { hide: true } }, async () => app.swagger());
  const asyncApi = JSON.stringify(asyncApiDocument({ version: API_VERSION, natsHost: new URL(natsUrl).host }));
  app.get('/asyncapi.json', { config: { public: true }, schema: { hide: true } }, async (_, reply) =>
    reply.type('application/json; charset=utf-8').send(asyncApi),
  );
}

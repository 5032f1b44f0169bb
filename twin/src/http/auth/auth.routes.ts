import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { EMBEDDED_CLAIMS, type EmbeddedIssuer } from '../../auth/embedded-issuer.ts';
import type { AuthConfig } from '../../config.ts';
import { ProblemError } from '../problem.ts';

const DemoUser = Type.Object({
  id: Type.String(),
  name: Type.String(),
  nameZh: Type.String(),
  role: Type.String(),
  principalId: Type.Union([Type.String(), Type.Null()]),
});
const AuthView = Type.Object({
  issuer: Type.Union([Type.Literal('embedded'), Type.Literal('oidc')]),
  oidcIssuer: Type.Optional(Type.String()),
  audience: Type.Optional(Type.String()),
  clientId: Type.Optional(Type.String({ description: 'client of the viewer at the OIDC provider (public, code flow with PKCE)' })),
  claims: Type.Object(
    { roles: Type.String(), principal: Type.String() },
    { description: 'claims of a token that tell who somebody is; dotted when nested, a name that holds dots itself comes first' },
  ),
  demoUsers: Type.Optional(Type.Array(DemoUser)),
  paymentChannel: Type.Union([Type.String(), Type.Null()], { description: 'payment rail by which money is paid in; null: none' }),
});

export interface AuthRoutesOptions {
  auth: AuthConfig;
  /** null with an OIDC provider. */
  issuer: EmbeddedIssuer | null;
  /** null: there is no payment rail. */
  paymentChannel: string | null;
}

/** How to sign in. Demo users exist with the embedded issuer only. */
export const authRoutes: FastifyPluginAsyncTypebox<AuthRoutesOptions> = async (app, { auth, issuer, paymentChannel }) => {
  const demoUsers = issuer?.users.map(({ userId, name, nameZh, roles, principalId }) => ({
    id: userId,
    name,
    nameZh,
    role: roles[0] ?? '',
    principalId,
  }));
  app.get(
    '/auth/config',
    { config: { public: true }, schema: { tags: ['auth'], summary: 'How to sign in', security: [], response: { 200: AuthView } } },
    async () => {
      if (auth.kind === 'oidc') {
        const { issuer: oidcIssuer, audience, clientId, rolesClaim: roles, principalClaim: principal } = auth;
        const claims = { roles, principal };
        return { issuer: 'oidc' as const, oidcIssuer, audience, claims, paymentChannel, ...(clientId === null ? {} : { clientId }) };
      }
      return { issuer: 'embedded' as const, claims: EMBEDDED_CLAIMS, paymentChannel, ...(demoUsers ? { demoUsers } : {}) };
    },
  );
  app.post(
    '/auth/demo-token',
    {
      config: { public: true, rateLimited: 'signIn' },
      schema: {
        tags: ['auth'],
        summary: 'Signs a demo user in; embedded issuer only',
        security: [],
        body: Type.Object({ userId: Type.String({ maxLength: 100 }) }, { additionalProperties: false }),
        response: { 201: Type.Object({ token: Type.String() }) },
      },
    },
    async (request, reply) => {
      if (!issuer) throw new ProblemError(404, 'NO_DEMO_USERS', 'people sign in with the OIDC provider');
      const token = await issuer.issueDemoToken(request.body.userId);
      if (token === null) throw new ProblemError(404, 'NOT_FOUND', `there is no demo user ${request.body.userId}`);
      return reply.code(201).header('cache-control', 'no-store').send({ token });
    },
  );
  app.get(
    '/auth/jwks',
    {
      config: { public: true },
      schema: {
        tags: ['auth'],
        summary: 'Public keys of the embedded issuer',
        security: [],
        response: { 200: Type.Object({ keys: Type.Array(Type.Record(Type.String(), Type.Unknown())) }) },
      },
    },
    async () => ({ keys: issuer ? issuer.jwks.keys.map((key): Record<string, unknown> => ({ ...key })) : [] }),
  );
};

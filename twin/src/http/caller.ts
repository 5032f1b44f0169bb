import type { FastifyRequest } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import type { ServiceScope } from '../auth/caller.ts';
import { KeysUnavailableError, TokenRefusedError } from '../auth/token-verifier.ts';
import { type Rights, rightsOf } from '../projection/rights.ts';
import { forbidden, ProblemError } from './problem.ts';

/** Who asks. */
export interface Caller {
  readonly userId: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly principalId: string | null;
  readonly driverId: string | null;
  readonly scopes: readonly ServiceScope[];
  /** Wall time at which the token counts no longer. */
  readonly countsUntilMs: number;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set on every route under /api/v1 but those that sign people in. */
    caller: Caller | null;
  }
}

export interface BearerOptions {
  /** @throws TokenRefusedError, KeysUnavailableError */
  verify: (token: string) => Promise<Caller>;
  /** Whether the token counts, and whoever holds it takes no part any more. */
  hasLeft: (caller: Caller) => boolean;
}

/** Every request behind this plugin needs a bearer token that counts. */
export const bearerAuth = fastifyPlugin<BearerOptions>(
  async (app, { verify, hasLeft }) => {
    app.decorateRequest('caller', null);
    // The document says which scope lets a service in (OpenAPI 3.1: role names in a security requirement).
    app.addHook('onRoute', (route) => {
      const scope = route.config?.serviceScope;
      if (scope !== undefined) route.schema = { ...route.schema, security: [{ bearer: [scope] }] };
    });
    app.addHook('onRequest', async (request) => {
      if (request.routeOptions.config.public === true) return;
      const [scheme, token] = (request.headers.authorization ?? '').split(' ');
      if (scheme?.toLowerCase() !== 'bearer' || !token)
        throw new ProblemError(401, 'TOKEN_MISSING', 'send "Authorization: Bearer <token>"');
      try {
        request.caller = await verify(token);
      } catch (cause) {
        if (cause instanceof KeysUnavailableError) throw new ProblemError(503, cause.code, cause.message);
        if (!(cause instanceof TokenRefusedError)) throw cause;
        request.log.debug({ err: cause }, 'a token was refused');
        throw new ProblemError(401, 'TOKEN_INVALID', 'the token does not count, or no longer');
      }
      if (hasLeft(request.caller) && request.routeOptions.config.beforeJoining !== true)
        throw new ProblemError(401, 'DRIVER_NOT_REGISTERED', 'this driver takes no part');
      refuseBeyondScope(request.caller, request.routeOptions.config.serviceScope);
    });
  },
  { name: 'bearer-auth' },
);

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Needs no token. */
    public?: boolean;
    /** Also for a driver who takes no part yet, or not any more. */
    beforeJoining?: boolean;
    /** Scope that lets a service call this route; none: no service may. */
    serviceScope?: ServiceScope;
  }
}

/**
 * A service sees and does as much as the platform's operators, but only on routes that name a scope it has: what was not thought
 * of stays closed.
 */
function refuseBeyondScope({ roles, scopes }: Caller, needed: ServiceScope | undefined): void {
  if (!roles.includes('SERVICE') || roles.includes('PLATFORM_OPERATOR')) return;
  if (needed === undefined) throw forbidden('no service may do this: it takes a person, or a token with the role PLATFORM_OPERATOR');
  if (!scopes.includes(needed)) throw forbidden(`the token of this service lacks the scope ${needed}`);
}

/** @throws ProblemError on a route that let nobody sign in */
export function callerOf(request: FastifyRequest): Caller {
  if (!request.caller) throw new ProblemError(401, 'TOKEN_MISSING', 'send "Authorization: Bearer <token>"');
  return request.caller;
}

export const rightsOfRequest = (request: FastifyRequest): Rights => rightsOf(callerOf(request));

/** Acts of the platform's operators, and of services whose scope let them this far. @throws ProblemError */
export function requireOperator(request: FastifyRequest): Caller {
  const caller = callerOf(request);
  if (rightsOf(caller).kind !== 'ALL') throw forbidden("only the platform's operators may do this");
  return caller;
}

import rateLimit from '@fastify/rate-limit';
import type { FastifyRequest } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import type { RateLimits } from '../config.ts';
import { ProblemError } from './problem.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What kind of request it is to the limits; without it a write counts as `write`, and a read is not counted. */
    rateLimited?: keyof RateLimits;
  }
}

const WINDOW_MS = 60_000;
/** Methods that change nothing: what they cost is bounded by pages and time spans. */
const READS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whoever signed in is counted by name, so that users behind one proxy do not use up each other's share. */
const keyOf = (request: FastifyRequest): string => (request.caller ? `user:${request.caller.userId}` : `address:${request.ip}`);

/**
 * Limits how often a caller writes, issues credentials and signs in: 429 with Retry-After. Counted after the token was checked
 * and before the body is, so that what is malformed counts too. Register it behind the check of tokens.
 */
export const rateLimits = fastifyPlugin<{ limits: RateLimits }>(
  async (app, { limits }) => {
    await app.register(rateLimit, { global: false });
    const limiterOf = (max: number) => (max === 0 ? null : app.createRateLimit({ max, timeWindow: WINDOW_MS, keyGenerator: keyOf }));
    const limiters = { signIn: limiterOf(limits.signIn), enrol: limiterOf(limits.enrol), write: limiterOf(limits.write) };
    app.addHook('preValidation', async (request, reply) => {
      const kind = request.routeOptions.config.rateLimited ?? (READS.has(request.method) ? null : 'write');
      const limiter = kind === null ? null : limiters[kind];
      if (kind === null || limiter === null) return;
      const count = await limiter(request);
      if (count.isAllowed || !count.isExceeded) return;
      reply.header('retry-after', String(Math.max(1, count.ttlInSeconds)));
      throw new ProblemError(429, 'TOO_MANY_REQUESTS', `more than ${limits[kind]} such requests in a minute`);
    });
  },
  { name: 'rate-limits', dependencies: ['bearer-auth'] },
);

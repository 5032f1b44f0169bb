import { holdsUnsafeText } from '@corridor/protocols/safe-text';
import type { FastifyInstance } from 'fastify';
import { ProblemError } from './problem.ts';

/** What a page of ours may load. A provider without TLS, which only a trial has, is named: of the others any may be asked to sign people in. */
function contentPolicy(issuer: string | null): string {
  const provider = issuer?.startsWith('http:') === true ? ` ${new URL(issuer).origin}` : '';
  return [
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    `connect-src 'self' ws: wss: https:${provider}`,
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "form-action 'self'",
  ].join('; ');
}

/** Headers that every answer carries. The documentation page has a policy of its own. @param issuer OpenID provider; null: the embedded one */
export function securityHeaders(app: FastifyInstance, issuer: string | null): void {
  const policy = contentPolicy(issuer);
  app.addHook('onSend', async (request, reply) => {
    reply.header('x-content-type-options', 'nosniff');
    reply.header('referrer-policy', 'no-referrer');
    reply.header('x-frame-options', 'DENY');
    reply.header('cross-origin-opener-policy', 'same-origin');
    if (!request.url.startsWith('/docs')) reply.header('content-security-policy', policy);
    if (request.url.startsWith('/api/') && !reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
  });
}

/** Text that no database takes: refused at the door. */
export function refuseUnsafeText(app: FastifyInstance): void {
  app.addHook('preValidation', async (request) => {
    if (holdsUnsafeText([request.body, request.params, request.query])) {
      throw new ProblemError(400, 'INPUT_INVALID', 'a text holds a NUL or half a character');
    }
  });
}

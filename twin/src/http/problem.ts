import type { Problem } from '@corridor/protocols/http/problem';
import type { FastifyError, FastifyInstance, FastifySchemaValidationError } from 'fastify';
import pg from 'pg';
import { mayPass } from '../writer/passing-failure.ts';

/** An answer other than success: RFC 9457, with a stable code. */
export class ProblemError extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, detail: string) {
    super(detail);
    this.status = status;
    this.code = code;
  }
}

export const notFound = (what: string, id: string): ProblemError => new ProblemError(404, 'NOT_FOUND', `there is no ${what} ${id}`);
export const forbidden = (detail: string): ProblemError => new ProblemError(403, 'FORBIDDEN', detail);

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  409: 'Conflict',
  413: 'Too large',
  415: 'Unsupported media type',
  422: 'Refused',
  429: 'Too many requests',
  500: 'Internal error',
  503: 'Not available now',
};

/**
 * What the database says of a value that it cannot read or hold: of a request, for what we write went through the writer. A
 * cursor that somebody made up, a time in the year 0.
 */
const VALUE_CODES: ReadonlySet<string> = new Set(['22003', '22007', '22008', '22021', '22P02', '22P05']);

export function problemOf(status: number, code: string, detail: string | undefined, instance: string): Problem {
  return { type: 'about:blank', title: TITLES[status] ?? 'Error', status, code, ...(detail === undefined ? {} : { detail }), instance };
}

/** One handler for all errors: what we mean to say is said, what we did not foresee is logged and not told. */
export function handleProblems(app: FastifyInstance): void {
  app.setErrorHandler(async (error: FastifyError | ProblemError | Error, request, reply) => {
    const problem = translate(error, request.url);
    if (problem.status >= 500) request.log.error({ err: error }, 'request failed');
    reply.code(problem.status).type('application/problem+json');
    if (problem.status === 401) reply.header('www-authenticate', 'Bearer');
    if (problem.status === 503) reply.header('retry-after', '1');
    return JSON.stringify(problem);
  });
  app.setNotFoundHandler(async (request, reply) => {
    reply.code(404).type('application/problem+json');
    return JSON.stringify(problemOf(404, 'ROUTE_UNKNOWN', `${request.method} ${request.url}`, request.url));
  });
}

/** What a schema refuses of a request, each thing once: every branch of a union says it again. @param place `body`, `querystring` … */
export function asOneError(errors: readonly FastifySchemaValidationError[], place: string): Error {
  return new Error(
    [...new Set(errors.map(({ instancePath, message }) => `${place}${instancePath} ${message ?? 'is refused'}`))].join(', '),
  );
}

const isValueRefused = (error: Error): boolean => error instanceof pg.DatabaseError && VALUE_CODES.has(error.code ?? '');

function translate(error: FastifyError | ProblemError | Error, url: string): Problem {
  if (error instanceof ProblemError) return problemOf(error.status, error.code, error.message, url);
  if ('validation' in error && error.validation) return problemOf(400, 'INPUT_INVALID', error.message, url);
  if (isValueRefused(error)) {
    return problemOf(400, 'INPUT_INVALID', 'a value, or the cursor, is none that can be looked for', url);
  }
  if ('code' in error && (error.code === 'WRITER_BUSY' || error.code === 'WRITER_STOPPED')) {
    return problemOf(503, error.code, error.message, url);
  }
  if (mayPass(error)) return problemOf(503, 'UNAVAILABLE', 'what this needs cannot be reached now', url);
  if ('code' in error && error.code === 'INPUT_FAILED') return problemOf(500, error.code, error.message, url);
  if ('statusCode' in error && typeof error.statusCode === 'number' && error.statusCode < 500) {
    return problemOf(error.statusCode, error.statusCode === 413 ? 'BODY_TOO_LARGE' : 'INPUT_INVALID', error.message, url);
  }
  return problemOf(500, 'INTERNAL', undefined, url);
}

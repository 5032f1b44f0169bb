import type { FastifyRequest } from 'fastify';
import type { Agreeing } from '../../agreements/agreement-desk.ts';
import type { Database } from '../../db/db.ts';
import { bookOwnerOf } from '../../projection/rights.ts';
import { readAs } from '../../rights/read-as.ts';
import { callerOf, rightsOfRequest } from '../caller.ts';
import { forbidden } from '../problem.ts';

/** Who agrees, and for which party. @throws ProblemError 403: drivers and guests are of no party */
export function agreeingOf(request: FastifyRequest, { database, platformId }: { database: Database; platformId: string }): Agreeing {
  const rights = rightsOfRequest(request);
  const principalId = rights.kind === 'ALL' ? platformId : bookOwnerOf(rights);
  if (principalId === null) throw forbidden('only people of a party agree');
  return { userId: callerOf(request).userId, principalId, readable: readAs(database, rights) };
}

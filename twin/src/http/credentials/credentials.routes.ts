import type { Reference } from '@corridor/actors/network/reference';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { GatewayKind } from '../../nats/enrolment.ts';
import { rightsOf } from '../../projection/rights.ts';
import type { Writer } from '../../writer/writer.ts';
import { IdParams } from '../assets/assets.routes.ts';
import { callerOf } from '../caller.ts';
import { forbidden, notFound, ProblemError } from '../problem.ts';
import { type EnrolmentDesk, EnrolmentUnavailableError } from './enrolment-desk.ts';

const CredentialsView = Type.Object({
  creds: Type.String({ description: 'text of a NATS creds file; shown once' }),
  inboxPrefix: Type.String({ description: 'inbox prefix that the credentials allow' }),
  publicKey: Type.String(),
  natsUrl: Type.String(),
  scope: Type.String(),
});

export interface CredentialsRoutesOptions {
  desk: EnrolmentDesk;
  reference: Reference;
  writer: Writer;
  /** @param source `station:HH1` */
  forgetSource: (source: string, by: string) => Promise<void>;
  natsUrl: string;
  scope: string;
}

const PATHS = { station: 'stations', truck: 'trucks' } as const satisfies Record<GatewayKind, string>;

/** Enrols the gateways of stations and trucks, and revokes them. */
export const credentialsRoutes: FastifyPluginAsyncTypebox<CredentialsRoutesOptions> = async (app, options) => {
  const { desk, reference, writer, forgetSource, natsUrl, scope } = options;
  for (const kind of ['station', 'truck'] as const) {
    const path = `/${PATHS[kind]}/:id/credentials`;
    app.post(
      path,
      {
        config: { serviceScope: 'gateways:enrol', rateLimited: 'enrol' },
        schema: {
          tags: [PATHS[kind]],
          summary: `Enrols the gateway of a ${kind}: NATS credentials, given once`,
          params: IdParams,
          response: { 201: CredentialsView },
        },
      },
      async (request, reply) => {
        const caller = mayEnrol(request, kind, request.params.id, reference);
        const { creds, inboxPrefix, publicKey } = await unlessUnavailable(desk.enrol(kind, request.params.id, caller.userId));
        return reply.code(201).header('cache-control', 'no-store').send({ creds, inboxPrefix, publicKey, natsUrl, scope });
      },
    );
    app.delete(
      path,
      {
        config: { rateLimited: 'enrol' },
        schema: {
          tags: [PATHS[kind]],
          summary: `Revokes all credentials of a ${kind}'s gateway; the next one that is enrolled begins anew`,
          params: IdParams,
          response: { 200: Type.Object({ revoked: Type.Integer() }) },
        },
      },
      async (request) => {
        const { id } = request.params;
        const caller = mayEnrol(request, kind, id, reference);
        const revoked = await unlessUnavailable(desk.revoke(kind, id, caller.userId));
        if (revoked > 0) {
          writer.source(id, (atMs) => ({ type: 'gateway.revoked', atMs }));
          await forgetSource(`${kind}:${id}`, caller.userId);
        }
        return { revoked };
      },
    );
  }
};

/** The platform's operators enrol everybody, owners their own. */
function mayEnrol(request: FastifyRequest, kind: GatewayKind, id: string, reference: Reference) {
  const caller = callerOf(request);
  const ownerId = kind === 'station' ? reference.station(id)?.operatorId : reference.truck(id)?.carrierId;
  if (ownerId === undefined) throw notFound(kind, id);
  const rights = rightsOf(caller);
  const ownRole = kind === 'station' ? 'STATION_OPERATOR' : 'CARRIER';
  const own = rights.kind === ownRole && rights.principalId === ownerId && !caller.roles.includes('DRIVER');
  // Which stations there are is known to all, which trucks is not.
  if (rights.kind !== 'ALL' && !own)
    throw kind === 'truck' ? notFound(kind, id) : forbidden('only the platform and the operator enrol a station');
  return caller;
}

async function unlessUnavailable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    if (cause instanceof EnrolmentUnavailableError) throw new ProblemError(503, cause.code, cause.message);
    throw cause;
  }
}

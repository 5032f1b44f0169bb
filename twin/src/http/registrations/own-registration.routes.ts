import { randomUUID } from 'node:crypto';
import { isIdentityNumber } from '@corridor/protocols/identity-number';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { inTransaction } from '../../db/db.ts';
import type { Rights } from '../../projection/rights.ts';
import { ownEntry } from '../../roster/own-application.ts';
import { lockRegistration } from '../../roster/registrations.queries.ts';
import { callerOf, rightsOfRequest } from '../caller.ts';
import { forbidden, ProblemError } from '../problem.ts';
import { NOT_BLANK } from '../reason-text.ts';
import { RegistrationView, registrationViewOf } from './registration-view.ts';
import type { RegistrationsRoutesOptions } from './registrations.routes.ts';
import { granted } from './roster-problem.ts';

const closed = { additionalProperties: false } as const;
const PLATES_MAX = 20;
const OwnApplication = Type.Object(
  {
    identity: Type.Object(
      {
        realName: Type.String({ pattern: NOT_BLANK, maxLength: 64 }),
        idNumber: Type.String({ pattern: '^\\d{17}[\\dX]$', description: 'resident identity card, GB 11643' }),
        phone: Type.String({ pattern: '^1[3-9]\\d{9}$', description: 'mobile number of the mainland' }),
        licenceNo: Type.String({ pattern: '^\\d{12}$', description: 'file number of the driving licence' }),
      },
      closed,
    ),
    certifiedUntil: Type.String({ format: 'date', description: 'last day of the licence, included' }),
    plates: Type.Array(Type.String({ minLength: 1, maxLength: 16 }), {
      minItems: 1,
      maxItems: PLATES_MAX,
      description: "of the carrier's trucks that he drives",
    }),
  },
  closed,
);

/** A driver's own registration with his real name, before anything else is open to him. */
export const ownRegistrationRoutes: FastifyPluginAsyncTypebox<RegistrationsRoutesOptions> = async (app, options) => {
  const { database, platformId, desk, reference } = options;
  const tags = ['parties'];
  const config = { beforeJoining: true };
  const view = async (request: FastifyRequest, id: string) =>
    registrationViewOf(database, platformId, { rights: rightsOfRequest(request), kind: 'DRIVER', id });
  app.get(
    '/registrations/own',
    { config, schema: { tags, summary: "A driver's own registration", response: { 200: RegistrationView } } },
    async (request) => view(request, requireDriver(request).driverId),
  );
  app.post(
    '/registrations/own',
    {
      config,
      schema: { tags, summary: 'A driver applies himself, with his real name', body: OwnApplication, response: { 201: RegistrationView } },
    },
    async (request, reply) => {
      const { driverId, carrierId } = requireDriver(request);
      const { identity, certifiedUntil, plates } = request.body;
      if (!isIdentityNumber(identity.idNumber))
        throw new ProblemError(422, 'ID_NUMBER_INVALID', 'the last character of the identity number does not fit the others');
      const before = await inTransaction(database, async (db) => lockRegistration(db, platformId, 'DRIVER', driverId));
      const made = ownEntry({ driverId, carrierId, plates, certifiedUntil }, { reference, before, newCard: randomUUID });
      if ('unknownPlate' in made)
        throw new ProblemError(422, 'PLATE_UNKNOWN', `${carrierId} has no truck with the plate ${made.unknownPlate}`);
      granted(await desk.apply(made.entry, identity, callerOf(request).userId));
      return reply.code(201).send(await view(request, driverId));
    },
  );
};

/** Whose driver somebody is, and his number, the provider says in his token. @throws ProblemError */
function requireDriver(request: FastifyRequest): Extract<Rights, { kind: 'DRIVER' }> {
  const rights = rightsOfRequest(request);
  if (rights.kind !== 'DRIVER') throw forbidden('a driver registers himself here, with a token that has his number');
  return rights;
}

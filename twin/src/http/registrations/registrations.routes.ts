import type { ReferenceStore } from '@corridor/actors/network/reference-store';
import type { RosterEntry } from '@corridor/actors/roster/roster-act';
import { ROSTER_KINDS, ROSTER_STATES } from '@corridor/actors/roster/roster-life';
import { Page } from '@corridor/protocols/http/problem';
import { IdText } from '@corridor/protocols/ids';
import { Literals } from '@corridor/protocols/literals';
import { DriverDefinition, PackDefinition, Principal, StationDefinition, TruckDefinition } from '@corridor/protocols/network-file';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { type Database, inTransaction } from '../../db/db.ts';
import type { IdentityVault } from '../../identity/identity-vault.ts';
import { readAs } from '../../rights/read-as.ts';
import {
  findRegistration,
  listRegistrations,
  lockRegistration,
  noteRosterAct,
  type RegistrationRow,
} from '../../roster/registrations.queries.ts';
import { identityOf, type RosterDesk } from '../../roster/roster-desk.ts';
import { measuredBy } from '../assets/deposits.routes.ts';
import { mayRead } from '../books.ts';
import { callerOf, requireOperator, rightsOfRequest } from '../caller.ts';
import { cursorOf, LIMIT_DEFAULT, PageQuery, readCursor } from '../paging.ts';
import { forbidden, notFound } from '../problem.ts';
import { NOT_BLANK } from '../reason-text.ts';
import { ownRegistrationRoutes } from './own-registration.routes.ts';
import { RegistrationView, registrationViewOf, registrationViews } from './registration-view.ts';
import { granted } from './roster-problem.ts';

const closed = { additionalProperties: false } as const;
const Word = (description: string) => Type.Optional(Type.String({ pattern: NOT_BLANK, maxLength: 64, description }));
const Identity = Type.Object(
  {
    realName: Word('of a driver, or of who represents a company'),
    idNumber: Word('of a driver: number of the resident identity card'),
    phone: Word('of a driver, where he says it: mobile number'),
    licenceNo: Word('of a driver, where he says it: file number of his driving licence'),
    ownerName: Word('of a truck: owner in its licence'),
    vehicleLicenceNo: Word('of a truck: file number of its licence'),
    creditCode: Word('of a company: unified social credit code'),
  },
  { ...closed, description: 'sealed at rest, shown masked, never in logs or exports' },
);
const Application = Type.Union([
  Type.Object({ kind: Type.Literal('PRINCIPAL'), definition: Principal, identity: Type.Optional(Identity) }, closed),
  Type.Object({ kind: Type.Literal('STATION'), definition: StationDefinition, identity: Type.Optional(Identity) }, closed),
  Type.Object({ kind: Type.Literal('PACK'), definition: PackDefinition, identity: Type.Optional(Identity) }, closed),
  Type.Object({ kind: Type.Literal('TRUCK'), definition: TruckDefinition, identity: Type.Optional(Identity) }, closed),
  Type.Object({ kind: Type.Literal('DRIVER'), definition: DriverDefinition, identity: Type.Optional(Identity) }, closed),
]);
const Params = Type.Object({ kind: Literals(ROSTER_KINDS), id: IdText('of whoever or whatever takes part') });
const Reason = Type.Object({ reason: Type.String({ pattern: NOT_BLANK, maxLength: 200 }) }, closed);
export interface RegistrationsRoutesOptions {
  database: Database;
  platformId: string;
  desk: RosterDesk;
  reference: ReferenceStore;
  vault: IdentityVault | null;
  scopeNowMs: () => number;
}

/** Who and what takes part: applies, is certified, begins, is suspended and resumed, leaves. */
export const registrationsRoutes: FastifyPluginAsyncTypebox<RegistrationsRoutesOptions> = async (app, options) => {
  const { database, platformId, desk } = options;
  const tags = ['parties'];
  const view = async (request: FastifyRequest, { kind, id }: { kind: RegistrationRow['kind']; id: string }) =>
    registrationViewOf(database, platformId, { rights: rightsOfRequest(request), kind, id });
  app.post(
    '/registrations',
    { schema: { tags, summary: 'Applies to take part', body: Application, response: { 201: RegistrationView } } },
    async (request, reply) => {
      const { identity, ...entry } = request.body;
      requireParty(request, entry);
      granted(await desk.apply(entry, identity ?? null, callerOf(request).userId));
      return reply.code(201).send(await view(request, { kind: entry.kind, id: entry.definition.id }));
    },
  );
  app.get(
    '/registrations',
    {
      schema: {
        tags,
        summary: "The caller's registrations",
        querystring: Type.Object({
          ...PageQuery,
          kind: Type.Optional(Literals(ROSTER_KINDS)),
          state: Type.Optional(Literals(ROSTER_STATES)),
        }),
        response: { 200: Page(RegistrationView) },
      },
    },
    async (request) => {
      const { kind, state, cursor } = request.query;
      const limit = request.query.limit ?? LIMIT_DEFAULT;
      const asked = { kind: kind ?? null, state: state ?? null, limit: limit + 1, after: readCursor(cursor, 2) };
      const rows = await listRegistrations(readAs(database, rightsOfRequest(request)), platformId, asked);
      const items = rows.slice(0, limit);
      const last = items.at(-1);
      return {
        items: await registrationViews(database, platformId, items),
        nextCursor: rows.length > limit && last ? cursorOf([last.kind, last.entity_id]) : null,
      };
    },
  );
  app.get(
    '/registrations/:kind/:id',
    { schema: { tags, summary: 'One registration', params: Params, response: { 200: RegistrationView } } },
    async (request) => view(request, request.params),
  );
  await app.register(rosterActsRoutes, { ...options, view });
  await app.register(identityRoutes, options);
  await app.register(ownRegistrationRoutes, options);
};

type View = (request: FastifyRequest, params: { kind: RegistrationRow['kind']; id: string }) => ReturnType<typeof registrationViewOf>;

const rosterActsRoutes: FastifyPluginAsyncTypebox<RegistrationsRoutesOptions & { view: View }> = async (app, options) => {
  const { database, platformId, desk, view } = options;
  const tags = ['parties'];
  const response = { 200: RegistrationView };
  app.post(
    '/registrations/:kind/:id/certify',
    { schema: { tags, summary: 'Certifies by hand', params: Params, response } },
    async (request) => {
      const { kind, id } = request.params;
      granted(await desk.certify(kind, id, { step: 'CERTIFY', reason: null, by: requireOperator(request).userId }));
      return view(request, request.params);
    },
  );
  app.post(
    '/registrations/:kind/:id/reject',
    { schema: { tags, summary: 'Rejects an application', params: Params, body: Reason, response } },
    async (request) => {
      const { kind, id } = request.params;
      granted(await desk.certify(kind, id, { step: 'REJECT', reason: request.body.reason, by: requireOperator(request).userId }));
      return view(request, request.params);
    },
  );
  app.post(
    '/registrations/:kind/:id/activate',
    { schema: { tags, summary: 'Lets who is certified take part', params: Params, response } },
    async (request) => {
      const { kind, id } = request.params;
      granted(await desk.activate(kind, id, requireOperator(request).userId));
      return view(request, request.params);
    },
  );
  app.post(
    '/registrations/:kind/:id/suspend',
    { schema: { tags, summary: 'Lets nothing new begin with it; what is under way ends', params: Params, body: Reason, response } },
    async (request) => {
      const { kind, id } = request.params;
      granted(await desk.suspend(kind, id, request.body.reason, requireOperator(request).userId));
      return view(request, request.params);
    },
  );
  app.post(
    '/registrations/:kind/:id/resume',
    { schema: { tags, summary: 'Ends a suspension', params: Params, response } },
    async (request) => {
      const { kind, id } = request.params;
      granted(await desk.resume(kind, id, requireOperator(request).userId));
      return view(request, request.params);
    },
  );
  app.post(
    '/registrations/:kind/:id/deregister',
    {
      schema: {
        tags,
        summary: 'Leaves, when custody, orders and money are settled; the deposit of a truck goes back',
        params: Params,
        body: Type.Object(
          {
            energyWh: Type.Optional(
              Type.Integer({
                minimum: 0,
                maximum: 10_000_000,
                description: 'of a truck with a deposit: in its last pack, by the platform',
              }),
            ),
          },
          closed,
        ),
        response,
      },
    },
    async (request) => {
      const { kind, id } = request.params;
      const rights = rightsOfRequest(request);
      const known = await findRegistration(readAs(database, rights), platformId, kind, id);
      const principalId = known?.principal_id ?? desk.ownerOf(kind, id);
      if (principalId === null || !mayRead(rights, principalId)) throw notFound('registration', `${kind} ${id}`);
      const { energyWh } = request.body;
      granted(await desk.leave(kind, id, measuredBy(request, energyWh), callerOf(request).userId));
      return view(request, request.params);
    },
  );
};

/** Identity data, opened for one who may read it; each time is written down. */
const identityRoutes: FastifyPluginAsyncTypebox<RegistrationsRoutesOptions> = async (app, { database, platformId, vault, scopeNowMs }) => {
  app.get(
    '/registrations/:kind/:id/identity',
    {
      schema: {
        tags: ['parties'],
        summary: 'Identity data, to its party and the platform; each reading is in the audit log',
        params: Params,
        response: { 200: Type.Object({ identity: Type.Record(Type.String(), Type.String()) }) },
      },
    },
    async (request, reply) => {
      const { kind, id } = request.params;
      const rights = rightsOfRequest(request);
      const identity = await inTransaction(database, async (db) => {
        const file = await lockRegistration(db, platformId, kind, id);
        if (file === null || !mayRead(rights, file.principal_id) || file.identity === null || file.identity_key === null || vault === null)
          return null;
        const at = new Date(scopeNowMs()).toISOString();
        const { principal_id: principalId, state } = file;
        const by = callerOf(request).userId;
        await noteRosterAct(db, platformId, { at, by, action: 'roster.readIdentity', kind, id, principalId, before: state, after: {} });
        return vault.open({ keyId: file.identity_key, bytes: file.identity }, identityOf(platformId, kind, id));
      });
      if (identity === null) throw notFound('identity of', `${kind} ${id}`);
      return reply.header('cache-control', 'no-store').send({ identity });
    },
  );
};

const OWNER_RIGHTS = { STATION: 'STATION_OPERATOR', PACK: 'BATTERY_OWNER', TRUCK: 'CARRIER', DRIVER: 'CARRIER' } as const;

/** Principals are let in by the platform; what belongs to one is applied for by it. @throws ProblemError */
function requireParty(request: FastifyRequest, entry: RosterEntry): void {
  const rights = rightsOfRequest(request);
  if (rights.kind === 'ALL') return;
  const { kind, definition } = entry;
  const owner =
    kind === 'STATION' ? definition.operatorId : kind === 'PACK' ? definition.ownerId : kind === 'PRINCIPAL' ? null : definition.carrierId;
  const isOwn = kind !== 'PRINCIPAL' && rights.kind === OWNER_RIGHTS[kind] && rights.principalId === owner;
  if (!isOwn) throw forbidden('a party applies for what is its own, and the platform for principals');
}

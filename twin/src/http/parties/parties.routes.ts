import type { ReferenceStore } from '@corridor/actors/network/reference-store';
import { Page } from '@corridor/protocols/http/problem';
import { TruckDefinition } from '@corridor/protocols/network-file';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Rights } from '../../projection/rights.ts';
import type { Writer } from '../../writer/writer.ts';
import { IdParams } from '../assets/assets.routes.ts';
import { requireOperator, rightsOfRequest } from '../caller.ts';
import { PageQuery, pageOfList } from '../paging.ts';
import { notFound, ProblemError } from '../problem.ts';
import { ownershipOffersRoutes } from '../registrations/ownership-offers.routes.ts';
import { type RegistrationsRoutesOptions, registrationsRoutes } from '../registrations/registrations.routes.ts';

const PrincipalView = Type.Object({ id: Type.String(), kind: Type.String(), name: Type.String(), nameZh: Type.String() });
const DriverView = Type.Object({
  id: Type.String(),
  name: Type.String(),
  carrierId: Type.String(),
  truckIds: Type.Array(Type.String()),
  certifiedUntil: Type.String(),
});

export interface PartiesRoutesOptions extends RegistrationsRoutesOptions {
  reference: ReferenceStore;
  writer: Writer;
}

/** Who takes part: principals, drivers; and trucks that join. */
export const partiesRoutes: FastifyPluginAsyncTypebox<PartiesRoutesOptions> = async (app, options) => {
  const { reference, writer } = options;
  await app.register(registrationsRoutes, options);
  await app.register(ownershipOffersRoutes, options);
  app.get(
    '/principals',
    {
      config: { serviceScope: 'network:read' },
      schema: { tags: ['parties'], summary: 'Who takes part', querystring: Type.Object(PageQuery), response: { 200: Page(PrincipalView) } },
    },
    async (request) =>
      pageOfList(
        [...reference.principals()].toSorted((one, other) => (one.id < other.id ? -1 : 1)),
        request.query,
      ),
  );
  const driversOf = (rights: Rights) =>
    [...reference.drivers()]
      .filter((driver) => maySeeDriver(driver, rights))
      .toSorted((one, other) => (one.id < other.id ? -1 : 1))
      // The token is the driver's key: it is shown to nobody.
      .map(({ id, name, carrierId, truckIds, certifiedUntil }) => ({ id, name, carrierId, truckIds, certifiedUntil }));
  app.get(
    '/drivers',
    {
      schema: {
        tags: ['parties'],
        summary: "The caller's drivers",
        querystring: Type.Object(PageQuery),
        response: { 200: Page(DriverView) },
      },
    },
    async (request) => pageOfList(driversOf(rightsOfRequest(request)), request.query),
  );
  app.get(
    '/drivers/:id',
    { schema: { tags: ['parties'], summary: 'One driver', params: IdParams, response: { 200: DriverView } } },
    async (request) => {
      const found = driversOf(rightsOfRequest(request)).find(({ id }) => id === request.params.id);
      if (!found) throw notFound('driver', request.params.id);
      return found;
    },
  );
  app.post(
    '/trucks',
    {
      config: { serviceScope: 'trucks:register' },
      schema: {
        tags: ['trucks'],
        summary: 'Registers a truck; the same again changes nothing',
        body: TruckDefinition,
        response: { 201: TruckDefinition },
      },
    },
    async (request, reply) => {
      requireOperator(request);
      const truck = request.body;
      if (reference.principal(truck.carrierId)?.kind !== 'CARRIER') throw notFound('carrier', truck.carrierId);
      if (reference.station(truck.id)) throw new ProblemError(409, 'ID_TAKEN', `${truck.id} is a station`);
      const known = reference.truck(truck.id);
      if (known && (known.carrierId !== truck.carrierId || known.replayed !== truck.replayed)) {
        throw new ProblemError(409, 'ID_TAKEN', `truck ${truck.id} is registered already, as another one`);
      }
      await writer.register({ asset: 'truck', definition: truck }, () => reference.apply({ trucks: [truck] }));
      return reply.code(201).send(truck);
    },
  );
};

/** A carrier sees its drivers, a driver himself. */
function maySeeDriver({ id, carrierId }: { id: string; carrierId: string }, rights: Rights): boolean {
  if (rights.kind === 'DRIVER') return rights.driverId === id;
  return rights.kind === 'ALL' || (rights.kind === 'CARRIER' && rights.principalId === carrierId);
}

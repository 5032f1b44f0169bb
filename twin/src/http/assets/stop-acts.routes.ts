import type { Intent } from '@corridor/actors/network/input';
import { StationView, TruckView } from '@corridor/protocols/http/scene';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { type Rights, rightsOf } from '../../projection/rights.ts';
import { stationAt } from '../../projection/station-at.ts';
import { callerOf } from '../caller.ts';
import { forbidden, notFound } from '../problem.ts';
import { reasonOf } from '../reason-text.ts';
import { IdParams } from './assets.routes.ts';
import { ActBody, type ActOptions, actOnce } from './operator-act.ts';

const SwapAbortView = Type.Object({
  id: Type.String({ description: 'swap: station and requestId' }),
  stationId: Type.String(),
  requestId: Type.Integer(),
  state: Type.String({ description: 'of the swap when its station was asked' }),
});

/**
 * What stops something and lets it go on, decided by the network in one order with the swaps: nothing new begins, what is under way ends as
 * agreed. By the platform and the owner; what the platform stopped, only it lets go on.
 */
export const stopActsRoutes: FastifyPluginAsyncTypebox<ActOptions> = async (app, options) => {
  const { platformId, scene } = options;
  const act = actOnce(options);
  /** For whom the caller acts. @throws ProblemError when that is neither the platform nor the owner */
  const partyOf = (rights: Rights, kind: 'STATION_OPERATOR' | 'CARRIER', ownerId: string | undefined): string => {
    if (rights.kind === 'ALL') return platformId;
    if (rights.kind !== kind || rights.principalId !== ownerId) throw forbidden('only the platform and the owner may do this');
    return rights.principalId;
  };
  for (const { path, type, summary } of TRUCK_ACTS) {
    app.post(
      `/trucks/:id/${path}`,
      { schema: { tags: ['trucks'], summary, params: IdParams, body: ActBody, response: { 200: TruckView } } },
      async (request) => {
        const { id } = request.params;
        const rights = rightsOf(callerOf(request));
        const seen = () => scene.trucksFor(rights).find((each) => each.id === id);
        const truck = seen();
        if (!truck) throw notFound('truck', id);
        const partyId = partyOf(rights, 'CARRIER', scene.live.reference.truck(id)?.carrierId);
        const { key, note } = request.body;
        await act(request, key, { type, truckId: id, partyId, note: reasonOf(note) });
        return seen() ?? truck;
      },
    );
  }
  for (const { path, type, summary } of STATION_ACTS) {
    app.post(
      `/stations/:id/${path}`,
      { schema: { tags: ['stations'], summary, params: IdParams, body: ActBody, response: { 200: StationView } } },
      async (request) => {
        const { id } = request.params;
        const rights = rightsOf(callerOf(request));
        const seen = () => scene.stationsFor(rights).find((each) => each.id === id);
        const station = seen();
        if (!station) throw notFound('station', id);
        const partyId = partyOf(rights, 'STATION_OPERATOR', scene.live.reference.station(id)?.operatorId);
        const { key, note } = request.body;
        await act(request, key, { type, stationId: id, partyId, note: reasonOf(note) });
        return seen() ?? station;
      },
    );
  }
  app.post(
    '/swaps/:id/abort',
    {
      schema: {
        tags: ['stations'],
        summary: 'Asks the station to abort a swap, which it can until the pack is unlocked; 409 SWAP_OVER, SWAP_TOO_FAR',
        params: IdParams,
        body: ActBody,
        response: { 202: SwapAbortView },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { station, requestId } = swapAt(request, id);
      const state = scene.live.stateOf('swap', id);
      const { key, note } = request.body;
      await act(request, key, { type: 'swap.abort', stationId: station.id, requestId, note: reasonOf(note) });
      return reply.code(202).send({ id, stationId: station.id, requestId, state });
    },
  );

  /** The station and the number of a swap, for who may act there. @throws ProblemError */
  function swapAt(request: FastifyRequest, id: string) {
    const rights = rightsOf(callerOf(request));
    const station = stationAt(id, scene.live);
    const requestId = station === undefined ? Number.NaN : Number(id.slice(station.id.length + 1));
    const isOwn = rights.kind === 'ALL' || (rights.kind === 'STATION_OPERATOR' && rights.principalId === station?.operatorId);
    if (station === undefined || !Number.isSafeInteger(requestId) || requestId < 1 || !isOwn) throw notFound('swap', id);
    return { station, requestId };
  }
};

type TruckAct = Extract<Intent['type'], 'truck.block' | 'truck.unblock'>;
type StationAct = Extract<Intent['type'], 'station.open' | 'station.close'>;
const TRUCK_ACTS: readonly { path: string; type: TruckAct; summary: string }[] = [
  {
    path: 'block',
    type: 'truck.block',
    summary: 'Lets a truck begin no swap; 409 TRUCK_BLOCKED',
  },
  {
    path: 'unblock',
    type: 'truck.unblock',
    summary: 'Lets it swap again; 409 TRUCK_NOT_BLOCKED, STOPPED_BY_PLATFORM, BLOCKED_BY_ORDER',
  },
];
const STATION_ACTS: readonly { path: string; type: StationAct; summary: string }[] = [
  {
    path: 'close',
    type: 'station.close',
    summary: 'Lets no swap begin at a station; 409 STATION_CLOSED',
  },
  {
    path: 'open',
    type: 'station.open',
    summary: 'Lets it serve again; 409 STATION_NOT_CLOSED, STOPPED_BY_PLATFORM',
  },
];

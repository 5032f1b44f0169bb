import { QueueView } from '@corridor/protocols/http/queue-view';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { PastScenes } from '../../past/past-scenes.ts';
import type { Rights } from '../../projection/rights.ts';
import { rightsOfRequest } from '../caller.ts';
import { forbidden } from '../problem.ts';
import { AtField, noScene } from '../scene/instant.ts';
import { type QueueFacts, queuesAt } from './queue-view.ts';

export interface QueuesRoutesOptions extends QueueFacts {
  past: PastScenes;
}

/** Queues of stations: the platform's view of all, an operator's of his own. */
export const queuesRoutes: FastifyPluginAsyncTypebox<QueuesRoutesOptions> = async (app, { past, ...now }) => {
  app.get(
    '/queues',
    {
      schema: {
        tags: ['stations'],
        summary: 'Who waits at each station and for how long, who comes and when, and how many packs are there for them',
        querystring: Type.Object({ at: Type.Optional(AtField('queues')) }),
        response: { 200: Type.Object({ items: Type.Array(QueueView) }) },
      },
    },
    async (request) => {
      const rights = rightsOfRequest(request);
      refuseWithoutStations(rights);
      const { at } = request.query;
      const facts = at === undefined ? now : await past.queuesAt(Date.parse(at), rights);
      if ('code' in facts) throw noScene(facts);
      const stations = [...facts.live.reference.stations()].filter(({ operatorId }) => maySeeQueue(rights, operatorId));
      return { items: queuesAt(stations, rights, facts) };
    },
  );
};

/** @throws ProblemError to who has no station to look after */
function refuseWithoutStations({ kind }: Rights): void {
  if (kind !== 'ALL' && kind !== 'STATION_OPERATOR') throw forbidden('queues are for the platform and for operators of stations');
}

const maySeeQueue = (rights: Rights, operatorId: string): boolean =>
  rights.kind === 'ALL' || (rights.kind === 'STATION_OPERATOR' && rights.principalId === operatorId);

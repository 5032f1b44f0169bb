import { QueueView } from '@corridor/protocols/http/queue-view';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Rights } from '../../projection/rights.ts';
import { rightsOfRequest } from '../caller.ts';
import { forbidden } from '../problem.ts';
import { type QueueFacts, queuesAt } from './queue-view.ts';

/** Queues of stations: the platform's view of all, an operator's of his own. */
export const queuesRoutes: FastifyPluginAsyncTypebox<QueueFacts> = async (app, facts) => {
  app.get(
    '/queues',
    {
      schema: {
        tags: ['stations'],
        summary: 'Who waits at each station and for how long, who comes and when, and how many packs are there for them',
        response: { 200: Type.Object({ items: Type.Array(QueueView) }) },
      },
    },
    async (request) => {
      const rights = rightsOfRequest(request);
      const stations = [...facts.live.reference.stations()].filter(({ operatorId }) => maySeeQueue(rights, operatorId));
      return { items: queuesAt(stations, rights, facts) };
    },
  );
};

/** @throws ProblemError to who has no station to look after */
function maySeeQueue(rights: Rights, operatorId: string): boolean {
  if (rights.kind === 'ALL') return true;
  if (rights.kind !== 'STATION_OPERATOR') throw forbidden('queues are for the platform and for operators of stations');
  return rights.principalId === operatorId;
}

import { ENTITY_KINDS } from '@corridor/actors/network/entity-ref';
import { Timestamp } from '@corridor/protocols/units';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { UNKNOWN_STATE } from '../../projection/connectivity.ts';
import { readAs } from '../../rights/read-as.ts';
import { rightsOfRequest } from '../caller.ts';
import { notFound } from '../problem.ts';
import { type ActorsOptions, addressOf, maySeeActor } from './may-see-actor.ts';

const ActorView = Type.Object({
  machine: Type.String(),
  id: Type.String(),
  state: Type.String({ description: 'nested states joined by a dot, parallel regions by a bar' }),
  since: Type.Union([Type.String(), Type.Null()], { description: 'null: it was so when it was made' }),
});

/** In which state an actor is or was: as visible as its history. */
export const actorStateRoutes: FastifyPluginAsyncTypebox<ActorsOptions> = async (app, { database, platformId, scene }) => {
  app.get(
    '/actors/:id',
    {
      schema: {
        tags: ['actors'],
        summary: 'State of an actor, now or at an instant',
        description: 'The id is `<machine>:<id>`, or the id alone with ?machine=…',
        params: Type.Object({ id: Type.String({ minLength: 1, maxLength: 160 }) }),
        querystring: Type.Object({
          machine: Type.Optional(Type.Enum([...ENTITY_KINDS])),
          at: Type.Optional(Timestamp('instant of the past; none: now')),
        }),
        response: { 200: ActorView },
      },
    },
    async (request) => {
      const { machine, id } = addressOf(request.params.id, request.query.machine);
      const rights = rightsOfRequest(request);
      await maySeeActor({ database, platformId, scene }, rights, machine, id);
      const { at } = request.query;
      const { rows } = await readAs(database, rights).query<{ at: Date; to_state: string }>({
        text: `select at, to_state from seen_actor_transition
                where platform_id = $1 and machine = $2 and id = $3 and ($4::timestamptz is null or at <= $4)
                order by at desc, batch_no desc, ordinal desc limit 1`,
        values: [platformId, machine, id, at ?? null],
      });
      const [last] = rows;
      const now = at === undefined ? scene.live.stateOf(machine, id) : UNKNOWN_STATE;
      const state = now === UNKNOWN_STATE ? last?.to_state : now;
      if (state === undefined) throw notFound(machine, id);
      return { machine, id, state, since: last?.at.toISOString() ?? null };
    },
  );
};

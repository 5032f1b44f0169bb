import { ENTITY_KINDS } from '@corridor/actors/network/entity-ref';
import { Page } from '@corridor/protocols/http/problem';
import { Timestamp } from '@corridor/protocols/units';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { readAs } from '../../rights/read-as.ts';
import { rightsOfRequest } from '../caller.ts';
import { cursorOf, LIMIT_DEFAULT, PageQuery, readCursor } from '../paging.ts';
import { actorStateRoutes } from './actor-state.routes.ts';
import { chartOf } from './chart-model.ts';
import { type ActorsOptions, addressOf, maySeeActor } from './may-see-actor.ts';

const MachineName = Type.Enum([...ENTITY_KINDS]);

const ChartView = Type.Object({
  machine: Type.String(),
  mermaid: Type.String({ description: 'Mermaid state diagram' }),
  states: Type.Array(Type.String()),
  parallel: Type.Array(Type.String(), { description: 'states whose regions run side by side' }),
  transitions: Type.Array(Type.Object({ from: Type.String(), to: Type.String(), event: Type.String() })),
});
const TransitionView = Type.Object({
  at: Type.String(),
  from: Type.String(),
  to: Type.String(),
  event: Type.String(),
  by: Type.Union([Type.String(), Type.Null()], {
    description: 'actor that told it so, kind:id, its kind alone to who may not see it; null: a source, a person or its own timer',
  }),
});

interface TransitionRow {
  [column: string]: unknown;
  at: Date;
  batch_no: bigint;
  ordinal: number;
  from_state: string;
  to_state: string;
  event: string;
  told_by: string | null;
}

/** The machines and what their actors did. */
export const actorsRoutes: FastifyPluginAsyncTypebox<ActorsOptions> = async (app, options) => {
  const { database, platformId } = options;
  await app.register(actorStateRoutes, options);
  app.get(
    '/charts/:machine',
    {
      config: { serviceScope: 'network:read' },
      schema: {
        tags: ['actors'],
        summary: 'Chart of a machine',
        params: Type.Object({ machine: MachineName }),
        response: { 200: ChartView },
      },
    },
    async (request, reply) => reply.send({ ...chartOf(request.params.machine) }),
  );
  app.get(
    '/actors/:id/transitions',
    {
      schema: {
        tags: ['actors'],
        summary: 'Changes of state of an actor, newest first',
        description: 'The id is `<machine>:<id>`, or the id alone with ?machine=…',
        params: Type.Object({ id: Type.String({ minLength: 1, maxLength: 160 }) }),
        querystring: Type.Object({
          ...PageQuery,
          machine: Type.Optional(MachineName),
          until: Type.Optional(Timestamp('the newest that is told, included; none: now')),
        }),
        response: { 200: Page(TransitionView) },
      },
    },
    async (request) => {
      const { machine, id } = addressOf(request.params.id, request.query.machine);
      const rights = rightsOfRequest(request);
      await maySeeActor(options, rights, machine, id);
      const limit = request.query.limit ?? LIMIT_DEFAULT;
      const after = readCursor(request.query.cursor, 3);
      const { rows } = await readAs(database, rights).query<TransitionRow>({
        text: `select at, batch_no, ordinal, from_state, to_state, event, told_by from seen_actor_transition
                where platform_id = $1 and machine = $2 and id = $3
                  and ($4::timestamptz is null or (at, batch_no, ordinal) < ($4, $5::bigint, $6::integer))
                  and ($8::timestamptz is null or at <= $8)
                order by at desc, batch_no desc, ordinal desc limit $7`,
        values: [
          platformId,
          machine,
          id,
          after?.[0] ?? null,
          after?.[1] ?? null,
          after?.[2] ?? null,
          limit + 1,
          request.query.until ?? null,
        ],
      });
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      return {
        items: page.map(({ at, from_state, to_state, event, told_by }) => ({
          at: at.toISOString(),
          from: from_state,
          to: to_state,
          event,
          by: told_by,
        })),
        nextCursor: rows.length > limit && last ? cursorOf([last.at.toISOString(), last.batch_no.toString(), String(last.ordinal)]) : null,
      };
    },
  );
};

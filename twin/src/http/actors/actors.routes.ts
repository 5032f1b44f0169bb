import { ENTITY_KINDS, type EntityKind } from '@corridor/actors/network/entity-ref';
import { Page } from '@corridor/protocols/http/problem';
import { Timestamp } from '@corridor/protocols/units';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Database } from '../../db/db.ts';
import type { LiveScene } from '../../projection/live-scene.ts';
import { bookOwnerOf, type Rights } from '../../projection/rights.ts';
import { isOwnTruck } from '../../projection/truck-view.ts';
import { readAs } from '../../rights/read-as.ts';
import { rightsOfRequest } from '../caller.ts';
import { findOrder } from '../orders/orders.queries.ts';
import { cursorOf, LIMIT_DEFAULT, PageQuery, readCursor } from '../paging.ts';
import { notFound, ProblemError } from '../problem.ts';
import { chartOf } from './chart-model.ts';

const ChartView = Type.Object({
  machine: Type.String(),
  mermaid: Type.String({ description: 'Mermaid state diagram' }),
  states: Type.Array(Type.String()),
  transitions: Type.Array(Type.Object({ from: Type.String(), to: Type.String(), event: Type.String() })),
});
const TransitionView = Type.Object({ at: Type.String(), from: Type.String(), to: Type.String(), event: Type.String() });
const MachineName = Type.Enum([...ENTITY_KINDS]);

interface TransitionRow {
  [column: string]: unknown;
  at: Date;
  batch_no: bigint;
  ordinal: number;
  from_state: string;
  to_state: string;
  event: string;
}

export interface ActorsRoutesOptions {
  database: Database;
  platformId: string;
  scene: LiveScene;
}

/** The machines and what their actors did. */
export const actorsRoutes: FastifyPluginAsyncTypebox<ActorsRoutesOptions> = async (app, { database, platformId, scene }) => {
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
      await maySeeActor({ database, platformId, scene }, rights, machine, id);
      const limit = request.query.limit ?? LIMIT_DEFAULT;
      const after = readCursor(request.query.cursor, 3);
      const { rows } = await readAs(database, rights).query<TransitionRow>({
        text: `select at, batch_no, ordinal, from_state, to_state, event from seen_actor_transition
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
        items: page.map(({ at, from_state, to_state, event }) => ({ at: at.toISOString(), from: from_state, to: to_state, event })),
        nextCursor: rows.length > limit && last ? cursorOf([last.at.toISOString(), last.batch_no.toString(), String(last.ordinal)]) : null,
      };
    },
  );
};

function addressOf(text: string, machine: EntityKind | undefined): { machine: EntityKind; id: string } {
  const colon = text.indexOf(':');
  const kind = machine ?? ENTITY_KINDS.find((known) => known === text.slice(0, Math.max(0, colon)));
  if (!kind) throw new ProblemError(400, 'ACTOR_UNKNOWN', 'name the actor <machine>:<id>, or give ?machine=');
  return { machine: kind, id: colon >= 0 && text.slice(0, colon) === kind ? text.slice(colon + 1) : text };
}

/** The history of an actor is as visible as the thing itself. */
async function maySeeActor(
  { database, platformId, scene }: ActorsRoutesOptions,
  rights: Rights,
  machine: EntityKind,
  id: string,
): Promise<void> {
  if (rights.kind === 'ALL') return;
  if (!(await isVisible({ database, platformId, scene }, rights, machine, id))) throw notFound(machine, id);
}

async function isVisible(
  { database, platformId, scene }: ActorsRoutesOptions,
  rights: Rights,
  machine: EntityKind,
  id: string,
): Promise<boolean> {
  const { reference } = scene.live;
  const ownStation = (stationId: string) =>
    rights.kind === 'STATION_OPERATOR' && reference.station(stationId)?.operatorId === rights.principalId;
  switch (machine) {
    case 'station':
      return ownStation(id);
    case 'bay':
    case 'slot':
    case 'swap':
      return ownStation(id.slice(0, id.lastIndexOf('-')));
    case 'gateway':
      return ownStation(id) || scene.trucksFor(rights).some((truck) => truck.id === id);
    case 'pack':
      return rights.kind === 'BATTERY_OWNER' && reference.pack(id)?.ownerId === rights.principalId;
    case 'truck':
      return isOwnTruck(id, rights, scene.live);
    case 'order':
      return (await findOrder(readAs(database, rights), { platformId, rights, at: null }, id)) !== undefined;
    case 'account':
      return bookOwnerOf(rights) === id;
  }
}

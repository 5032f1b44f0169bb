import { Page } from '@corridor/protocols/http/problem';
import { PackView, SlotView, StationView, TruckView } from '@corridor/protocols/http/scene';
import { TOKEN_PATTERN } from '@corridor/protocols/ids';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { type TObject, Type } from 'typebox';
import type { LiveScene } from '../../projection/live-scene.ts';
import type { Rights } from '../../projection/rights.ts';
import { rightsOfRequest } from '../caller.ts';
import { PageQuery, pageOfList } from '../paging.ts';
import { notFound } from '../problem.ts';

export const IdParams = Type.Object({ id: Type.String({ pattern: TOKEN_PATTERN }) });

interface AssetKind {
  readonly path: string;
  readonly view: TObject;
  readonly list: (rights: Rights) => readonly { id: string }[];
}

/** Stations, slots, packs and trucks as the caller may see them: the same views as in the scene. */
export const assetsRoutes: FastifyPluginAsyncTypebox<{ scene: LiveScene }> = async (app, { scene }) => {
  const kinds: readonly AssetKind[] = [
    { path: 'stations', view: StationView, list: (rights) => scene.stationsFor(rights) },
    { path: 'slots', view: SlotView, list: (rights) => scene.slotsFor(rights) },
    { path: 'packs', view: PackView, list: (rights) => scene.packsFor(rights) },
    { path: 'trucks', view: TruckView, list: (rights) => scene.trucksFor(rights) },
  ];
  for (const { path, view, list } of kinds) {
    app.get(
      `/${path}`,
      {
        config: { serviceScope: 'network:read' },
        schema: {
          tags: [path],
          summary: `All ${path} the caller may see`,
          querystring: Type.Object(PageQuery),
          response: { 200: Page(view) },
        },
      },
      async (request, reply) => reply.send(pageOfList(list(rightsOfRequest(request)).toSorted(byId), request.query)),
    );
    app.get(
      `/${path}/:id`,
      {
        config: { serviceScope: 'network:read' },
        schema: { tags: [path], summary: `One of the ${path}`, params: IdParams, response: { 200: view } },
      },
      async (request, reply) => {
        const found = list(rightsOfRequest(request)).find(({ id }) => id === request.params.id);
        if (!found) throw notFound(path.slice(0, -1), request.params.id);
        return reply.send(found);
      },
    );
  }
};

const byId = (one: { id: string }, other: { id: string }): number => (one.id < other.id ? -1 : one.id > other.id ? 1 : 0);

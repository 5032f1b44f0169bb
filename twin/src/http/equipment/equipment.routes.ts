import {
  EQUIPMENT_COLUMNS,
  EQUIPMENT_KINDS,
  EquipmentList,
  type EquipmentRow,
  PackSohView,
  PRESENCES,
} from '@corridor/protocols/http/equipment';
import { Literals } from '@corridor/protocols/literals';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { type Static, Type } from 'typebox';
import type { Database } from '../../db/db.ts';
import { copyOf, type EquipmentPlace, placeOf, rowsAfter, sieved } from '../../equipment/equipment-page.ts';
import { equipmentRows } from '../../equipment/equipment-rows.ts';
import type { PastScenes } from '../../past/past-scenes.ts';
import type { LiveScene } from '../../projection/live-scene.ts';
import { readAs } from '../../rights/read-as.ts';
import { sohOfPack } from '../../soh/soh.queries.ts';
import type { SohSide } from '../../soh/soh-side.ts';
import { IdParams } from '../assets/assets.routes.ts';
import { rightsOfRequest } from '../caller.ts';
import { cursorOf, readCursor } from '../paging.ts';
import { notFound, ProblemError } from '../problem.ts';
import { AtField, noScene } from '../scene/instant.ts';

const LIMIT_DEFAULT = 200;
const LIMIT_MAX = 1_000;
const EquipmentQuery = Type.Object({
  kind: Literals(EQUIPMENT_KINDS),
  at: Type.Optional(AtField('all but meters')),
  text: Type.Optional(Type.String({ maxLength: 100, description: 'part of a name, a place, a state, an owner or a flag' })),
  presence: Type.Optional(Literals(PRESENCES)),
  flagged: Type.Optional(Literals(['true'])),
  ids: Type.Optional(Type.String({ maxLength: 16_000, description: 'only these, between commas' })),
  sort: Type.Optional(Literals(EQUIPMENT_COLUMNS)),
  order: Type.Optional(Literals(['asc', 'desc'])),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: LIMIT_MAX, default: LIMIT_DEFAULT })),
  cursor: Type.Optional(Type.String({ maxLength: 1_000, description: 'nextCursor of the page before, of the same sorting' })),
});

export interface EquipmentRoutesOptions {
  database: Database;
  platformId: string;
  scene: LiveScene;
  soh: SohSide;
  past: PastScenes;
}

/** What the live data console shows: key equipment with its last reports, and what a pack's state of health was estimated from. */
export const equipmentRoutes: FastifyPluginAsyncTypebox<EquipmentRoutesOptions> = async (
  app,
  { database, platformId, scene, soh, past },
) => {
  const now = { scene, estimateOf: (packId: string) => soh.latestOf(packId) };
  app.get(
    '/equipment',
    {
      config: { serviceScope: 'network:read' },
      schema: {
        tags: ['equipment'],
        summary: 'Key equipment of a kind with its last reports, as far as the caller may see it, page by page',
        querystring: EquipmentQuery,
        response: { 200: EquipmentList },
      },
    },
    async (request) => {
      const { kind, at } = request.query;
      const rights = rightsOfRequest(request);
      if (kind === 'meter' && at !== undefined) throw new ProblemError(400, 'INPUT_INVALID', 'lists of meters are of now');
      const then = at === undefined ? now : await past.equipmentAt(Date.parse(at), rights);
      if ('code' in then) throw noScene(then);
      const { live } = then.scene;
      const rows = equipmentRows(kind, { ...then, rights });
      const namesOf = (id: string): string[] => {
        const principal = live.reference.principal(id);
        return principal === undefined ? [] : [principal.name, principal.nameZh];
      };
      return { scopeAt: new Date(live.nowMs()).toISOString(), ...pageOf(rows, request.query, namesOf), total: rows.length };
    },
  );
  app.get(
    '/packs/:id/soh',
    {
      config: { serviceScope: 'network:read' },
      schema: {
        tags: ['packs'],
        summary:
          'State of health as estimated from the readings, with the rests that it is made from; to owners, and to the station that has it',
        params: IdParams,
        response: { 200: PackSohView },
      },
    },
    async (request) => {
      const { id } = request.params;
      const rights = rightsOfRequest(request);
      const isCab = rights.kind === 'CARRIER' || rights.kind === 'DRIVER';
      const view = await sohOfPack(readAs(database, rights), { platformId, packId: id });
      const isShown = view.estimates.length > 0 || view.rests.length > 0 || scene.packsFor(rights).some((pack) => pack.id === id);
      if (isCab || !isShown) throw notFound('pack', id);
      return view;
    },
  );
};

function pageOf(
  rows: readonly EquipmentRow[],
  query: Static<typeof EquipmentQuery>,
  namesOf: (id: string) => readonly string[],
): Pick<EquipmentList, 'items' | 'nextCursor' | 'found'> {
  const { text = null, presence = null, flagged, ids, sort: column = 'id', order = 'asc', limit = LIMIT_DEFAULT } = query;
  const wanted = ids === undefined ? null : new Set(ids.split(','));
  const asked = wanted === null ? rows : rows.filter(({ id }) => wanted.has(id));
  const found = sieved(asked, { text, presence, isFlagged: flagged === 'true' }, namesOf);
  const after = placeFrom(readCursor(query.cursor, 2));
  const page = rowsAfter(found, { column, isDescending: order === 'desc' }, { after, limit: limit + 1 });
  const items = page.slice(0, limit).map(copyOf);
  const last = items.at(-1);
  const hasMore = page.length > limit && last !== undefined;
  return { items, nextCursor: hasMore ? cursorFrom(placeOf(last, column)) : null, found: found.length };
}

const cursorFrom = ([value, id]: EquipmentPlace): string => cursorOf([JSON.stringify(value), id]);

/** @throws ProblemError when it is none of ours */
function placeFrom(cursor: readonly string[] | null): EquipmentPlace | null {
  if (cursor === null) return null;
  const [text = '', id = ''] = cursor;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
  }
  if (value !== null && typeof value !== 'string' && typeof value !== 'number')
    throw new ProblemError(400, 'CURSOR_INVALID', 'the cursor is not one of this list');
  return [value, id];
}

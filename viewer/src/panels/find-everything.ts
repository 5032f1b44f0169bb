import type { Geometry } from '@corridor/protocols/http/scene';
import type { HeatLayerName } from '../scene/heat-scale.ts';
import type { SavedView } from '../store/saved-views.ts';
import type { Records } from '../store/scene-store.ts';
import type { Selected } from '../store/selection.ts';

/** Something that a search found, and where it leads. */
export interface Found {
  key: string;
  /** What it is called first. */
  name: string;
  /** What else is known of it. */
  detail: string;
  target:
    | { to: 'object'; selected: Selected }
    | { to: 'place'; site: Geometry['sites'][number] }
    | { to: 'view'; view: SavedView }
    | { to: 'layer'; layer: HeatLayerName };
}

export interface FindIn {
  records: Records;
  sites: Geometry['sites'];
  views: readonly SavedView[];
  layers: readonly { layer: HeatLayerName; name: string }[];
  chinese: boolean;
}

export const FOUND_MAX = 24;
/** So that ten thousand trucks do not hide the one station of that name. */
const OF_A_KIND_MAX = 8;

interface Candidate {
  found: Found;
  /** The first is its id. */
  texts: readonly (string | null)[];
}

/** Everything that a text may mean, the nearest first: an id or name that is it, then those that begin with it, then those that have it. */
export function findEverything(text: string, within: FindIn): Found[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return [];
  const ranked: { found: Found; rank: number; at: number }[] = [];
  let at = 0;
  for (const candidates of kindsOf(within)) {
    const hits: typeof ranked = [];
    for (const { found, texts } of candidates) {
      const rank = rankOf(wanted, texts);
      if (rank !== null) hits.push({ found, rank, at: at++ });
    }
    ranked.push(...hits.sort((a, b) => a.rank - b.rank || a.at - b.at).slice(0, OF_A_KIND_MAX));
  }
  return ranked
    .sort((a, b) => a.rank - b.rank || a.at - b.at)
    .slice(0, FOUND_MAX)
    .map(({ found }) => found);
}

/** @returns 0 for what is meant, 1 and 2 for what begins with it or has it; null: nothing of it */
function rankOf(wanted: string, texts: readonly (string | null)[]): number | null {
  let best: number | null = null;
  for (const text of texts) {
    const at = text?.toLowerCase().indexOf(wanted) ?? -1;
    if (at < 0 || text === null) continue;
    const rank = at > 0 ? 2 : text.length === wanted.length ? 0 : 1;
    best = best === null ? rank : Math.min(best, rank);
  }
  return best;
}

function* kindsOf({ records, sites, views, layers, chinese }: FindIn): Generator<Iterable<Candidate>> {
  const object = (kind: Selected['kind'], id: string, name: string, detail: string): Found => ({
    key: `${kind}/${id}`,
    name,
    detail,
    target: { to: 'object', selected: { kind, id } },
  });
  yield map(records.stations.values(), ({ id, name, nameZh }) => ({
    found: object('station', id, chinese ? nameZh : name, id),
    texts: [id, name, nameZh],
  }));
  yield map(records.trucks.values(), ({ id, plate }) => ({ found: object('truck', id, plate ?? id, id), texts: [id, plate] }));
  yield map(records.packs.values(), ({ id, location, typeCode }) => ({
    found: object('pack', id, id, location.id),
    texts: [id, typeCode],
  }));
  yield map(records.slots.values(), ({ id, packId }) => ({ found: object('slot', id, id, packId ?? ''), texts: [id] }));
  yield map(
    [...records.stations.values()].flatMap(({ bays, name, nameZh }) => bays.map(({ id }) => ({ id, name, nameZh }))),
    ({ id, name, nameZh }) => ({ found: object('bay', id, id, chinese ? nameZh : name), texts: [id] }),
  );
  yield map(records.orders.values(), ({ id, truckId, stationId, state }) => ({
    found: object('order', id, id, `${truckId} · ${stationId}`),
    texts: [id, state],
  }));
  yield map(records.alarms.values(), ({ id, code, scopeId }) => ({
    found: object('alarm', id, code, scopeId),
    texts: [id, code, scopeId],
  }));
  yield map(sites, (site) => ({
    found: { key: `place/${site.id}`, name: chinese ? site.nameZh : site.name, detail: site.id, target: { to: 'place', site } },
    texts: [site.id, site.name, site.nameZh],
  }));
  yield map(views, (view) => ({
    found: { key: `view/${view.name}`, name: view.name, detail: '', target: { to: 'view', view } },
    texts: [view.name],
  }));
  yield map(layers, ({ layer, name }) => ({
    found: { key: `layer/${layer}`, name, detail: '', target: { to: 'layer', layer } },
    texts: [layer, name],
  }));
}

function* map<Item>(items: Iterable<Item>, candidateOf: (item: Item) => Candidate): Generator<Candidate> {
  for (const item of items) yield candidateOf(item);
}

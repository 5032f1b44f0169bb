import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildGeometry } from '@corridor/actors/road/geometry';
import { violated } from '@corridor/protocols/assert';
import type { Geometry } from '@corridor/protocols/http/scene';
import type { Way } from '../scenario/way.ts';
import type { RecordedRoad } from './recorded-road.ts';

/** A geometry, and where on its road each site lies. */
export interface RecordedGeometry {
  geometry: Geometry;
  /** Ascending by the distance from the beginning of the way. */
  chainageM: readonly { siteId: string; atM: number; chainageM: number }[];
}

/** Sites as near as this are the corridor's own [°]. */
const SAME_PLACE_DEG = 0.001;
const TERRAIN_CELLS = 48;
/** Ground beside the road that is shown [°]. */
const MARGIN_DEG = 0.15;

const corridorFile = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../../data/corridor/${name}`, import.meta.url)), 'utf8');

/** What does not move: the corridor's own road and terrain where the scenario is on it, else straight lines between the sites. */
export function recordedGeometry(road: RecordedRoad): RecordedGeometry {
  return onCorridor(road) ?? ofScenario(road);
}

function onCorridor({ sites }: RecordedRoad): RecordedGeometry | null {
  const geometry = buildGeometry({
    profileCsv: corridorFile('profile_1km.csv'),
    sitesCsv: corridorFile('sites.csv'),
    terrainCsv: corridorFile('dem_srtm30_0p02deg.csv'),
  });
  const chainageM = sites.flatMap(({ site, atM }) => {
    const known = geometry.sites.find(({ id }) => id === site.id);
    const isSame = known !== undefined && Math.max(Math.abs(known.lat - site.lat), Math.abs(known.lon - site.lon)) < SAME_PLACE_DEG;
    return isSame ? [{ siteId: site.id, atM, chainageM: known.chainageM }] : [];
  });
  return chainageM.length === sites.length ? { geometry, chainageM } : null;
}

function ofScenario({ way, sites }: RecordedRoad): RecordedGeometry {
  const road = [...way.heights.chainageM].flatMap((atM, index): Geometry['road'] => {
    const altM = way.heights.altM[index] ?? violated(`no height ${atM} m along the way`);
    return [{ chainageM: Math.round(atM), ...placeAt(sites, atM), altM, road: '', tunnel: false }];
  });
  return {
    geometry: {
      road,
      sites: sites.map(({ site: { id, name = id, nameZh = name, lat, lon }, atM }) => ({
        id,
        name,
        nameZh,
        lat,
        lon,
        chainageM: Math.round(atM),
      })),
      terrain: terrainAround(road),
      attribution: [],
    },
    chainageM: sites.map(({ site, atM }) => ({ siteId: site.id, atM, chainageM: atM })),
  };
}

function placeAt(sites: RecordedRoad['sites'], atM: number): { lat: number; lon: number } {
  const next = Math.max(
    1,
    sites.findIndex((each) => each.atM >= atM),
  );
  const [one, other] = [sites[next - 1] ?? sites[0], sites[next] ?? sites.at(-1)];
  if (one === undefined || other === undefined) throw new RangeError('a road without sites');
  const ratio = other.atM === one.atM ? 0 : (atM - one.atM) / (other.atM - one.atM);
  const between = (from: number, to: number): number => Number((from + (to - from) * ratio).toFixed(6));
  return { lat: between(one.site.lat, other.site.lat), lon: between(one.site.lon, other.site.lon) };
}

/** Nobody knows the land beside the road: it is as high as the road is there. */
function terrainAround(road: Geometry['road']): Geometry['terrain'] {
  const bounds = (of: (point: Geometry['road'][number]) => number): { from: number; step: number } => {
    const from = Math.min(...road.map(of)) - MARGIN_DEG;
    const to = Math.max(...road.map(of)) + MARGIN_DEG;
    return { from, step: (to - from) / (TERRAIN_CELLS - 1) };
  };
  const lat = bounds((point) => point.lat);
  const lon = bounds((point) => point.lon);
  const altM: number[] = [];
  for (let row = 0; row < TERRAIN_CELLS; row += 1)
    for (let column = 0; column < TERRAIN_CELLS; column += 1)
      altM.push(nearestAltM(road, lat.from + row * lat.step, lon.from + column * lon.step));
  return { lat0: lat.from, lon0: lon.from, latStep: lat.step, lonStep: lon.step, rows: TERRAIN_CELLS, columns: TERRAIN_CELLS, altM };
}

function nearestAltM(road: Geometry['road'], lat: number, lon: number): number {
  let nearest = Number.POSITIVE_INFINITY;
  let altM = 0;
  for (const point of road) {
    const distance = (point.lat - lat) ** 2 + (point.lon - lon) ** 2;
    if (distance >= nearest) continue;
    nearest = distance;
    altM = point.altM;
  }
  return Math.round(altM);
}

/** Chainage on the recorded road of a point of any way along it. */
export class Chainages {
  readonly #points: RecordedGeometry['chainageM'];
  readonly #bySite: ReadonlyMap<string, number>;
  readonly #ways = new Map<Way, { atM: number; chainageM: number }[]>();

  constructor(points: RecordedGeometry['chainageM']) {
    this.#points = points;
    this.#bySite = new Map(points.map(({ siteId, chainageM }) => [siteId, chainageM]));
  }

  ofSite(siteId: string): number {
    const chainageM = this.#bySite.get(siteId);
    if (chainageM === undefined) throw new RangeError(`site ${siteId} does not lie on the recorded road`);
    return Math.round(chainageM);
  }

  knows(siteId: string): boolean {
    return this.#bySite.has(siteId);
  }

  /** @param atM from the beginning of the way */
  ofWay(way: Way, atM: number): number {
    let points = this.#ways.get(way);
    if (points === undefined) {
      points = [...way.sites].map(([siteId, siteM]) => ({ atM: siteM, chainageM: this.ofSite(siteId) }));
      points.sort((one, other) => one.atM - other.atM);
      this.#ways.set(way, points);
    }
    const next = Math.max(
      1,
      points.findIndex((point) => point.atM >= atM),
    );
    const [one, other] = [points[next - 1], points[next]];
    if (one === undefined || other === undefined) return Math.round((points[0] ?? violated('a way without sites')).chainageM);
    const ratio = Math.min(1, Math.max(0, (atM - one.atM) / (other.atM - one.atM)));
    return Math.round(one.chainageM + (other.chainageM - one.chainageM) * ratio);
  }

  /** Whether trucks on a way drive towards greater chainages. */
  grows({ from, to }: Way): boolean {
    return this.ofSite(to) > this.ofSite(from);
  }

  get points(): RecordedGeometry['chainageM'] {
    return this.#points;
  }
}

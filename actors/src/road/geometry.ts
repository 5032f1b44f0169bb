import type { Geometry } from '@corridor/protocols/http/scene';
import { parseRoadProfile, positionAt, type RoadProfile } from './road-profile.ts';
import { parseSites } from './sites.ts';
import { parseTerrain } from './terrain.ts';

/** Distance between road points of the geometry: fine enough that a truck on the smooth road stays on the drawn one. */
const POINT_EVERY_M = 250;

export const CORRIDOR_ATTRIBUTION: readonly string[] = [
  'Road points © OpenStreetMap contributors (ODbL) and Travel Mapping; S46 between the provincial border and Dingxiang is schematic',
  'Elevation: SRTM30 (NASA/USGS, public domain), road heights and tunnels are estimates',
];

/**
 * What does not move, from the corridor's text files.
 * @param texts contents of profile_1km.csv, sites.csv and dem_srtm30_0p02deg.csv
 */
export function buildGeometry(texts: { profileCsv: string; sitesCsv: string; terrainCsv: string }): Geometry {
  return {
    road: roadPoints(parseRoadProfile(texts.profileCsv)),
    sites: parseSites(texts.sitesCsv),
    terrain: parseTerrain(texts.terrainCsv),
    attribution: [...CORRIDOR_ATTRIBUTION],
  };
}

function roadPoints(road: RoadProfile): Geometry['road'] {
  const points: Geometry['road'] = [];
  const rounded = (value: number, digits: number) => Number(value.toFixed(digits));
  for (let chainageM = road.startM; ; chainageM += POINT_EVERY_M) {
    const atM = Math.min(chainageM, road.endM);
    const { lat, lon, altM, road: name, tunnel } = positionAt(road, atM);
    points.push({ chainageM: atM, lat: rounded(lat, 6), lon: rounded(lon, 6), altM: rounded(altM, 1), road: name, tunnel });
    if (atM === road.endM) return points;
  }
}

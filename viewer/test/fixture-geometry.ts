import { readFileSync } from 'node:fs';
import type { Geometry } from '@corridor/protocols/http/scene';

/** The corridor's geometry, read from the repository's own data as the twin would serve it. */
const DATA = new URL('../../data/corridor/', import.meta.url);

function rowsOf(file: string): string[][] {
  const text = readFileSync(new URL(file, DATA), 'utf8').trim();
  return text
    .split('\n')
    .map((line) => [...line.matchAll(/("([^"]*)"|[^,]*)(,|$)/g)].map((match) => match[2] ?? match[1] ?? '').slice(0, -1));
}

function recordsOf(file: string): Record<string, string>[] {
  const [head = [], ...rows] = rowsOf(file);
  return rows.map((row) => Object.fromEntries(head.map((name, i) => [name, row[i] ?? ''])));
}

export function corridorGeometry(): Geometry {
  const road = recordsOf('profile_1km.csv').map((row) => ({
    chainageM: Number(row['km']) * 1000,
    lat: Number(row['lat']),
    lon: Number(row['lon']),
    altM: Number(row['elev_road_est_m']),
    road: row['road'] ?? '',
    tunnel: Number(row['km']) > 388 && Number(row['km']) < 395,
  }));
  const sites = recordsOf('sites.csv').map((row) => ({
    id: row['id'] ?? '',
    name: row['name'] ?? '',
    nameZh: row['name_zh'] ?? '',
    lat: Number(row['lat']),
    lon: Number(row['lon']),
    chainageM: Number(row['km']) * 1000,
  }));
  const [head = [], ...grid] = readFileSync(new URL('dem_srtm30_0p02deg.csv', DATA), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  const northFirst = grid.map((row) => row.slice(1).map(Number));
  return {
    road,
    sites,
    terrain: {
      lat0: Number(grid.at(-1)?.[0]),
      lon0: Number(head[1]),
      latStep: 0.02,
      lonStep: 0.02,
      rows: northFirst.length,
      columns: head.length - 1,
      altM: northFirst.reverse().flat(),
    },
    attribution: ['OpenStreetMap contributors (ODbL)', 'SRTM30 (NASA/USGS)'],
  };
}

import { readFileSync } from 'node:fs';
import { Geometry } from '@corridor/protocols/http/scene';
import { Compile } from 'typebox/compile';
import { expect, it } from 'vitest';
import { buildGeometry } from './geometry.ts';
import { parseRoadProfile, positionAt, RoadProfileError } from './road-profile.ts';

const text = (name: string) => readFileSync(new URL(`../../../data/corridor/${name}`, import.meta.url), 'utf8');
const profileCsv = text('profile_1km.csv');
const road = parseRoadProfile(profileCsv);

it('builds the geometry of the corridor', () => {
  const geometry = buildGeometry({ profileCsv, sitesCsv: text('sites.csv'), terrainCsv: text('dem_srtm30_0p02deg.csv') });
  expect([...Compile(Geometry).Errors(geometry)]).toEqual([]);
  expect(geometry.road.at(0)?.chainageM).toBe(4_800);
  expect(geometry.road.at(-1)?.chainageM).toBe(529_800);
  expect(geometry.terrain).toMatchObject({ rows: 76, columns: 286, latStep: 0.02, lonStep: 0.02, lon0: 112.3 });
  expect(geometry.terrain.altM).toHaveLength(76 * 286);
  expect(geometry.sites.find(({ id }) => id === 'YP')?.nameZh).toBe('原平');
  expect(geometry.road.filter(({ tunnel }) => tunnel).length).toBeGreaterThan(10);
});

it('passes through its points and turns round with the direction', () => {
  const west = positionAt(road, road.startM);
  expect([west.lat, west.lon, west.altM]).toEqual([38.27302, 117.71602, 2]);
  const middle = positionAt(road, 400_000, 'WEST');
  const back = positionAt(road, 400_000, 'EAST');
  expect(back.gradeRatio).toBeCloseTo(-middle.gradeRatio, 10);
  expect((back.headingDeg - middle.headingDeg + 360) % 360).toBeCloseTo(180, 6);
  expect(positionAt(road, 9e9).chainageM).toBe(road.endM);
});

it('has a grade that is the derivative of its height', () => {
  for (let chainageM = 10_000; chainageM < 520_000; chainageM += 7_777) {
    const rise = positionAt(road, chainageM + 1).altM - positionAt(road, chainageM - 1).altM;
    expect(positionAt(road, chainageM).gradeRatio).toBeCloseTo(rise / 2, 4);
  }
});

it('refuses a profile out of order or with holes', () => {
  const head = 'km,lat,lon,road,elev_road_est_m\n';
  expect(() => parseRoadProfile(`${head}1,38,117,A,2\n1,38,117,A,2`)).toThrow(RoadProfileError);
  expect(() => parseRoadProfile(`${head}1,38,117,A,2\n2,,117,A,2`)).toThrow(/row 3: lat/);
});

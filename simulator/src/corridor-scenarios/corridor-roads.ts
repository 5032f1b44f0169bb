import { readFileSync } from 'node:fs';
import { parseRoadProfile } from '@corridor/actors/road/road-profile';
import { CORRIDOR_SPEED_ZONES } from '@corridor/actors/road/speed-zones';
import { violated } from '@corridor/protocols/assert';
import { parse } from 'csv-parse/sync';
import type { Scenario } from '../scenario/scenario.schema.ts';

const DATA = new URL('../../../data/', import.meta.url);
/** Where roads begin and end: where stations stand, or the speed changes. */
const SITES = ['HHP', 'HH', 'HJ', 'BD', 'SP', 'FP', 'FPW', 'RC', 'DX', 'YP'] as const;

/** Points of the profile so near to a site say nothing that the site's own height does not. */
const NEAR_M = 100;

type Road = Scenario['roads'][number];
type Site = Scenario['sites'][number];

/** Sites and roads of the corridor, from `data/corridor`. */
export function corridorRoads(): { sites: Site[]; roads: Road[] } {
  const rows: Record<string, string>[] = parse(readFileSync(new URL('corridor/sites.csv', DATA)), { columns: true });
  const profile = parseRoadProfile(readFileSync(new URL('corridor/profile_1km.csv', DATA), 'utf8'));
  const placed = SITES.map((id) => {
    const row = rows.find((each) => each['id'] === id);
    if (row === undefined) throw new TypeError(`data/corridor/sites.csv has no ${id}`);
    const text = (column: string) => row[column] || violated(`data/corridor/sites.csv: ${id} has no ${column}`);
    const number = (column: string) => {
      const value = Number(text(column));
      return Number.isFinite(value) ? value : violated(`data/corridor/sites.csv: ${column} of ${id} is ${row[column]}`);
    };
    const name = text('name').replace(/ \(.*/, '');
    const site: Site = { id, name, nameZh: text('name_zh'), lat: number('lat'), lon: number('lon') };
    return { site, atM: Math.round(number('km') * 1000) };
  });
  const points = Array.from(
    profile.chainageM,
    (m, index) => [Math.round(m), profile.altM[index] ?? violated(`no height at ${m} m`)] as const,
  );
  return {
    sites: placed.map(({ site }) => site),
    roads: placed.slice(1).map(({ site: to, atM: endM }, index) => {
      const { site: from, atM: startM } = placed[index] ?? violated(`nothing lies before ${to.id}`);
      const inside = points
        .filter(([m]) => m > startM + NEAR_M && m < endM - NEAR_M)
        .map(([m, altM]): [number, number] => [m - startM, altM]);
      return {
        id: `${from.id}-${to.id}`,
        from: from.id,
        to: to.id,
        lengthM: endM - startM,
        cruiseKmh: CORRIDOR_SPEED_ZONES.find(({ untilM }) => startM < untilM)?.cruiseKmh ?? violated(`no speed from ${startM} m on`),
        elevations: [[0, heightAt(points, startM)], ...inside, [endM - startM, heightAt(points, endM)]],
      };
    }),
  };
}

/** Between the points of the profile, to the decimetre. @returns m */
function heightAt(points: readonly (readonly [number, number])[], atM: number): number {
  const after = points.findIndex(([m]) => m >= atM);
  const [nextM, nextAlt] = points.at(after) ?? violated('a road without heights');
  const before = after > 0 ? points[after - 1] : undefined;
  if (before === undefined) return nextAlt;
  const [beforeM, beforeAlt] = before;
  return Math.round((beforeAlt + ((nextAlt - beforeAlt) * (atM - beforeM)) / (nextM - beforeM)) * 10) / 10;
}

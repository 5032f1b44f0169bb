import type { RoadHeights } from '@corridor/actors/road/road-profile';
import type { SpeedZone } from '@corridor/actors/road/speed-zones';
import type { Scenario, StationPlan } from './scenario.schema.ts';

type Road = Scenario['roads'][number];

/** A station on a way, in the order of driving. */
export interface WayStop {
  station: StationPlan;
  /** Its place in the scenario's list. */
  index: number;
  atM: number;
}

/** From one site to another by the shortest roads: heights, speeds and the stations that serve whoever goes there. */
export interface Way {
  from: string;
  to: string;
  lengthM: number;
  sites: ReadonlyMap<string, number>;
  heights: RoadHeights;
  zones: readonly SpeedZone[];
  stops: readonly WayStop[];
}

/** @returns null when no road leads there */
export function wayBetween(scenario: Pick<Scenario, 'roads' | 'stations'>, from: string, to: string): Way | null {
  const roads = shortest(scenario.roads, from, to);
  if (roads === null) return null;
  const sites = new Map([[from, 0]]);
  const zones: SpeedZone[] = [];
  const points: [number, number][] = [];
  let atM = 0;
  for (const { road, site } of roads) {
    const isForward = road.to === site;
    const along = road.elevations.map(([m, altM]): [number, number] => [atM + (isForward ? m : road.lengthM - m), altM]);
    if (!isForward) along.reverse();
    // Where two roads meet the height of the first one counts.
    points.push(...(points.length === 0 ? along : along.slice(1)));
    atM += road.lengthM;
    sites.set(site, atM);
    zones.push({ untilM: atM, cruiseKmh: road.cruiseKmh });
  }
  const last = zones.at(-1);
  // The last cell of a profile may begin before the end and lie half behind it.
  if (last) last.untilM = Number.POSITIVE_INFINITY;
  const heights = {
    chainageM: Float64Array.from(points, ([m]) => m),
    altM: Float64Array.from(points, ([, altM]) => altM),
    startM: 0,
    endM: atM,
  };
  return { from, to, lengthM: atM, sites, heights, zones, stops: stopsOf(scenario.stations, sites, to) };
}

function stopsOf(stations: readonly StationPlan[], sites: ReadonlyMap<string, number>, to: string): WayStop[] {
  const stops = stations.flatMap((station, index) => {
    const atM = sites.get(station.siteId);
    const serves = station.servesTripsTo === undefined || station.servesTripsTo.includes(to);
    return atM !== undefined && serves ? [{ station, index, atM }] : [];
  });
  return stops.sort((one, other) => one.atM - other.atM || one.index - other.index);
}

interface Step {
  road: Road;
  /** Where it leads. */
  site: string;
}

/** Sites that a site is connected with, itself included. */
export function connectedSites(roads: readonly Road[], from: string): ReadonlySet<string> {
  return new Set(distances(roads, from).keys());
}

function shortest(roads: readonly Road[], from: string, to: string): Step[] | null {
  const reached = distances(roads, from);
  const steps: Step[] = [];
  for (let site = to; site !== from; ) {
    const step = reached.get(site)?.by;
    if (!step) return null;
    steps.unshift({ road: step, site });
    site = step.from === site ? step.to : step.from;
  }
  return steps;
}

/** Bellman and Ford, each round over all roads: networks have tens of them. */
function distances(roads: readonly Road[], from: string): Map<string, { lengthM: number; by: Road | null }> {
  const reached = new Map<string, { lengthM: number; by: Road | null }>([[from, { lengthM: 0, by: null }]]);
  for (let changed = true; changed; ) {
    changed = false;
    for (const road of roads) {
      for (const [near, far] of [
        [road.from, road.to],
        [road.to, road.from],
      ] as const) {
        const start = reached.get(near);
        if (!start) continue;
        const lengthM = start.lengthM + road.lengthM;
        if (lengthM >= (reached.get(far)?.lengthM ?? Number.POSITIVE_INFINITY)) continue;
        reached.set(far, { lengthM, by: road });
        changed = true;
      }
    }
  }
  return reached;
}

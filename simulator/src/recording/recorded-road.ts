import { type Problem, ScenarioError, shown } from '../scenario/problem.ts';
import type { Scenario, TripsPlan } from '../scenario/scenario.schema.ts';
import { type Way, wayBetween } from '../scenario/way.ts';

type Site = Scenario['sites'][number];
export type PlacedSite = Site & { lat: number; lon: number };

/** The road that a recording shows: the longest way of a fleet, on which all others have to lie. */
export interface RecordedRoad {
  way: Way;
  /** Sites on it in the order of driving. */
  sites: readonly { site: PlacedSite; atM: number }[];
}

const isTrips = (fleet: Scenario['fleets'][number]): fleet is TripsPlan => fleet.kind === 'trips';
const isPlaced = (site: Site): site is PlacedSite => site.lat !== undefined && site.lon !== undefined;

/** @throws ScenarioError when there is no road, no place on the map, or more than one road */
export function recordedRoad(scenario: Pick<Scenario, 'sites' | 'roads' | 'stations' | 'fleets'>): RecordedRoad {
  const ways = scenario.fleets.filter(isTrips).flatMap(({ from, to }) => wayBetween(scenario, from, to) ?? []);
  const way = ways.toSorted((one, other) => other.lengthM - one.lengthM)[0];
  if (way === undefined)
    throw new ScenarioError([
      { path: '/fleets', value: null, allowed: 'a recording shows trucks on a road: at least one fleet of kind trips' },
    ]);
  const problems: Problem[] = [];
  for (const [index, { siteId }] of scenario.stations.entries())
    if (!way.sites.has(siteId)) problems.push(offRoad(`/stations/${index}/siteId`, siteId, way));
  for (const [index, fleet] of scenario.fleets.entries()) {
    if (!isTrips(fleet)) continue;
    for (const end of ['from', 'to'] as const)
      if (!way.sites.has(fleet[end])) problems.push(offRoad(`/fleets/${index}/${end}`, fleet[end], way));
  }
  const sites = scenario.sites.flatMap((site, index) => {
    const atM = way.sites.get(site.id);
    if (atM === undefined) return [];
    if (isPlaced(site)) return [{ site, atM }];
    problems.push({ path: `/sites/${index}`, value: shown(site), allowed: 'with lat and lon: a recording shows it on a map' });
    return [];
  });
  if (problems.length > 0) throw new ScenarioError(problems);
  return { way, sites: sites.toSorted((one, other) => one.atM - other.atM) };
}

const offRoad = (path: string, siteId: string, { from, to }: Way): Problem => ({
  path,
  value: shown(siteId),
  allowed: `a site between ${from} and ${to}: a recording shows one road`,
});

import { violated } from '@corridor/protocols/assert';
import { ageingProblems } from './ageing-problems.ts';
import { businessProblems } from './business-problems.ts';
import { calendarProblems } from './calendar-problems.ts';
import { doubled } from './doubled.ts';
import { faultProblems } from './fault-problems.ts';
import { type Problem, shown } from './problem.ts';
import { plannedConditions } from './run-weather.ts';
import type { FleetPlan, Scenario, TripsPlan } from './scenario.schema.ts';
import { routesOf } from './seasoned-routes.ts';
import { staffProblems } from './staff-problems.ts';
import { issueWhOf } from './station-physics.ts';
import { stopPlan, type TripRoutes } from './trip-routes.ts';
import { connectedSites } from './way.ts';
import { weatherProblems } from './weather-problems.ts';

/** What the schema cannot see: names that lead nowhere, times that contradict each other, roads that do not meet. */
export function networkProblems(scenario: Scenario): Problem[] {
  const problems = [
    ...doubled(scenario),
    ...timeProblems(scenario),
    ...roadProblems(scenario),
    ...stationProblems(scenario),
    ...calendarProblems(scenario),
    ...massProblems(scenario),
    ...weatherProblems(scenario),
    ...ageingProblems(scenario),
    ...staffProblems(scenario),
    ...faultProblems(scenario),
    ...scenario.fleets.flatMap((fleet, index) =>
      fleet.kind === 'trips'
        ? []
        : [
            ...unknownStation(scenario, fleet.stationId, `/fleets/${index}/stationId`),
            ...arrivalProblems(scenario, fleet, `/fleets/${index}`),
          ],
    ),
  ];
  if (problems.length > 0) return problems;
  const business = businessProblems(scenario);
  if (business.length > 0) return business;
  // Only where every name is known can a way be looked for.
  return [
    ...scenario.fleets.flatMap((fleet, index) => (fleet.kind === 'trips' ? tripProblems(scenario, fleet, `/fleets/${index}`) : [])),
    ...unreachable(scenario),
  ];
}

function timeProblems(scenario: Scenario): Problem[] {
  const problems: Problem[] = [];
  if (scenario.warmUpDays >= scenario.days) {
    problems.push({
      path: '/warmUpDays',
      value: shown(scenario.warmUpDays),
      allowed: `less than the horizon of ${scenario.days} days: nothing would be counted`,
    });
  }
  for (const { path, distribution } of distributionsOf(scenario)) {
    if (distribution.kind !== 'triangular') continue;
    const { minMs, modeMs, maxMs } = distribution;
    if (!(minMs <= modeMs && modeMs <= maxMs && minMs < maxMs))
      problems.push({ path, value: shown(distribution), allowed: 'minMs <= modeMs <= maxMs, minMs < maxMs' });
  }
  for (const [index, fleet] of scenario.fleets.entries()) {
    const plan = fleet.kind === 'trips' ? fleet.departures : fleet.kind === 'visits' ? fleet.arrivals : null;
    const path = `/fleets/${index}/${fleet.kind === 'trips' ? 'departures' : 'arrivals'}`;
    if (plan?.kind === 'poisson' && plan.dayProfile?.every((share) => share === 0))
      problems.push({
        path: `${path}/dayProfile`,
        value: shown(plan.dayProfile),
        allowed: 'at least one hour above 0: nobody would ever come',
      });
    else if (plan?.kind === 'poisson') problems.push(...profileProblems(plan, path));
    if (plan?.kind === 'interval' && neverEnds(plan.between))
      problems.push({
        path: `${path}/between`,
        value: shown(plan.between),
        allowed: 'a mean above 0: an endless number would come at once',
      });
  }
  return problems;
}

/** A truck with its load weighs no less than without. */
function massProblems({ fleets }: Scenario): Problem[] {
  return fleets.flatMap((fleet, index) =>
    fleet.kind !== 'trips'
      ? []
      : (['loadedMassOutKg', 'loadedMassBackKg'] as const).flatMap((name) =>
          fleet[name] >= fleet.emptyMassKg
            ? []
            : [{ path: `/fleets/${index}/${name}`, value: shown(fleet[name]), allowed: `at least the emptyMassKg, ${fleet.emptyMassKg}` }],
        ),
  );
}

/** Profiles that calibration rounds are off by less. */
const PROFILE_MEAN_TOLERANCE = 0.005;

/** `perHour` is the mean of the day: a profile whose shares are more in the mean would raise it in silence. */
function profileProblems({ dayProfile }: { dayProfile?: readonly number[] }, path: string): Problem[] {
  if (dayProfile === undefined) return [];
  const mean = dayProfile.reduce((sum, share) => sum + share, 0) / dayProfile.length;
  if (Math.abs(mean - 1) <= PROFILE_MEAN_TOLERANCE) return [];
  const allowed = `24 shares whose mean is 1, for perHour is the mean of the day: their mean is ${Number(mean.toPrecision(4))}`;
  return [{ path: `${path}/dayProfile`, value: shown(dayProfile), allowed }];
}

/** A truck cannot bring more than it takes. */
function arrivalProblems({ stations }: Scenario, fleet: Exclude<FleetPlan, TripsPlan>, path: string): Problem[] {
  const station = stations.find(({ id }) => id === fleet.stationId);
  if (station === undefined || fleet.arriveSocPercent <= station.issueSocPercent) return [];
  const allowed = `at most the issueSocPercent of ${station.id}, ${station.issueSocPercent}: trucks would bring more than they take`;
  return [{ path: `${path}/arriveSocPercent`, value: shown(fleet.arriveSocPercent), allowed }];
}

const neverEnds = (between: TripsPlan['turnTime']): boolean =>
  (between.kind === 'deterministic' && between.valueMs === 0) ||
  (between.kind === 'empirical' && between.valuesMs.every((valueMs) => valueMs === 0));

export function* distributionsOf({
  stations,
  fleets,
  faults = [],
}: Scenario): Generator<{ path: string; distribution: TripsPlan['turnTime'] }> {
  for (const [index, { swapTime, chargeTime, staff }] of stations.entries()) {
    yield { path: `/stations/${index}/swapTime`, distribution: swapTime };
    if (chargeTime) yield { path: `/stations/${index}/chargeTime`, distribution: chargeTime };
    for (const [name, distribution] of Object.entries(staff ?? {})) yield { path: `/stations/${index}/staff/${name}`, distribution };
  }
  for (const [index, fault] of faults.entries())
    if (fault.kind === 'breakdowns') yield { path: `/faults/${index}/repairTime`, distribution: fault.repairTime };
  for (const [index, fleet] of fleets.entries()) {
    const path = `/fleets/${index}`;
    if (fleet.kind === 'cycle') yield { path: `${path}/awayTime`, distribution: fleet.awayTime };
    if (fleet.kind === 'visits' && fleet.arrivals.kind === 'interval')
      yield { path: `${path}/arrivals/between`, distribution: fleet.arrivals.between };
    if (fleet.kind !== 'trips') continue;
    yield { path: `${path}/turnTime`, distribution: fleet.turnTime };
    yield { path: `${path}/towTime`, distribution: fleet.towTime };
    if (fleet.departures.kind === 'interval') yield { path: `${path}/departures/between`, distribution: fleet.departures.between };
  }
}

const unknownSite = ({ sites }: Scenario, id: string, path: string): Problem[] =>
  sites.some((site) => site.id === id) ? [] : [{ path, value: shown(id), allowed: `one of the sites ${listed(sites)}` }];
const unknownStation = ({ stations }: Scenario, id: string, path: string): Problem[] =>
  stations.some((station) => station.id === id) ? [] : [{ path, value: shown(id), allowed: `one of the stations ${listed(stations)}` }];

const LISTED_MAX = 12;
const listed = (named: readonly { id: string }[]): string =>
  `${named
    .slice(0, LISTED_MAX)
    .map(({ id }) => id)
    .join(', ')}${named.length > LISTED_MAX ? ', …' : ''}`;

function roadProblems(scenario: Scenario): Problem[] {
  return scenario.roads.flatMap((road, index) => {
    const path = `/roads/${index}`;
    const problems = [...unknownSite(scenario, road.from, `${path}/from`), ...unknownSite(scenario, road.to, `${path}/to`)];
    if (road.from === road.to)
      problems.push({ path: `${path}/to`, value: shown(road.to), allowed: 'another site than the one it begins at' });
    const firstM = road.elevations[0]?.[0];
    const lastM = road.elevations.at(-1)?.[0];
    if (firstM !== 0)
      problems.push({ path: `${path}/elevations/0/0`, value: shown(firstM), allowed: '0: heights begin where the road begins' });
    if (lastM !== road.lengthM)
      problems.push({
        path: `${path}/elevations/${road.elevations.length - 1}/0`,
        value: shown(lastM),
        allowed: `the length of the road, ${road.lengthM}`,
      });
    road.elevations.forEach(([m], point) => {
      const beforeM = road.elevations[point - 1]?.[0];
      if (beforeM !== undefined && m <= beforeM)
        problems.push({ path: `${path}/elevations/${point}/0`, value: shown(m), allowed: `more than the point before it, ${beforeM}` });
    });
    return problems;
  });
}

function stationProblems(scenario: Scenario): Problem[] {
  return scenario.stations.flatMap((station, index) => {
    const path = `/stations/${index}`;
    return [
      ...unknownSite(scenario, station.siteId, `${path}/siteId`),
      ...(station.servesTripsTo ?? []).flatMap((site, place) => unknownSite(scenario, site, `${path}/servesTripsTo/${place}`)),
    ];
  });
}

function tripProblems(scenario: Scenario, trips: TripsPlan, path: string): Problem[] {
  const ends = [...unknownSite(scenario, trips.from, `${path}/from`), ...unknownSite(scenario, trips.to, `${path}/to`)];
  if (trips.from === trips.to)
    ends.push({ path: `${path}/to`, value: shown(trips.to), allowed: 'another site than the one they begin at' });
  if (ends.length > 0) return ends;
  const seasoned = routesOf(scenario, trips);
  if (seasoned === null)
    return [
      {
        path: `${path}/to`,
        value: shown(trips.to),
        allowed: `a site that roads lead to from ${trips.from}: the roads there are disconnected`,
      },
    ];
  const routes = seasoned.in(plannedConditions(scenario).coldest);
  const { outOfReach } = planOf(scenario, trips, routes);
  if (outOfReach === null) return [];
  const { pass, atIndex, nearest, contentWh } = outOfReach;
  const where =
    atIndex === null
      ? `${trips.from} with ${trips.startSocPercent} % on board`
      : (scenario.stations[atIndex] ?? violated(`no station ${atIndex}`)).id;
  const way = routes.ways[pass];
  if (nearest === null)
    return [
      {
        path,
        value: shown(trips.id),
        allowed: `a station on the way from ${way.from} to ${way.to} that serves these trips: from ${where} there is none ahead`,
      },
    ];
  return [
    {
      path,
      value: shown(trips.id),
      allowed:
        `legs that a pack covers: from ${where} towards ${way.to} the nearest station, ${nearest.stationId}, takes ` +
        `${kwh(nearest.peakWh)} kWh at the peak of the way, and the pack holds ${kwh(contentWh)} kWh${typeof scenario.weather === 'string' ? '' : ', in the coldest hour of the run'}`,
    },
  ];
}

const kwh = (wh: number): string => (wh / 1000).toFixed(1);

/** Content of the packs on board on the first day. */
export const startWhOf = (scenario: Scenario, trips: TripsPlan): number => issueWhOf(scenario, { issueSocPercent: trips.startSocPercent });

export function planOf(scenario: Scenario, trips: TripsPlan, routes: TripRoutes): ReturnType<typeof stopPlan> {
  return stopPlan(routes, {
    issueWhOf: (index) => {
      const station = scenario.stations[index];
      return station ? issueWhOf(scenario, station) : 0;
    },
    startWh: startWhOf(scenario, trips),
    nominalWh: scenario.pack.nominalWh,
  });
}

/** Stations that no fleet could ever come to. */
function unreachable(scenario: Scenario): Problem[] {
  const origins = scenario.fleets.flatMap((fleet) => (fleet.kind === 'trips' ? [fleet.from] : []));
  const reached = new Set(origins.flatMap((origin) => [...connectedSites(scenario.roads, origin)]));
  const named = new Set(scenario.fleets.flatMap((fleet) => (fleet.kind === 'trips' ? [] : [fleet.stationId])));
  return scenario.stations.flatMap(({ id, siteId }, index) =>
    reached.has(siteId) || named.has(id)
      ? []
      : [
          {
            path: `/stations/${index}/siteId`,
            value: shown(siteId),
            allowed: 'a site that some fleet can come to: no road leads here, and no fleet names the station',
          },
        ],
  );
}

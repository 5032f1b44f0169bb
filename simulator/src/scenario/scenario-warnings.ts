import { meanMsOf } from './distribution.ts';
import { planOf, routesOf } from './network-problems.ts';
import type { Problem } from './problem.ts';
import type { ArrivalPlan, Scenario, TripsPlan } from './scenario.schema.ts';
import { issueWhOf, meanChargeMs } from './station-physics.ts';
import type { TripRoutes } from './trip-routes.ts';

const HOUR_MS = 3_600_000;

/** What is brought to a station, by the plan. */
interface Offered {
  perHour: number;
  /** Rate times content, for the mean. */
  arriveWhPerHour: number;
}

/** A scenario that can be run and probably does not say what its author means: worth a line, not a refusal. */
export function scenarioWarnings(scenario: Scenario): Problem[] {
  const offered = scenario.stations.map((): Offered => ({ perHour: 0, arriveWhPerHour: 0 }));
  const warnings: Problem[] =
    scenario.model === 'coarse' && scenario.business !== undefined
      ? [{ path: '/business', value: null, allowed: 'it has no effect: only the full model bills' }]
      : [];
  const used = new Set<number>();
  const offer = (index: number, perHour: number, arriveWh: number) => {
    used.add(index);
    const station = offered[index];
    if (!station) return;
    station.perHour += perHour;
    station.arriveWhPerHour += perHour * arriveWh;
  };
  for (const [index, fleet] of scenario.fleets.entries()) {
    if (fleet.kind === 'trips') {
      const routes = routesOf(scenario, fleet);
      if (routes) warnings.push(...offerTrips(scenario, { fleet, routes, path: `/fleets/${index}` }, offer));
      continue;
    }
    const at = scenario.stations.findIndex(({ id }) => id === fleet.stationId);
    // A closed queue holds as many as there are trucks: it cannot grow without bound.
    offer(at, fleet.kind === 'visits' ? perHourOf(fleet.arrivals) : 0, issueWhOf(scenario, { issueSocPercent: fleet.arriveSocPercent }));
  }
  for (const [index, { perHour, arriveWhPerHour }] of offered.entries()) {
    warnings.push(...unstable(scenario, index, { perHour, arriveWh: perHour > 0 ? arriveWhPerHour / perHour : 0 }));
    if (!used.has(index))
      warnings.push({
        path: `/stations/${index}`,
        value: JSON.stringify(scenario.stations[index]?.id),
        allowed: 'no truck plans to swap here when nobody waits elsewhere',
      });
  }
  return warnings;
}

const perHourOf = (arrivals: ArrivalPlan): number =>
  arrivals.kind === 'poisson' ? arrivals.perHour : HOUR_MS / meanMsOf(arrivals.between);

function offerTrips(
  scenario: Scenario,
  { fleet, routes, path }: { fleet: TripsPlan; routes: TripRoutes; path: string },
  offer: (index: number, perHour: number, arriveWh: number) => void,
): Problem[] {
  const { stops, belowReserve } = planOf(scenario, fleet, routes);
  const perHour = tripsPerHour(scenario, fleet, { routes, stops });
  for (const { index, arriveWh } of stops) offer(index, perHour.asked, arriveWh);
  const stations = [...new Set(belowReserve.map(({ index }) => scenario.stations[index]?.id))];
  const warnings: Problem[] = [];
  if (stations.length > 0)
    warnings.push({
      path,
      value: JSON.stringify(fleet.id),
      allowed: `loaded trucks reach ${stations.join(', ')} only by using the reserve`,
    });
  if (perHour.asked > perHour.possible)
    warnings.push({
      path: `${path}/trucks`,
      value: JSON.stringify(fleet.trucks),
      allowed: `more trucks: ${perHour.asked.toFixed(2)} trips an hour are asked for, and they make at most ${perHour.possible.toFixed(2)}; departures queue without bound`,
      isUnstable: true,
    });
  return warnings;
}

/** Trips asked for, and what the trucks can do when they never wait. */
function tripsPerHour(
  scenario: Scenario,
  fleet: TripsPlan,
  { routes, stops }: { routes: TripRoutes; stops: readonly { index: number }[] },
): { asked: number; possible: number } {
  const driveMs = ([0, 1] as const).reduce<number>(
    (sum, pass) => sum + routes.leg({ pass, empty: false, node: 0 }, routes.lastNode(pass)).durationMs,
    0,
  );
  const swapMs = stops.reduce((sum, { index }) => sum + (scenario.stations[index] ? meanMsOf(scenario.stations[index].swapTime) : 0), 0);
  const possible = (fleet.trucks * HOUR_MS) / (driveMs + swapMs + 2 * meanMsOf(fleet.turnTime));
  return { asked: fleet.departures.kind === 'continuous' ? possible : perHourOf(fleet.departures), possible };
}

/** Utilisation of bays and of chargers by the formula of queues, rate times mean service over servers: at 1 a queue grows for ever. */
function unstable(scenario: Scenario, index: number, { perHour, arriveWh }: { perHour: number; arriveWh: number }): Problem[] {
  const station = scenario.stations[index];
  if (!station || station.discipline === 'lost') return [];
  const perMs = perHour / HOUR_MS;
  const load = (servers: number, serviceMs: number) => (perMs * serviceMs) / servers;
  const path = `/stations/${index}`;
  const told = (field: string, value: number, rho: number, what: string): Problem[] =>
    rho < 1
      ? []
      : [
          {
            path: `${path}/${field}`,
            value: JSON.stringify(value),
            allowed: `more: ${perHour.toFixed(2)} trucks an hour keep ${what} busy ${rho.toFixed(2)} times over, so the queue grows without bound`,
            isUnstable: true,
          },
        ];
  const charging = Math.min(station.chargers, station.packs);
  return [
    ...told('bays', station.bays, load(station.bays, meanMsOf(station.swapTime)), 'the bays'),
    ...told(
      station.packs < station.chargers ? 'packs' : 'chargers',
      charging,
      load(charging, meanChargeMs(scenario, station, arriveWh)),
      'packs and chargers',
    ),
  ];
}

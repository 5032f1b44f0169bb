import { violated } from '@corridor/protocols/assert';
import { chosenPolicies } from '../policies/policies.schema.ts';
import { ageingWarnings } from './ageing-warnings.ts';
import { meanMsOf } from './distribution.ts';
import { restsMsIn } from './driver-rests.ts';
import { faultWarnings } from './fault-problems.ts';
import { planOf } from './network-problems.ts';
import { shown } from './problem.ts';
import { plannedConditions } from './run-weather.ts';
import type { ArrivalPlan, Scenario, StationPlan, TripsPlan } from './scenario.schema.ts';
import { routesOf } from './seasoned-routes.ts';
import { issueWhOf, meanChargeMs, sharedPowerW } from './station-physics.ts';
import type { TripRoutes } from './trip-routes.ts';
import { unusedFields } from './unused-fields.ts';
import type { Warning, WarningReason } from './warning.ts';

const HOUR_MS = 3_600_000;

/** What is brought to a station, by the plan. */
interface Offered {
  perHour: number;
  /** Rate times content, for the mean. */
  arriveWhPerHour: number;
  /** What packs hold that come here. */
  arriveWhs: number[];
}

/** A scenario that can be run and probably does not say what its author means: worth a line, not a refusal. */
export function scenarioWarnings(scenario: Scenario): Warning[] {
  const offered = scenario.stations.map((): Offered => ({ perHour: 0, arriveWhPerHour: 0, arriveWhs: [] }));
  const warnings = [...unusedFields(scenario), ...ageingWarnings(scenario), ...faultWarnings(scenario)];
  // A queue that grows in the coldest week alone is shown by the runs.
  const { mean: usual } = plannedConditions(scenario);
  const used = new Set<number>();
  const offer = (index: number, perHour: number, arriveWh: number) => {
    used.add(index);
    const station = offered[index];
    if (!station) return;
    station.perHour += perHour;
    station.arriveWhPerHour += perHour * arriveWh;
    station.arriveWhs.push(arriveWh);
  };
  for (const [index, fleet] of scenario.fleets.entries()) {
    if (fleet.kind === 'trips') {
      const routes = routesOf(scenario, fleet)?.in(usual);
      if (routes) warnings.push(...offerTrips(scenario, { fleet, routes, path: `/fleets/${index}` }, offer));
      continue;
    }
    const at = scenario.stations.findIndex(({ id }) => id === fleet.stationId);
    // A closed queue holds as many as there are trucks: it cannot grow without bound.
    offer(at, fleet.kind === 'visits' ? perHourOf(fleet.arrivals) : 0, issueWhOf(scenario, { issueSocPercent: fleet.arriveSocPercent }));
  }
  for (const [index, { perHour, arriveWhPerHour, arriveWhs }] of offered.entries()) {
    warnings.push(...overpowered(scenario, index, arriveWhs));
    warnings.push(
      ...unstable(scenario, index, { perHour, contentWh: perHour > 0 ? arriveWhPerHour / perHour : 0, cellTempC: usual.cellTempC }),
    );
    if (!used.has(index))
      warnings.push({
        path: `/stations/${index}`,
        value: JSON.stringify(scenario.stations[index]?.id),
        code: 'NOBODY_PLANS_TO_SWAP',
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
): Warning[] {
  const { stops, belowReserve } = planOf(scenario, fleet, routes);
  const perHour = tripsPerHour(scenario, fleet, { routes, stops });
  for (const { index, arriveWh } of stops) offer(index, perHour.asked, arriveWh);
  const passed = new Set(belowReserve.map(({ index }) => index));
  const stationIds = [...passed].map((index) => (scenario.stations[index] ?? violated(`no station ${index}`)).id);
  const warnings: Warning[] = [];
  if (stationIds.length > 0) warnings.push({ path, value: JSON.stringify(fleet.id), code: 'RESERVE_USED', stationIds });
  if (perHour.asked > perHour.possible)
    warnings.push({
      path: `${path}/trucks`,
      value: JSON.stringify(fleet.trucks),
      code: 'TRUCKS_TOO_FEW',
      askedPerHour: perHour.asked,
      possiblePerHour: perHour.possible,
    });
  return warnings;
}

/** Trips asked for, and what the trucks can do when they never wait. */
function tripsPerHour(
  scenario: Scenario,
  fleet: TripsPlan,
  { routes, stops }: { routes: TripRoutes; stops: readonly { index: number }[] },
): { asked: number; possible: number } {
  const driveMs = ([0, 1] as const).reduce<number>((sum, pass) => {
    const { durationMs } = routes.leg({ pass, empty: false, node: 0 }, routes.lastNode(pass));
    return sum + durationMs + restsMsIn(durationMs);
  }, 0);
  const swapMs = stops.reduce((sum, { index }) => sum + (scenario.stations[index] ? meanMsOf(scenario.stations[index].swapTime) : 0), 0);
  const possible = (fleet.trucks * HOUR_MS) / (driveMs + swapMs + 2 * meanMsOf(fleet.turnTime));
  return { asked: fleet.departures.kind === 'continuous' ? possible : perHourOf(fleet.departures), possible };
}

type Overloaded = Extract<WarningReason, { code: 'STATION_OVERLOADED' }>;

/** Utilisation of bays and of chargers by the formula of queues, rate times mean service over servers: at 1 a queue grows for ever. */
function unstable(
  scenario: Scenario,
  index: number,
  { perHour, ...arriving }: { perHour: number; contentWh: number; cellTempC: number },
): Warning[] {
  const station = scenario.stations[index];
  if (!station || station.discipline === 'lost') return [];
  const perMs = perHour / HOUR_MS;
  const load = (servers: number, serviceMs: number) => (perMs * serviceMs) / servers;
  const path = `/stations/${index}`;
  const told = (field: string, value: number, load: number, part: Overloaded['part']): Warning[] =>
    load < 1
      ? []
      : [{ path: `${path}/${field}`, value: JSON.stringify(value), code: 'STATION_OVERLOADED', part, trucksPerHour: perHour, load }];
  const charging = Math.min(station.chargers, station.packs);
  const chargingLoad = (powered: StationPlan) => load(charging, meanChargeMs(scenario, powered, arriving));
  const bays = told('bays', station.bays, load(station.bays, meanMsOf(station.swapTime)), 'BAYS');
  const limited = asLimited(scenario, station);
  // More packs and chargers would only share the same power: it is the connection that is too small.
  const unlimited = { ...station, gridLimitW: Number.POSITIVE_INFINITY };
  if (chargingLoad(limited) >= 1 && chargingLoad(unlimited) < 1) {
    const field = limited.gridLimitW < station.gridLimitW ? 'limitSignalW' : 'gridLimitW';
    return [...bays, ...told(field, limited.gridLimitW, chargingLoad(limited), 'CONNECTION')];
  }
  return [...bays, ...told(station.packs < station.chargers ? 'packs' : 'chargers', charging, chargingLoad(limited), 'PACKS_AND_CHARGERS')];
}

/** With the power that the station may take in the mean of a day. */
function asLimited(scenario: Scenario, station: StationPlan): StationPlan {
  const { limitSignalW } = station;
  if (limitSignalW === undefined || chosenPolicies(scenario).charging !== 'limit-following') return station;
  const meanW = limitSignalW.reduce((sum, powerW) => sum + Math.min(powerW, station.gridLimitW), 0) / limitSignalW.length;
  return { ...station, gridLimitW: meanW };
}

const ROUNDING = 1.01;

/** Where `chargeTime` is given powers are what it needs: neither chargers nor the connection hold it back. */
function overpowered(scenario: Scenario, index: number, arriveWhs: readonly number[]): Warning[] {
  const station = scenario.stations[index];
  if (station?.chargeTime === undefined || arriveWhs.length === 0) return [];
  const arriveWh = arriveWhs.reduce((sum, wh) => sum + wh, 0) / arriveWhs.length;
  // Packs that are charged at once are not meant to have a power.
  if (meanMsOf(station.chargeTime) === 0) return [];
  const missingWh = issueWhOf(scenario, station) - arriveWh;
  const powerW = missingWh <= 0 ? 0 : missingWh / (meanMsOf(station.chargeTime) / HOUR_MS);
  const { chargerPowerW } = station;
  const sharedW = sharedPowerW(station);
  if (powerW <= sharedW * ROUNDING) return [];
  const byCharger = powerW > chargerPowerW * ROUNDING;
  return [
    {
      path: `/stations/${index}/chargeTime`,
      value: shown(station.chargeTime),
      code: 'CHARGE_TIME_TOO_SHORT',
      neededW: powerW,
      limitedBy: byCharger ? 'CHARGER' : 'CONNECTION',
      limitW: byCharger ? chargerPowerW : sharedW,
    },
  ];
}

import { assert } from '@corridor/protocols/assert';
import { meanMsOf } from '../scenario/distribution.ts';
import { planOf } from '../scenario/network-problems.ts';
import { plannedConditions } from '../scenario/run-weather.ts';
import type { Scenario, StationPlan, TripsPlan } from '../scenario/scenario.schema.ts';
import { routesOf } from '../scenario/seasoned-routes.ts';
import { meanChargeMs } from '../scenario/station-physics.ts';

const HOUR_MS = 3_600_000;
/** What stations are built for: queues stay short, and a busier hour fits. */
const PLANNED_BUSY_RATIO = 0.6;
/** Where nobody plans to swap, those go that find the others full (assumption). */
const OVERFLOW_RATIO = 0.25;
/** Packs that stand ready, over those on charge. */
const PACKS_PER_CHARGER = 1.15;

/** Bays, chargers, packs and connections for the trucks of a scenario: every queue is stable. */
export function sizedStations(scenario: Scenario, trips: TripsPlan, perHour: number): StationPlan[] {
  const { mean: usual } = plannedConditions(scenario);
  const routes = routesOf(scenario, trips)?.in(usual);
  assert(routes !== undefined, 'no roads');
  const { stops } = planOf(scenario, trips, routes);
  const counts = scenario.stations.map((_, index) => stops.filter((stop) => stop.index === index).length);
  const most = Math.max(...counts);
  return scenario.stations.map((station, index) => {
    const own = stops.filter((stop) => stop.index === index);
    const arriveWh = own.length === 0 ? 0 : own.reduce((sum, stop) => sum + stop.arriveWh, 0) / own.length;
    const perMs = (perHour * Math.max(own.length, most * OVERFLOW_RATIO)) / HOUR_MS;
    const bays = Math.ceil((perMs * meanMsOf(station.swapTime)) / PLANNED_BUSY_RATIO);
    // The connection is sized for all chargers, so that the limit shared by few does not slow the plan down.
    const free = { ...station, packs: 1, chargers: 1 };
    const chargers = Math.ceil(
      (perMs * meanChargeMs(scenario, free, { contentWh: arriveWh, cellTempC: usual.cellTempC })) / PLANNED_BUSY_RATIO,
    );
    return {
      ...station,
      bays,
      chargers,
      packs: Math.ceil(chargers * PACKS_PER_CHARGER),
      gridLimitW: Math.ceil((chargers * station.chargerPowerW * 1.1) / 1e6) * 1e6,
    };
  });
}

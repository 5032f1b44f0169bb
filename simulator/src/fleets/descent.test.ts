import { expect, it } from 'vitest';
import { runCoarse } from '../coarse/coarse-run.ts';
import { plannedConditions } from '../scenario/run-weather.ts';
import type { Scenario, TripsPlan } from '../scenario/scenario.schema.ts';
import { shippedScenario } from '../scenario/scenario-folder.ts';
import { routesOf } from '../scenario/seasoned-routes.ts';

/** Down to B and up again to the station at A; each truck leaves with a pack as it is issued. */
function downAndUp(issueSocPercent: number): Scenario {
  const base = shippedScenario('corridor-base.json');
  const [station] = base.stations;
  const trips = base.fleets.find((fleet): fleet is TripsPlan => fleet.kind === 'trips');
  if (!station || !trips) throw new Error('the base corridor has no station or no trips');
  const elevations: [number, number][] = [
    [0, 600],
    [20_000, 0],
  ];
  return {
    ...base,
    days: 2,
    warmUpDays: 0,
    sites: [{ id: 'A' }, { id: 'B' }],
    roads: [{ id: 'AB', from: 'A', to: 'B', lengthM: 20_000, cruiseKmh: 70, elevations }],
    stations: [{ ...station, siteId: 'A', issueSocPercent }],
    fleets: [{ ...trips, trucks: 3, from: 'A', to: 'B', emptyTripRatio: 0, legVariationRatio: 0, startSocPercent: issueSocPercent }],
  };
}

it('brakes away on a descent what a full pack cannot take', () => {
  const whPerKm = (scenario: Scenario) => runCoarse({ scenario, seed: 1, engine: 'compiled' }).total['consumptionWhPerKm'] ?? Number.NaN;
  const scenario = downAndUp(97);
  const routes = routesOf(scenario, scenario.fleets[0] as TripsPlan)?.in(plannedConditions(scenario).mean);
  const roomWh = routes?.leg({ pass: 0, empty: false, node: 0 }, routes.lastNode(0)).roomWh ?? 0;
  expect(roomWh).toBeGreaterThan(30_000);
  const full = whPerKm(scenario);
  const roomy = whPerKm(downAndUp(75));
  // Nothing is given back to a pack that takes none: on every second way.
  expect((full - roomy) * 40).toBeGreaterThan(0.5 * roomWh);
  expect((full - roomy) * 40).toBeLessThan(1.5 * roomWh);
});

import { BULK_TRUCK, BULK_TRUCK_WINTER } from '@corridor/actors/truck/traction';
import { expect, it } from 'vitest';

import { readScenario } from './read-scenario.ts';
import { plannedConditions } from './run-weather.ts';
import type { Scenario, TripsPlan } from './scenario.schema.ts';
import { shippedScenario } from './scenario-folder.ts';
import { routesOf } from './seasoned-routes.ts';
import { tractionOf } from './traction.schema.ts';

const scenario = shippedScenario('corridor-base.json');
const outWh = (changed: Scenario): number => {
  const trips = changed.fleets.find((fleet): fleet is TripsPlan => fleet.kind === 'trips') as TripsPlan;
  const routes = routesOf(changed, trips)?.in(plannedConditions(changed).mean);
  if (routes === undefined) throw new Error('no way');
  return routes.leg({ pass: 0, empty: false, node: 0 }, routes.lastNode(0)).sumWh;
};

it('is the season, with what the scenario knows better', () => {
  expect([tractionOf({}, 0), tractionOf({}, 1)]).toEqual([BULK_TRUCK, BULK_TRUCK_WINTER]);
  expect(tractionOf({}, 0.5)).toEqual({ ...BULK_TRUCK, rollingResistance: expect.closeTo(0.0065, 9), auxPowerW: 6_000 });
  expect(tractionOf({ traction: { dragAreaM2: 4.2 } }, 1)).toEqual({ ...BULK_TRUCK_WINTER, dragAreaM2: 4.2 });
  // 49 t over 525 km: each 0.001 of rolling resistance is 49,000 × 9.81 × 0.001 N, with 0.85 to the wheel and 1.05 for speed changes.
  const stiffer = { ...scenario, traction: { rollingResistance: BULK_TRUCK.rollingResistance + 0.001 } };
  const moreWh = (((49_000 * 9.81 * 0.001 * 525_000) / 3600) * 1.05) / 0.85;
  expect((outWh(stiffer) - outWh(scenario)) / moreWh).toBeGreaterThan(0.93);
  expect((outWh(stiffer) - outWh(scenario)) / moreWh).toBeLessThan(1.01);
});

it('refuses what is none of it', () => {
  const read = (traction: unknown) => () => readScenario(JSON.stringify({ ...scenario, traction }));
  expect(read({ rollingResistance: 0 })).toThrow('/traction/rollingResistance');
  expect(read({ tyres: 2 })).toThrow('/traction/tyres');
  expect(read({ auxPowerW: 5_000 })).not.toThrow();
});

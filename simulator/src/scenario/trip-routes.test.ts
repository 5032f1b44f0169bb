import { expect, it } from 'vitest';
import { planOf } from './network-problems.ts';
import { plannedConditions } from './run-weather.ts';
import type { Scenario, TripsPlan } from './scenario.schema.ts';
import { shippedScenario } from './scenario-folder.ts';
import { routesOf } from './seasoned-routes.ts';
import { wayBetween } from './way.ts';

const scenario = shippedScenario('corridor-base.json');
const trips = scenario.fleets.find((fleet): fleet is TripsPlan => fleet.kind === 'trips') as TripsPlan;
const planned = (changes: Partial<Scenario['pack']>) => {
  const changed = { ...scenario, pack: { ...scenario.pack, ...changes } };
  const routes = routesOf(changed, trips)?.in(plannedConditions(changed).mean);
  if (routes === undefined) throw new Error('no way');
  const { stops } = planOf(changed, trips, routes);
  return stops.map(({ index, pass }) => `${pass === 0 ? 'out' : 'back'} ${changed.stations[index]?.id}`);
};

it('finds the way by the shortest roads, and the stations that serve it in their order', () => {
  const out = wayBetween(scenario, 'HHP', 'YP');
  const back = wayBetween(scenario, 'YP', 'HHP');
  expect(out?.lengthM).toBe(525_000);
  expect(out?.stops.map(({ station }) => station.id)).toEqual(['HH1', 'HJ1', 'BD1', 'FP1', 'FX1', 'RC1', 'YP1']);
  expect(back?.stops.map(({ station }) => station.id)).toEqual(['YP1', 'RC1', 'FX2', 'FP1', 'BD2', 'HJ2', 'HH1']);
  const detour = { id: 'long', from: 'HHP', to: 'YP', lengthM: 700_000, cruiseKmh: 80, elevations: [] };
  const shortcut = {
    ...detour,
    id: 'short',
    lengthM: 400_000,
    elevations: [
      [0, 2],
      [400_000, 793],
    ] as [number, number][],
  };
  expect(wayBetween({ ...scenario, roads: [...scenario.roads, detour] }, 'HHP', 'YP')?.lengthM).toBe(525_000);
  expect(wayBetween({ ...scenario, roads: [...scenario.roads, shortcut] }, 'HHP', 'YP')?.lengthM).toBe(400_000);
  expect(wayBetween({ ...scenario, roads: [] }, 'HHP', 'YP')).toBeNull();
});

it('climbs one way and descends the other', () => {
  const routes = routesOf(scenario, trips)?.in(plannedConditions(scenario).mean);
  if (routes === undefined) throw new Error('no way');
  const whole = (pass: 0 | 1) => routes.leg({ pass, empty: false, node: 0 }, routes.lastNode(pass));
  expect(whole(0).sumWh).toBeGreaterThan(whole(1).sumWh * 1.2);
  expect(whole(0).distanceM).toBe(525_000);
  expect(whole(0).durationMs / 3_600_000).toBeGreaterThan(6.5);
});

it('swaps less often with bigger packs', () => {
  const counts = [282_000, 350_000, 423_000].map((nominalWh) => planned({ nominalWh }).length);
  expect(counts).toEqual([...counts].sort((one, other) => other - one));
  expect(counts[0]).toBeGreaterThan(counts[2] ?? 0);
});

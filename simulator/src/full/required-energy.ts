import { requiredContentWh } from '@corridor/actors/dispatch/reach';
import type { Reference } from '@corridor/actors/network/reference';
import type { Conditions } from '../scenario/run-weather.ts';
import type { Scenario, TripsPlan } from '../scenario/scenario.schema.ts';
import { routesOf } from '../scenario/seasoned-routes.ts';
import type { Pass, TripRoutes } from '../scenario/trip-routes.ts';

/** On round trips the way out counts as west, the way back as east. */
export const DIRECTION_OF_PASS = ['WEST', 'EAST'] as const;

/**
 * What a pack must hold when it is given out: the peak of the way to the nearest station ahead, round the turn where none lies before it,
 * and the reserve. The hardest of the fleets that come by with such a mass, in the weather of now.
 */
export function requiredEnergyIn(scenario: Scenario, weather: () => Conditions): Reference['requiredEnergyWh'] {
  const fleets = scenario.fleets.flatMap((plan) => {
    const routes = plan.kind === 'trips' ? routesOf(scenario, plan) : null;
    return plan.kind === 'trips' && routes !== null ? [{ plan, routes }] : [];
  });
  const known = new Map<string, number | null>();
  return ({ stationId, direction, grossMassKg, nominalWh }) => {
    const now = weather();
    const key = `${stationId} ${direction} ${grossMassKg} ${now.coldRatio}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const index = scenario.stations.findIndex(({ id }) => id === stationId);
    const pass = DIRECTION_OF_PASS.indexOf(direction) as Pass;
    const peaksWh = fleets.flatMap(({ plan, routes }) => peakWh(plan, routes.in(now), { index, pass, grossMassKg }) ?? []);
    const required = peaksWh.length === 0 ? null : requiredContentWh({ peakWh: Math.max(...peaksWh), nominalWh });
    known.set(key, required);
    return required;
  };
}

function peakWh(plan: TripsPlan, routes: TripRoutes, at: { index: number; pass: Pass; grossMassKg: number }): number | null {
  const { index, pass, grossMassKg } = at;
  const isStop = routes.ways[pass].stops.some((stop) => stop.index === index);
  if (!isStop) return null;
  const empty = grossMassKg <= plan.emptyMassKg;
  const ahead = routes.candidates({ pass, empty, node: routes.nodeOf(pass, index) });
  const nearest = ahead.reduce<(typeof ahead)[number] | null>(
    (best, candidate) => (best === null || candidate.distanceM < best.distanceM ? candidate : best),
    null,
  );
  return nearest?.peakWh ?? null;
}

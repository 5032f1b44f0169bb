import { planOf } from './network-problems.ts';
import { shown } from './problem.ts';
import { plannedConditions } from './run-weather.ts';
import type { Scenario } from './scenario.schema.ts';
import { routesOf } from './seasoned-routes.ts';
import type { Warning } from './warning.ts';

/** Legs that packs of the first day cover, and those that are about to get new cells do not. */
export function ageingWarnings(scenario: Scenario): Warning[] {
  const { pack, fleets } = scenario;
  if (pack.ageing === undefined) return [];
  const { renewAtSohPercent } = pack.ageing;
  const aged = { ...scenario, pack: { ...pack, sohPercent: renewAtSohPercent } };
  const { coldest } = plannedConditions(scenario);
  for (const fleet of fleets) {
    const routes = fleet.kind === 'trips' ? routesOf(scenario, fleet)?.in(coldest) : undefined;
    if (fleet.kind !== 'trips' || routes === undefined) continue;
    const { outOfReach } = planOf(aged, fleet, routes);
    if (outOfReach === null || outOfReach.nearest === null) continue;
    const { nearest, contentWh } = outOfReach;
    const why = { code: 'AGED_PACKS_TOO_WEAK', towardsId: nearest.stationId, peakWh: nearest.peakWh, contentWh } as const;
    return [{ path: '/pack/ageing/renewAtSohPercent', value: shown(renewAtSohPercent), ...why }];
  }
  return [];
}

import { chosenPolicies } from '../policies/policies.schema.ts';
import { shown } from './problem.ts';
import type { Scenario } from './scenario.schema.ts';
import { staffWarnings } from './staff-problems.ts';
import type { Warning, WarningReason } from './warning.ts';

/** Fields that are filled in and change nothing, each with what it lacks: who filled them in expects something of them. */
export function unusedFields(scenario: Scenario): Warning[] {
  const { model, business, stations, tariffs, carbon, policies } = scenario;
  const { charging, chooseStation } = chosenPolicies(scenario);
  const unused = (path: string, value: unknown, why: WarningReason): Warning => ({ path, value: shown(value), ...why });
  const warnings: Warning[] = staffWarnings(scenario);
  if (model === 'coarse' && business !== undefined) warnings.push({ path: '/business', value: '{…}', code: 'ONLY_FULL_MODEL_BILLS' });
  for (const [index, { limitSignalW, gridRegion }] of stations.entries()) {
    if (limitSignalW !== undefined && charging !== 'limit-following')
      warnings.push(unused(`/stations/${index}/limitSignalW`, limitSignalW, { code: 'LIMIT_SIGNAL_NOT_FOLLOWED', charging }));
    if (gridRegion !== undefined && tariffs === undefined && carbon === undefined)
      warnings.push(unused(`/stations/${index}/gridRegion`, gridRegion, { code: 'REGION_WITHOUT_PRICES' }));
  }
  const regions = new Set(stations.map(({ gridRegion }) => gridRegion));
  for (const [index, { id, gridRegion }] of (tariffs ?? []).entries())
    if (!regions.has(gridRegion)) warnings.push(unused(`/tariffs/${index}`, id, { code: 'TARIFF_OF_NO_STATION', gridRegion }));
  if (policies?.pricing !== undefined && chooseStation !== 'cheapest')
    warnings.push(unused('/policies/pricing', policies.pricing, { code: 'PRICES_NOT_ASKED', chooseStation }));
  return warnings;
}

import { chosenPolicies } from '../policies/policies.schema.ts';
import { type Problem, shown } from './problem.ts';
import type { Scenario } from './scenario.schema.ts';

/** Fields that are filled in and change nothing, each with what it lacks: who filled them in expects something of them. */
export function unusedFields(scenario: Scenario): Problem[] {
  const { model, business, stations, tariffs, carbon, policies } = scenario;
  const { charging, chooseStation } = chosenPolicies(scenario);
  const unused = (path: string, value: unknown, why: string): Problem => ({
    path,
    value: shown(value),
    allowed: `it has no effect: ${why}`,
  });
  const problems: Problem[] = [];
  if (model === 'coarse' && business !== undefined)
    problems.push({ path: '/business', value: null, allowed: 'it has no effect: only the full model bills' });
  for (const [index, { limitSignalW, gridRegion }] of stations.entries()) {
    if (limitSignalW !== undefined && charging !== 'limit-following')
      problems.push(
        unused(`/stations/${index}/limitSignalW`, limitSignalW, `only charging "limit-following" keeps to it, not "${charging}"`),
      );
    if (gridRegion !== undefined && tariffs === undefined && carbon === undefined)
      problems.push(unused(`/stations/${index}/gridRegion`, gridRegion, 'there are neither tariffs nor carbon'));
  }
  const regions = new Set(stations.map(({ gridRegion }) => gridRegion));
  for (const [index, { id, gridRegion }] of (tariffs ?? []).entries())
    if (!regions.has(gridRegion)) problems.push(unused(`/tariffs/${index}`, id, `no station has the gridRegion ${gridRegion}`));
  if (policies?.pricing !== undefined && chooseStation !== 'cheapest')
    problems.push(unused('/policies/pricing', policies.pricing, `only chooseStation "cheapest" asks for prices, not "${chooseStation}"`));
  return problems;
}

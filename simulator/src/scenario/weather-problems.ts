import { type Problem, shown } from './problem.ts';
import type { Scenario } from './scenario.schema.ts';
import { curveMs } from './station-physics.ts';

/** How warm cells are is said once: with the pack, or by the climate. */
export function weatherProblems(scenario: Scenario): Problem[] {
  const { weather, pack, startsOn } = scenario;
  const { cellTempC } = pack;
  if (typeof weather === 'string') {
    if (cellTempC === undefined)
      return [{ path: '/pack/cellTempC', value: null, allowed: `cells while they are charged [°C]: "${weather}" does not tell it` }];
    return neverCharged(scenario, cellTempC);
  }
  const problems: Problem[] = [];
  const { heatedToC, cooledToC } = weather.cells;
  if (cellTempC !== undefined)
    problems.push({ path: '/pack/cellTempC', value: shown(cellTempC), allowed: 'nothing: in a climate cells go by /weather/cells' });
  if (startsOn === undefined)
    problems.push({ path: '/startsOn', value: null, allowed: 'the local date of the first day: a climate goes by the calendar' });
  if (cooledToC < heatedToC)
    problems.push({ path: '/weather/cells/cooledToC', value: shown(cooledToC), allowed: `at least heatedToC, ${heatedToC}` });
  return problems;
}

/** Packs are all as warm: where one charger cannot charge them, none can. */
function neverCharged(scenario: Scenario, cellTempC: number): Problem[] {
  const never = scenario.stations.find(
    (station) => !station.chargeTime && curveMs(scenario, station, { contentWh: 0, cellTempC }) === Number.POSITIVE_INFINITY,
  );
  if (never === undefined) return [];
  return [{ path: '/pack/cellTempC', value: shown(cellTempC), allowed: `0 to 55: no pack of ${never.id} would ever be charged` }];
}

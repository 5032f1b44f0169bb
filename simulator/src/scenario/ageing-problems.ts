import { ISSUE_SOH_PERCENT_MIN } from '@corridor/actors/order/order-config';
import { type Problem, shown } from './problem.ts';
import type { Scenario } from './scenario.schema.ts';

/** Cells outside were never tested: how fast they fade nobody knows. */
export const FADE_TEMP_C = { min: 10, max: 45 } as const;

/** Packs that could not be told to age. */
export function ageingProblems({ pack, weather, model }: Scenario): Problem[] {
  const { ageing, sohPercent, cellTempC } = pack;
  if (ageing === undefined) return [];
  const { renewAtSohPercent, sohSpreadPercent } = ageing;
  const told = (field: string, value: unknown, allowed: string): Problem => ({
    path: `/pack/ageing/${field}`,
    value: shown(value),
    allowed,
  });
  const problems: Problem[] = [];
  if (sohPercent + sohSpreadPercent > 100)
    problems.push(told('sohSpreadPercent', sohSpreadPercent, `at most ${100 - sohPercent}: no pack holds more than when it was new`));
  if (sohPercent - sohSpreadPercent <= renewAtSohPercent)
    problems.push(
      told('renewAtSohPercent', renewAtSohPercent, `below ${sohPercent - sohSpreadPercent}, the weakest pack of the first day`),
    );
  if (model === 'full' && renewAtSohPercent < ISSUE_SOH_PERCENT_MIN)
    problems.push(told('renewAtSohPercent', renewAtSohPercent, `at least ${ISSUE_SOH_PERCENT_MIN}: the platform gives out none below`));
  const cells = typeof weather === 'string' ? [cellTempC] : [weather.cells.heatedToC, weather.cells.cooledToC];
  const untested = cells.find((tempC) => tempC !== undefined && (tempC < FADE_TEMP_C.min || tempC > FADE_TEMP_C.max));
  if (untested !== undefined)
    problems.push({
      path: typeof weather === 'string' ? '/pack/cellTempC' : '/weather/cells',
      value: shown(typeof weather === 'string' ? cellTempC : weather.cells),
      allowed: `${FADE_TEMP_C.min} to ${FADE_TEMP_C.max} where packs age: how cells fade outside nobody tested`,
    });
  return problems;
}

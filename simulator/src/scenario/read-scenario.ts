import { Value } from 'typebox/value';
import { networkProblems } from './network-problems.ts';
import { ScenarioError } from './problem.ts';
import { Scenario } from './scenario.schema.ts';
import { scenarioJson } from './scenario-json.ts';
import { scenarioWarnings } from './scenario-warnings.ts';
import { schemaProblems } from './schema-problems.ts';
import type { Warning } from './warning.ts';

export interface ReadScenario {
  scenario: Scenario;
  /** One line each. */
  warnings: Warning[];
}

/** What a run is asked for beside its file. */
export interface ScenarioChanges {
  days?: number;
  seeds?: number;
}

/** @throws ScenarioError naming every field that is wrong, what stands there and what is allowed */
export function readScenario(text: string, changes: ScenarioChanges = {}): ReadScenario {
  const scenario = changed(scenarioJson(text), changes);
  if (!Value.Check(Scenario, scenario)) throw new ScenarioError(schemaProblems(Scenario, scenario));
  const problems = networkProblems(scenario);
  if (problems.length > 0) throw new ScenarioError(problems);
  return { scenario, warnings: scenarioWarnings(scenario) };
}

/** Before it is checked: what is asked for beside the file is held to the same limits. */
function changed(value: unknown, { days, seeds }: ScenarioChanges): unknown {
  if (!isRecord(value)) return value;
  return {
    ...value,
    ...(days === undefined ? {} : { days }),
    ...(seeds !== undefined && isRecord(value['seeds']) ? { seeds: { ...value['seeds'], count: seeds } } : {}),
  };
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

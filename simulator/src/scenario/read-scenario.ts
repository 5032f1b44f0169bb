import { Value } from 'typebox/value';
import { networkProblems } from './network-problems.ts';
import { ScenarioError, shown } from './problem.ts';
import { Scenario } from './scenario.schema.ts';
import { scenarioWarnings } from './scenario-warnings.ts';
import { schemaProblems } from './schema-problems.ts';

export interface ReadScenario {
  scenario: Scenario;
  /** One line each. */
  warnings: ReturnType<typeof scenarioWarnings>;
}

/** What a run is asked for beside its file. */
export interface ScenarioChanges {
  days?: number;
  seeds?: number;
}

/** @throws ScenarioError naming every field that is wrong, what stands there and what is allowed */
export function readScenario(text: string, { days, seeds }: ScenarioChanges = {}): ReadScenario {
  const value = parsed(text);
  if (!Value.Check(Scenario, value)) throw new ScenarioError(schemaProblems(Scenario, value));
  const scenario: Scenario = {
    ...value,
    days: days ?? value.days,
    seeds: { first: value.seeds.first, count: seeds ?? value.seeds.count },
  };
  const problems = networkProblems(scenario);
  if (problems.length > 0) throw new ScenarioError(problems);
  return { scenario, warnings: scenarioWarnings(scenario) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ScenarioError([{ path: '', value: shown(text), allowed: `JSON: ${why}` }]);
  }
}

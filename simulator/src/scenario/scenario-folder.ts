import { readScenario, type ScenarioChanges } from './read-scenario.ts';
import type { Scenario } from './scenario.schema.ts';
import { scenarioText } from './scenario-file.ts';

/** Where the shipped scenarios are. */
const SCENARIOS = new URL('../../scenarios/', import.meta.url);

/** One of the shipped scenarios. */
export const shippedScenario = (file: string, changes: ScenarioChanges = {}): Scenario =>
  readScenario(scenarioText(new URL(file, SCENARIOS).pathname), changes).scenario;

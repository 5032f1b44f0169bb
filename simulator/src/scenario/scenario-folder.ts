import { readScenario, type ScenarioChanges } from './read-scenario.ts';
import type { Scenario } from './scenario.schema.ts';
import { scenarioText } from './scenario-file.ts';

/** Where the shipped scenarios are. */
const SCENARIOS = new URL('../../scenarios/', import.meta.url);

/** One of the shipped scenarios, as it stands in its file. */
export const shippedScenarioText = (file: string): string => scenarioText(new URL(file, SCENARIOS).pathname);

/** One of the shipped scenarios. */
export const shippedScenario = (file: string, changes: ScenarioChanges = {}): Scenario =>
  readScenario(shippedScenarioText(file), changes).scenario;

import { readFileSync } from 'node:fs';
import { readScenario, type ScenarioChanges } from '../scenario/read-scenario.ts';
import type { Scenario } from '../scenario/scenario.schema.ts';

/** Where the shipped scenarios are. */
const SCENARIOS = new URL('../../scenarios/', import.meta.url);

/** One of the shipped scenarios. */
export const shippedScenario = (file: string, changes: ScenarioChanges = {}): Scenario =>
  readScenario(readFileSync(new URL(file, SCENARIOS), 'utf8'), changes).scenario;

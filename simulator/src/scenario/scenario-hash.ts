import { createHash } from 'node:crypto';
import type { Scenario } from './scenario.schema.ts';

/** SHA-256 of what was run: reports and recordings of the same inputs have the same. */
export const scenarioHash = (scenario: Scenario): string => createHash('sha256').update(JSON.stringify(scenario)).digest('hex');

import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { ARRIVALS_CSV, arrivalsCsv, corridorScenarios } from './corridor-scenarios.ts';

new Command('npm run generate:scenarios --')
  .description(
    'Writes the scenarios of the corridor into simulator/scenarios, from data/corridor. The textbook queues there are written by hand.',
  )
  .parse();

const folder = new URL('../../scenarios/', import.meta.url);
for (const [file, scenario] of corridorScenarios()) writeFileSync(new URL(file, folder), `${JSON.stringify(scenario, null, 2)}\n`);
writeFileSync(new URL(ARRIVALS_CSV, folder), arrivalsCsv());

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { shippedScenario } from '../planner/scenario-folder.ts';
import { ARRIVALS_CSV, arrivalsCsv, corridorScenarios } from './corridor-scenarios.ts';

const shipped = (file: string) => readFileSync(new URL(`../../scenarios/${file}`, import.meta.url), 'utf8');

it.each([...corridorScenarios().keys()])('%s is what npm run generate:scenarios writes, and can be run', (file) => {
  expect(JSON.parse(shipped(file))).toEqual(JSON.parse(JSON.stringify(corridorScenarios().get(file))));
  expect(shippedScenario(file).name.length).toBeGreaterThan(0);
});

it('draws the irregular arrivals always alike, at the rate that is told', () => {
  expect(shipped(ARRIVALS_CSV)).toBe(arrivalsCsv());
  const fleet = shippedScenario('station-irregular-arrivals.json').fleets[0];
  if (fleet?.kind !== 'visits' || fleet.arrivals.kind !== 'interval' || fleet.arrivals.between.kind !== 'empirical')
    throw new Error('other arrivals');
  const { valuesMs } = fleet.arrivals.between;
  const meanMs = valuesMs.reduce((sum, gapMs) => sum + gapMs, 0) / valuesMs.length;
  expect(3_600_000 / meanMs).toBeCloseTo(4, 0);
  // Nights are quiet: the gaps vary more than those of a Poisson stream, whose coefficient is 1.
  const deviation = Math.sqrt(valuesMs.reduce((sum, gapMs) => sum + (gapMs - meanMs) ** 2, 0) / valuesMs.length);
  expect(deviation / meanMs).toBeGreaterThan(1.3);
});

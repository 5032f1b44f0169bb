import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { runCoarse } from '../coarse/coarse-run.ts';
import { shippedScenario } from '../scenario/scenario-folder.ts';
import { ARRIVALS_CSV, arrivalsCsv, corridorScenarios } from './corridor-scenarios.ts';

const shipped = (file: string) => readFileSync(new URL(`../../scenarios/${file}`, import.meta.url), 'utf8');

it.each([...corridorScenarios().keys()])('%s is what npm run generate:scenarios writes, and can be run', (file) => {
  expect(JSON.parse(shipped(file))).toEqual(JSON.parse(JSON.stringify(corridorScenarios().get(file))));
  expect(shippedScenario(file).name.length).toBeGreaterThan(0);
});

it('differs from what each scenario is to be compared with in one thing only', () => {
  const told = (scenario: Record<string, unknown>): Record<string, unknown> => ({ ...scenario, name: null, about: null });
  const of = (file: string) => told(JSON.parse(shipped(file)));
  expect({ ...of('corridor-off-peak.json'), policies: undefined }).toEqual({ ...of('corridor-ten-packs.json'), policies: undefined });
  for (const kwh of [282, 423]) {
    const [other, middle] = [of(`corridor-${kwh}.json`), of('corridor-350.json')];
    expect(other['pack']).toMatchObject({ nominalWh: kwh * 1_000, sohPercent: 97 });
    expect({ ...other, pack: null, fleets: null }).toEqual({ ...middle, pack: null, fleets: null });
  }
});

it('keeps every station of the large corridor below 80 % taken', () => {
  const scenario = shippedScenario('corridor-large.json', { days: 3 });
  const { stations, total } = runCoarse({ scenario, seed: 1, engine: 'compiled' });
  for (const { id, kpis } of stations) {
    expect(kpis['bayBusyRatio'], `SEED=1 ${id}`).toBeLessThanOrEqual(0.8);
    expect(kpis['chargerBusyRatio'], `SEED=1 ${id}`).toBeLessThanOrEqual(0.8);
  }
  expect(total['tripsPerDay'], 'SEED=1').toBeGreaterThan(500);
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

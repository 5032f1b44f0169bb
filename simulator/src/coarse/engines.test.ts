import { expect, it } from 'vitest';
import { shippedScenario } from '../scenario/scenario-folder.ts';
import { engineDifference, tracedRun } from './engine-comparison.ts';

/** `npm run soak -- engines` compares a thousand seeds. */
const SEEDS = Array.from({ length: 20 }, (_, index) => index + 1);
const shortened = (file: string, days: number) => ({ ...shippedScenario(file), days, warmUpDays: 0 });

it('both engines run the corridor alike, change by change, with 20 seeds', () => {
  const scenario = shortened('corridor-stress.json', 0.4);
  expect(tracedRun(scenario, 1, 'compiled').lines.length).toBeGreaterThan(500);
  for (const seed of SEEDS) expect(engineDifference(scenario, seed)).toBeNull();
});

it.each(['queue-erlang-b.json', 'queue-repairman.json', 'queue-bay-and-packs.json'])('both engines run %s alike', (file) => {
  const scenario = shortened(file, 1);
  for (const seed of SEEDS.slice(0, 5)) expect(engineDifference(scenario, seed)).toBeNull();
});

it('both engines run a climate and packs that age alike', () => {
  const scenario = shortened('corridor-year.json', 0.4);
  for (const seed of SEEDS.slice(0, 3)) expect(engineDifference(scenario, seed)).toBeNull();
});

it('gives the same for the same seed, and other for another', () => {
  const [one, again, other] = [7, 7, 8].map((seed) => tracedRun(shortened('corridor-base.json', 1), seed, 'compiled'));
  expect(again).toEqual(one);
  expect(other?.lines).not.toEqual(one?.lines);
});

import { expect, it } from 'vitest';
import { runCoarse } from '../coarse/coarse-run.ts';
import { shippedScenario } from '../scenario/scenario-folder.ts';
import { timeseriesLines } from './result-lines.ts';

it.each([2, 2.5, 2.01])('tells each hour of %s days and none beyond, and all that came', (days) => {
  const scenario = { ...shippedScenario('queue-m-m-1.json'), days, warmUpDays: 1 };
  const run = runCoarse({ scenario, seed: 1, engine: 'compiled', detailed: true });
  const rows = timeseriesLines(run)
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  expect(rows.map(([, hour]) => Number(hour))).toEqual(Array.from({ length: Math.ceil(days * 24) }, (_, hour) => hour));
  const counted = rows.filter(([, hour]) => Number(hour) >= 24).reduce((sum, [, , , arrivals]) => sum + Number(arrivals), 0);
  expect(counted).toBe(run.total['arrivals']);
});

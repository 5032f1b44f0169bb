import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { machineCharts } from './machine-charts.ts';

it('every machine has its chart beside it, as it is now (npm run generate)', async () => {
  const stale = (await machineCharts()).filter(({ path, text }) => !existsSync(path) || readFileSync(path, 'utf8') !== text);
  expect(stale.map(({ path }) => path)).toEqual([]);
});

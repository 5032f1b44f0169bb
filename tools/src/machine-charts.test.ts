import { existsSync, readFileSync } from 'node:fs';
import { outsideSubset } from '@corridor/actors/chart/subset';
import { expect, it } from 'vitest';
import { machineCharts, productMachines } from './machine-charts.ts';

it('every machine has its chart beside it, as it is now (npm run generate)', async () => {
  const stale = (await machineCharts()).filter(({ path, text }) => !existsSync(path) || readFileSync(path, 'utf8') !== text);
  expect(stale.map(({ path }) => path)).toEqual([]);
});

it('every machine keeps to the subset that can be compiled', async () => {
  const outside = (await productMachines()).flatMap(({ name, machine }) => outsideSubset(machine).map((line) => `${name}: ${line}`));
  expect(outside).toEqual([]);
});

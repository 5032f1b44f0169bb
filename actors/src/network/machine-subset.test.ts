import { expect, it } from 'vitest';
import { outsideSubset } from '../chart/subset.ts';
import { emptySurroundings } from './empty-surroundings.ts';
import { machinesOf } from './machine-catalogue.ts';

it.each(Object.entries(machinesOf(emptySurroundings)))('%s keeps to what a compiled engine runs alike', (_, machine) => {
  expect(outsideSubset(machine)).toEqual([]);
});

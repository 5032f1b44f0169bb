import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '@corridor/gateway/journal/make-folder';
import type { Result } from './result.ts';
import { ORDERS_HEAD, TIMESERIES_HEAD } from './result-lines.ts';
import type { SeedResult } from './seed-worker.ts';

export const resultText = (result: Result): string => `${JSON.stringify(result, null, 1)}\n`;

/** Writes `result.json`, `orders.csv` and `timeseries.csv` into a folder that is made if need be. */
export function writeResult(folder: string, result: Result, results: readonly SeedResult[]): void {
  makeFolder(folder);
  writeFileSync(join(folder, 'orders.csv'), ORDERS_HEAD + results.map(({ orders }) => orders).join(''));
  writeFileSync(join(folder, 'timeseries.csv'), TIMESERIES_HEAD + results.map(({ timeseries }) => timeseries).join(''));
  // Last: whoever finds it finds all.
  writeFileSync(join(folder, 'result.json'), resultText(result));
}

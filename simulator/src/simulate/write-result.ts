import { accessSync, constants, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '@corridor/gateway/journal/make-folder';
import { waitsForLoads } from '../measures/load-queue.ts';
import type { Result } from '../planner/result.ts';
import { LOADS_HEAD, ORDERS_HEAD, STATEMENTS_HEAD, TIMESERIES_HEAD } from '../planner/result-lines.ts';
import type { SeedResult } from '../planner/seed-worker.ts';
import { ScenarioError, shown } from '../scenario/problem.ts';

/** As it stands in a file. */
export const resultText = (result: unknown): string => `${JSON.stringify(result, null, 1)}\n`;

/** Makes the folder of results, before hours of runs are spent on what could not be kept. @throws ScenarioError */
export function refuseUnwritable(folder: string | null, option = '--out'): void {
  if (folder === null) return;
  try {
    makeFolder(folder);
    accessSync(folder, constants.W_OK);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ScenarioError([{ path: option, value: shown(folder), allowed: `a folder that can be written into: ${why}` }]);
  }
}

/** What any run or experiment writes under its own name. */
const WRITTEN = [
  'result.json',
  'compare.json',
  'sweep.json',
  'search.json',
  'report.html',
  'orders.csv',
  'timeseries.csv',
  'loads.csv',
  'statements.csv',
];

/** Takes away what an earlier run left, which would stand beside the new files as if it were of the same runs. */
function makeEmpty(folder: string): void {
  makeFolder(folder);
  for (const name of WRITTEN) rmSync(join(folder, name), { force: true });
}

/** Writes `result.json`, `orders.csv`, `timeseries.csv`, `report.html`, `loads.csv` where a fleet waits for loads and `statements.csv` where somebody is settled into a folder that is made if need be. */
export function writeResult(
  folder: string,
  { result, results, report }: { result: Result; results: readonly SeedResult[]; report: string },
): void {
  makeEmpty(folder);
  writeFileSync(join(folder, 'orders.csv'), ORDERS_HEAD + results.map(({ orders }) => orders).join(''));
  writeFileSync(join(folder, 'timeseries.csv'), TIMESERIES_HEAD + results.map(({ timeseries }) => timeseries).join(''));
  if (result.scenario.fleets.some(waitsForLoads))
    writeFileSync(join(folder, 'loads.csv'), LOADS_HEAD + results.map(({ loads }) => loads).join(''));
  if (result.scenario.business?.settlements !== undefined)
    writeFileSync(join(folder, 'statements.csv'), STATEMENTS_HEAD + results.map(({ statements }) => statements).join(''));
  writeFileSync(join(folder, 'report.html'), report);
  // Last: whoever finds it finds all.
  writeFileSync(join(folder, 'result.json'), resultText(result));
}

/** Writes what an experiment found, and its report. */
export function writeExperiment(folder: string, { name, found, report }: { name: string; found: unknown; report: string }): void {
  makeEmpty(folder);
  writeFileSync(join(folder, 'report.html'), report);
  writeFileSync(join(folder, name), resultText(found));
}

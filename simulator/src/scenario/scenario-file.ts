import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { violated } from '@corridor/protocols/assert';
import { parse } from 'csv-parse/sync';
import { ScenarioError, shown } from './problem.ts';
import { scenarioJson } from './scenario-json.ts';

/** Times from a CSV file beside the scenario. */
interface CsvTimes {
  kind: 'empirical';
  csv: string;
  /** `durations`: milliseconds; `instants`: ISO times, of which the gaps are taken. */
  as: 'durations' | 'instants';
  column: string;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const isCsvTimes = (value: Record<string, unknown>): value is Record<string, unknown> & CsvTimes =>
  value['kind'] === 'empirical' &&
  typeof value['csv'] === 'string' &&
  typeof value['column'] === 'string' &&
  (value['as'] === 'durations' || value['as'] === 'instants');

/**
 * The text of a scenario that stands alone: `{kind: "empirical", csv, column, as}` becomes the times that the file holds.
 * @throws ScenarioError on what is no JSON, keys that stand twice, and a file of times that holds none
 */
export function scenarioText(file: string): string {
  const text = readFileSync(file, 'utf8');
  const value = scenarioJson(text);
  return text.includes('"csv"') ? JSON.stringify(resolved(value, dirname(file), '')) : text;
}

function resolved(value: unknown, folder: string, path: string): unknown {
  if (Array.isArray(value)) return value.map((item, index) => resolved(item, folder, `${path}/${index}`));
  if (!isRecord(value)) return value;
  if (isCsvTimes(value)) return { kind: 'empirical', valuesMs: timesOf(value, folder, path) };
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, resolved(part, folder, `${path}/${key}`)]));
}

function timesOf({ csv, column, as }: CsvTimes, folder: string, path: string): number[] {
  const wrong = (value: unknown, allowed: string) => new ScenarioError([{ path: `${path}/csv`, value: shown(value), allowed }]);
  let rows: Record<string, string>[];
  try {
    rows = parse(readFileSync(join(folder, csv)), { columns: true, bom: true, trim: true, skip_empty_lines: true });
  } catch (cause) {
    throw wrong(csv, `a CSV file beside the scenario: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  const times = rows.map((row, index) => {
    const text = row[column];
    const timeMs = as === 'durations' ? Number(text) : Date.parse(text ?? '');
    if (text === undefined || text === '' || Number.isNaN(timeMs))
      throw wrong(
        text ?? null,
        `column ${column} with ${as === 'durations' ? 'milliseconds' : 'ISO times'} in each row; row ${index + 1} has none`,
      );
    return timeMs;
  });
  if (as === 'durations') return times;
  const sorted = times.toSorted((one, other) => one - other);
  if (sorted.length < 2) throw wrong(csv, 'at least two instants');
  return sorted.slice(1).map((atMs, index) => atMs - (sorted[index] ?? violated(`no instant ${index}`)));
}

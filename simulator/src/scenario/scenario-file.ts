import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { violated } from '@corridor/protocols/assert';
import { parse } from 'csv-parse/sync';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { ScenarioError, shown } from './problem.ts';
import { scenarioJson } from './scenario-json.ts';
import { schemaProblems } from './schema-problems.ts';

/** Times from a CSV file beside the scenario. */
const CsvTimes = Type.Object(
  {
    kind: Type.Literal('empirical'),
    csv: Type.String({ minLength: 1, description: 'a file beside the scenario' }),
    column: Type.String({ minLength: 1, description: 'its column' }),
    /** `durations`: milliseconds; `instants`: ISO times, of which the gaps are taken. */
    as: Type.Union([Type.Literal('durations'), Type.Literal('instants')]),
  },
  { additionalProperties: false },
);
type CsvTimes = Static<typeof CsvTimes>;

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const namesCsv = (value: Record<string, unknown>): boolean => value['kind'] === 'empirical' && 'csv' in value;

/**
 * The text of a scenario that stands alone: `{kind: "empirical", csv, column, as}` becomes the times that the file holds.
 * @throws ScenarioError on a file that cannot be read, what is no JSON, keys that stand twice, and a file of times that holds none
 */
export function scenarioText(file: string): string {
  const text = fileText(file);
  const value = scenarioJson(text);
  return text.includes('"csv"') ? JSON.stringify(resolved(value, dirname(file), '')) : text;
}

function fileText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ScenarioError([{ path: file, value: null, allowed: `a scenario that can be read: ${why}` }]);
  }
}

function resolved(value: unknown, folder: string, path: string): unknown {
  if (Array.isArray(value)) return value.map((item, index) => resolved(item, folder, `${path}/${index}`));
  if (!isRecord(value)) return value;
  if (namesCsv(value)) {
    if (!Value.Check(CsvTimes, value)) throw new ScenarioError(schemaProblems(CsvTimes, value, path));
    return { kind: 'empirical', valuesMs: timesOf(value, folder, path) };
  }
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

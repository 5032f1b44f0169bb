import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';

export class HistoryError extends Error {
  readonly code = 'HISTORY_INVALID';
}

/** A line of a CSV, by the names in its head. */
export type Row = Record<string, string>;

/** @throws HistoryError when there is no such file, it is no CSV, or it holds nothing */
export function rowsOf(path: string): Row[] {
  const rows = parsed(path);
  if (rows.length === 0) throw new HistoryError(`${path} holds no lines`);
  return rows;
}

function parsed(path: string): Row[] {
  try {
    return parse(readFileSync(path, 'utf8'), { columns: true, skip_empty_lines: true, bom: true, trim: true });
  } catch (cause) {
    throw new HistoryError(`${path}: ${cause instanceof Error ? cause.message : 'unreadable'}`, { cause });
  }
}

/** Reads `came=Arrival,station=Site`. @throws HistoryError naming what is unknown, and what is allowed */
export function columnsOf<Field extends string>(text: string, fields: readonly Field[]): Partial<Record<Field, string>> {
  const columns: Partial<Record<Field, string>> = {};
  for (const part of text.split(',')) {
    const [key, name] = part.split('=').map((side) => side.trim());
    const field = fields.find((each) => each === key);
    if (!field || !name) throw new HistoryError(`--map "${part}": write field=column, with field one of ${fields.join(', ')}`);
    columns[field] = name;
  }
  return columns;
}

/** @throws HistoryError naming a column that is not there */
export function requireColumns(path: string, [first = {}]: readonly Row[], named: Partial<Record<string, string>>): void {
  for (const name of Object.values(named))
    if (name !== undefined && !(name in first))
      throw new HistoryError(`${path} has no column "${name}"; it has ${Object.keys(first).join(', ')}`);
}

/** @throws HistoryError for an empty cell */
export function text(row: Row, column: string, line: number): string {
  return row[column] || empty(column, line);
}

function empty(column: string, line: number): never {
  throw new HistoryError(`line ${line}: ${column} is empty`);
}

export function number(row: Row, column: string, line: number): number {
  const value = Number(row[column]);
  if ((row[column] ?? '') === '' || !Number.isFinite(value))
    throw new HistoryError(`line ${line}: ${column} is "${row[column] ?? ''}", not a number`);
  return value;
}

const ZONED = /(Z|[+-]\d\d:?\d\d)$/;

/** @returns null for an empty cell */
export function instantMs(row: Row, column: string, line: number): number | null {
  const text = row[column] ?? '';
  if (text === '') return null;
  const atMs = Date.parse(text);
  if (Number.isNaN(atMs) || !ZONED.test(text))
    throw new HistoryError(`line ${line}: ${column} is "${text}", not an instant with its zone such as 2026-11-01T08:00:00+08:00`);
  return atMs;
}

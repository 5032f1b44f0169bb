import { assert } from '@corridor/protocols/assert';
import type { Db } from '../db/db.ts';

/**
 * Rows into a table. A few go as one parameter a value, many as one JSON parameter that the server turns into a record set:
 * reading JSON costs it several times what the values do, and a statement of a thousand values has to be planned for each count.
 */
export interface TableShape {
  readonly table: string;
  /** Column -> SQL type of the record set. `platform_id` is added. */
  readonly columns: Readonly<Record<string, string>>;
  /** `on conflict …` clause, or empty. */
  readonly onConflict: string;
  /** Whether all rows of a batch must be in one statement, because what is checked after each is true of them together only. */
  readonly isOneStatement?: boolean;
}

export interface RowsStatement {
  readonly name: string;
  readonly columns: readonly string[];
  readonly isJson: readonly boolean[];
  /** Rows beyond which it is one statement with all of them as JSON. */
  readonly valueRowsMax: number;
  /** Rows in one statement of values. */
  readonly chunkOf: (rows: number) => number;
  /** For that many rows, each value a parameter after the platform. */
  readonly valuesText: (rows: number) => string;
  /** For any number of rows: $1 is all of them as JSON, $2 the platform. */
  readonly jsonText: string;
}

/** Rows in one statement of values at most. Of more than a step writes, counts are powers of two: a connection gets to know few statements. */
const CHUNK_ROWS_MAX = 64;
const STEP_ROWS_MAX = 8;
const VALUE_ROWS_MAX = 512;
/** Of those that must be in one statement: a swap's transfers, whose count is its own. */
const TOGETHER_ROWS_MAX = 16;

/** All that is left of a few, the largest power of two in more. */
const chunkOf = (rows: number): number => (rows <= STEP_ROWS_MAX ? rows : Math.min(CHUNK_ROWS_MAX, 2 ** (31 - Math.clz32(rows))));
const allOf = (rows: number): number => rows;

/** @param name of the prepared statements */
export function rowsStatement(name: string, { table, columns, onConflict, isOneStatement = false }: TableShape): RowsStatement {
  const names = Object.keys(columns);
  const record = names.map((column) => `${column} ${columns[column]}`).join(', ');
  const into = `insert into ${table} (platform_id, ${names.join(', ')})`;
  const texts = new Map<number, string>();
  return {
    name,
    columns: names,
    isJson: Object.values(columns).map((type) => type === 'json' || type === 'jsonb'),
    valueRowsMax: isOneStatement ? TOGETHER_ROWS_MAX : VALUE_ROWS_MAX,
    chunkOf: isOneStatement ? allOf : chunkOf,
    valuesText(rows) {
      let text = texts.get(rows);
      if (text === undefined) {
        text = `${into} values ${Array.from({ length: rows }, (_, row) => tuple(row * names.length, names.length)).join(', ')} ${onConflict}`;
        texts.set(rows, text);
      }
      return text;
    },
    jsonText: `${into} select $2, ${names.map((column) => `r.${column}`).join(', ')} from json_to_recordset($1::json) as r(${record}) ${onConflict}`,
  };
}

/** A statement over a list of rows that it joins, as `r`. */
export interface ListShape {
  /** Column of the list -> SQL type. */
  readonly columns: Readonly<Record<string, string>>;
  /** @param list what stands after `from` or `using` @param platform parameter */
  readonly text: (list: string, platform: string) => string;
}

/**
 * As `rowsStatement`, of a statement that changes rows by a list. Of values the server knows how many they are and looks for each by its
 * key; of JSON it expects a hundred and reads small tables whole.
 */
export function listStatement(name: string, { columns, text }: ListShape): RowsStatement {
  const names = Object.keys(columns);
  const types = Object.values(columns);
  const record = names.map((column, index) => `${column} ${types[index]}`).join(', ');
  const texts = new Map<number, string>();
  const listOf = (rows: number) => {
    const row = (no: number) => `(${types.map((type, index) => `$${no * types.length + index + 2}::${type}`).join(', ')})`;
    return `(values ${Array.from({ length: rows }, (_, no) => row(no)).join(', ')}) as r(${names.join(', ')})`;
  };
  return {
    name,
    columns: names,
    isJson: types.map(() => false),
    valueRowsMax: VALUE_ROWS_MAX,
    chunkOf,
    valuesText(rows) {
      const known = texts.get(rows) ?? text(listOf(rows), '$1');
      texts.set(rows, known);
      return known;
    },
    jsonText: text(`json_to_recordset($1::json) as r(${record})`, '$2'),
  };
}

/** $1 is the platform of every row. */
const tuple = (valuesBefore: number, values: number): string =>
  `($1, ${Array.from({ length: values }, (_, index) => `$${valuesBefore + index + 2}`).join(', ')})`;

/** `on conflict (key) do update` of all columns that are not in the key. */
export function replacing(columns: Readonly<Record<string, string>>, key: readonly string[]): string {
  const rest = Object.keys(columns).filter((column) => !key.includes(column));
  return `on conflict (platform_id, ${key.join(', ')}) do update set ${rest.map((column) => `${column} = excluded.${column}`).join(', ')}`;
}

export async function writeRows(db: Db, statement: RowsStatement, platformId: string, rows: readonly object[]): Promise<void> {
  await write(db, statement, platformId, { rows, jsonText: jsonOf });
}

/** As `writeRows`, in a fraction of the time, of rows whose JSON holds no bigint at any depth. @throws TypeError on one that does: a bug */
export async function writePlainRows(db: Db, statement: RowsStatement, platformId: string, rows: readonly object[]): Promise<void> {
  await write(db, statement, platformId, { rows, jsonText: JSON.stringify });
}

interface RowsToWrite {
  readonly rows: readonly object[];
  readonly jsonText: (value: unknown) => string;
}

async function write(db: Db, statement: RowsStatement, platformId: string, { rows, jsonText }: RowsToWrite): Promise<void> {
  if (rows.length === 0) return;
  const { name, valueRowsMax, valuesText } = statement;
  if (rows.length > valueRowsMax) {
    await db.query({ name, text: statement.jsonText, values: [jsonText(rows), platformId] });
    return;
  }
  for (let at = 0; at < rows.length; ) {
    const count = statement.chunkOf(rows.length - at);
    const values: unknown[] = [platformId];
    for (let row = at; row < at + count; row += 1) pushValues(values, statement, rows[row] as Readonly<Record<string, unknown>>, jsonText);
    await db.query({ name: `${name}_${count}`, text: valuesText(count), values });
    at += count;
  }
}

function pushValues(
  values: unknown[],
  { columns, isJson }: RowsStatement,
  row: Readonly<Record<string, unknown>>,
  jsonText: RowsToWrite['jsonText'],
): void {
  let index = 0;
  for (const column of columns) {
    const value = row[column] ?? null;
    if (value === null) values.push(null);
    else if (isJson[index] === true) values.push(jsonText(value));
    else if (Array.isArray(value)) values.push(value);
    else values.push(textOf(value, column));
    index += 1;
  }
}

function textOf(value: unknown, column: string): string {
  if (typeof value === 'string') {
    // The driver would replace it by another character, and the row would not be what is in memory.
    assert(value.isWellFormed(), `half a character in ${column}`);
    return value;
  }
  assert(
    typeof value === 'bigint' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value)),
    `${typeof value} in ${column}`,
  );
  return String(value);
}

/** JSON in which bigint is text. */
export const jsonOf = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? inner.toString() : inner));

/** Of instants that rows were of lately: a batch is of few, and what an order or swap began at comes with each of its steps. */
const timeTexts = new Map<number, string>();
const TIME_TEXTS_MAX = 4_096;
export function timeText(atMs: number): string {
  let text = timeTexts.get(atMs);
  if (text === undefined) {
    if (timeTexts.size === TIME_TEXTS_MAX) timeTexts.clear();
    text = new Date(atMs).toISOString();
    timeTexts.set(atMs, text);
  }
  return text;
}
export const timeTextOrNull = (atMs: number | null): string | null => (atMs === null ? null : timeText(atMs));

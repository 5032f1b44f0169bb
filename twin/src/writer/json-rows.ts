import type { Db } from '../db/db.ts';

/**
 * Rows into a table in one statement: one JSON parameter, turned into a record set by the server. bigint goes as text,
 * times as ISO text, nested JSON as it is.
 */
export interface TableShape {
  readonly table: string;
  /** Column -> SQL type of the record set. `platform_id` is added. */
  readonly columns: Readonly<Record<string, string>>;
  /** `on conflict …` clause, or empty. */
  readonly onConflict: string;
}

export interface RowsStatement {
  readonly name: string;
  readonly text: string;
  /** Whether no column holds JSON, in which a bigint may lie deeper. */
  readonly isFlat: boolean;
}

/** @param name of the prepared statement */
export function rowsStatement(name: string, { table, columns, onConflict }: TableShape): RowsStatement {
  const names = Object.keys(columns);
  const record = names.map((column) => `${column} ${columns[column]}`).join(', ');
  return {
    name,
    isFlat: !Object.values(columns).some((type) => type === 'json' || type === 'jsonb'),
    text: `insert into ${table} (platform_id, ${names.join(', ')})
           select $2, ${names.map((column) => `r.${column}`).join(', ')} from json_to_recordset($1::json) as r(${record}) ${onConflict}`,
  };
}

/** `on conflict (key) do update` of all columns that are not in the key. */
export function replacing(columns: Readonly<Record<string, string>>, key: readonly string[]): string {
  const rest = Object.keys(columns).filter((column) => !key.includes(column));
  return `on conflict (platform_id, ${key.join(', ')}) do update set ${rest.map((column) => `${column} = excluded.${column}`).join(', ')}`;
}

export async function writeRows(db: Db, statement: RowsStatement, platformId: string, rows: readonly object[]): Promise<void> {
  if (rows.length === 0) return;
  const { name, text, isFlat } = statement;
  await db.query({ name, text, values: [isFlat ? JSON.stringify(rows.map(withoutBigint)) : jsonOf(rows), platformId] });
}

/** A row with its amounts as text: looking at each column once is far quicker than a callback for each value. */
function withoutBigint(row: object): object {
  const copy: Record<string, unknown> = { ...row };
  for (const name in copy) if (typeof copy[name] === 'bigint') copy[name] = String(copy[name]);
  return copy;
}

/** As `writeRows`, in a fraction of the time, of rows that hold no bigint at any depth. @throws TypeError on one that does: a bug */
export async function writePlainRows(db: Db, statement: RowsStatement, platformId: string, rows: readonly object[]): Promise<void> {
  const { name, text } = statement;
  if (rows.length > 0) await db.query({ name, text, values: [JSON.stringify(rows), platformId] });
}

/** JSON in which bigint is text. */
export const jsonOf = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? inner.toString() : inner));

/** Most rows of a batch are of one instant. */
let lastTime = { atMs: 0, text: new Date(0).toISOString() };
export function timeText(atMs: number): string {
  if (lastTime.atMs !== atMs) lastTime = { atMs, text: new Date(atMs).toISOString() };
  return lastTime.text;
}
export const timeTextOrNull = (atMs: number | null): string | null => (atMs === null ? null : timeText(atMs));

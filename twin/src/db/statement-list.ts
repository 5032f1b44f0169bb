import { assert, violated } from '@corridor/protocols/assert';
import type pg from 'pg';
import type { Db } from './db.ts';

/** A statement with its parameters, ready to be sent. */
export interface Statement {
  /** Of the prepared statement; one that is not named is parsed each time. */
  readonly name: string;
  readonly text: string;
  readonly values: readonly (string | Buffer | null)[];
}

/** What a query would give is not known while it is only written down. */
const NOT_YET: pg.QueryResult<never> = Object.defineProperties(
  { command: '', oid: 0, fields: [], rows: [], rowCount: null },
  Object.fromEntries(
    ['rows', 'rowCount'].map((name) => [
      name,
      {
        get: () => violated(`${name} of a statement that is not sent yet`),
      },
    ]),
  ),
);

/** Takes queries down instead of running them; what reads their results cannot be written down. */
export class StatementList implements Db {
  readonly statements: Statement[] = [];

  async query<Row extends pg.QueryResultRow>({ name, text, values }: pg.QueryConfig): Promise<pg.QueryResult<Row>> {
    this.statements.push({ name: name ?? '', text, values: (values ?? []).map(parameterOf) });
    return NOT_YET;
  }
}

/** @throws InvariantError on what has no one text: a number that is none, an object */
function parameterOf(value: unknown): string | Buffer | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || Buffer.isBuffer(value)) return value;
  if (Array.isArray(value)) return arrayText(value);
  assert(
    typeof value === 'bigint' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value)),
    `${typeof value} as a parameter`,
  );
  return String(value);
}

const arrayText = (items: readonly unknown[]): string =>
  `{${items
    .map((item) => {
      const text = parameterOf(item);
      assert(!Buffer.isBuffer(text), 'bytes in a list');
      return text === null ? 'NULL' : `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
    })
    .join(',')}}`;

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Database, DbClient } from './db.ts';

const FOLDER = fileURLToPath(new URL('./migrations', import.meta.url));
const FILE_NAME = /^(\d{4})_([a-z0-9_]+)\.sql$/;
/** One migrates at a time; the number is ours alone. */
const LOCK_KEY = 4_711_202_611;

export type Migration = { version: number; name: string; checksum: string; sql: string };

/** A migration that is applied was changed afterwards. */
export class MigrationChangedError extends Error {
  readonly code = 'MIGRATION_CHANGED';
  constructor(options: { version: number; name: string }) {
    super(
      `Migration ${options.version} (${options.name}) differs from what this database was made with: restore the file, and put the change into a new migration.`,
    );
  }
}

/** The database was made by a newer program. */
export class SchemaNewerError extends Error {
  readonly code = 'SCHEMA_NEWER';
  constructor(options: { version: number }) {
    super(`The database has migration ${options.version}, which this program does not know: start the newer program.`);
  }
}

export class MigrationFailedError extends Error {
  readonly code = 'MIGRATION_FAILED';
  constructor(options: { migration: Migration; cause: unknown }) {
    const reason = options.cause instanceof Error ? options.cause.message : 'unknown';
    super(`Migration ${options.migration.version} (${options.migration.name}) failed and was rolled back: ${reason}`, {
      cause: options.cause,
    });
  }
}

/** All migrations in order. @throws Error when the numbers do not count up from 1 without gaps */
export function readMigrations(folder: string = FOLDER): Migration[] {
  const migrations = readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => {
      const [, digits, name] = FILE_NAME.exec(file) ?? [];
      if (digits === undefined || name === undefined) throw new Error(`${file} is not named NNNN_name.sql`);
      const sql = readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n');
      return { version: Number(digits), name, checksum: createHash('sha256').update(sql).digest('hex'), sql };
    });
  for (const [index, { version, name }] of migrations.entries()) {
    if (version !== index + 1) throw new Error(`migration ${name} has number ${version}, expected ${index + 1}`);
  }
  return migrations;
}

/**
 * Brings the database forward, each migration in a transaction of its own. There is no way back: a mistake is mended by
 * the next one.
 * @returns the versions applied now
 * @throws MigrationChangedError, SchemaNewerError, MigrationFailedError
 */
export async function migrate(database: Database, migrations: readonly Migration[] = readMigrations()): Promise<number[]> {
  const client = await database.pool.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK_KEY]);
    const done = await appliedMigrations(client);
    refuseMismatch(done, migrations);
    const applied: number[] = [];
    for (const migration of migrations) {
      if (done.has(migration.version)) continue;
      await apply(client, migration);
      applied.push(migration.version);
    }
    return applied;
  } finally {
    // Ending the session is what surely releases the lock.
    client.release(true);
  }
}

async function appliedMigrations(client: DbClient): Promise<Map<number, string>> {
  await client.query(`create table if not exists schema_migration (
    version integer primary key, name text not null, checksum text not null, applied_at timestamptz not null default now())`);
  const { rows } = await client.query<{ version: number; checksum: string }>('select version, checksum from schema_migration');
  return new Map(rows.map(({ version, checksum }) => [version, checksum]));
}

function refuseMismatch(done: ReadonlyMap<number, string>, migrations: readonly Migration[]): void {
  const known = new Map(migrations.map((migration) => [migration.version, migration]));
  for (const [version, checksum] of done) {
    const migration = known.get(version);
    if (migration === undefined) throw new SchemaNewerError({ version });
    if (migration.checksum !== checksum) throw new MigrationChangedError({ version, name: migration.name });
  }
}

async function apply(client: DbClient, migration: Migration): Promise<void> {
  await client.query('begin');
  try {
    await client.query(migration.sql);
    await client.query('insert into schema_migration (version, name, checksum) values ($1, $2, $3)', [
      migration.version,
      migration.name,
      migration.checksum,
    ]);
    await client.query('commit');
  } catch (cause) {
    await client.query('rollback');
    throw new MigrationFailedError({ migration, cause });
  }
}

import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { type Static, Type } from 'typebox';
import { Check } from 'typebox/value';
import { makeFolder } from '../embedded/make-folder.ts';
import type { Log } from '../log.ts';
import { type Database, type DbClient, inTransaction } from './db.ts';
import { migrate, readMigrations } from './migrate.ts';
import { ROLLUP_TABLES, rollupName } from './rollup-spec.ts';

/**
 * A backup is a folder with one compressed file per table and a manifest: all tables as of one instant, taken while the
 * twin runs. It goes back into an empty database of any server that the twin works with, of another version and with
 * or without TimescaleDB, which a dump of the server's own tools does not.
 */
const Manifest = Type.Object({
  format: Type.Literal(1),
  takenAt: Type.String(),
  migrations: Type.Array(Type.Object({ version: Type.Integer(), checksum: Type.String() })),
  tables: Type.Array(Type.Object({ name: Type.String(), columns: Type.Array(Type.String()), rows: Type.Integer(), sha256: Type.String() })),
});
export type BackupManifest = Static<typeof Manifest>;
type BackedUpTable = BackupManifest['tables'][number];

/** The backup cannot be taken or put back. */
export class BackupError extends Error {
  readonly code = 'BACKUP_UNUSABLE';
}

const MANIFEST = 'manifest.json';
const fileOf = (dir: string, table: string) => join(dir, `${table}.copy.gz`);
/** Can be made from the rest, or belongs to the database and not to what is in it. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  'schema_migration',
  'rollup_position',
  ...ROLLUP_TABLES.flatMap((table) => [rollupName(table, '1m'), rollupName(table, '1h')]),
]);

/**
 * @param dir made when absent; must be empty
 * @throws BackupError
 */
export async function backUp(database: Database, dir: string, log: Log): Promise<BackupManifest> {
  makeFolder(dir, 0o700);
  if (readdirSync(dir).length > 0) throw new BackupError(`${dir} is not empty: give the backup a folder of its own.`);
  const manifest = await inTransaction(database, async (client) => {
    await client.query('set transaction isolation level repeatable read, read only');
    const { rows: instant } = await client.query<{ now: Date }>('select now() as now');
    const { rows: migrations } = await client.query<{ version: number; checksum: string }>(
      'select version, checksum from schema_migration order by version',
    );
    const tables: BackedUpTable[] = [];
    for (const table of await tablesOf(client)) tables.push(await copyOut(client, table, dir));
    return { format: 1 as const, takenAt: (instant[0]?.now ?? new Date()).toISOString(), migrations, tables };
  });
  // Last: a folder without it is no backup.
  writeFileSync(join(dir, MANIFEST), JSON.stringify(manifest, null, 2), { mode: 0o600 });
  log.info({ dir, rows: manifest.tables.reduce((sum, { rows }) => sum + rows, 0) }, 'backup taken');
  return manifest;
}

/** Tables in the order they were made, so that what is referred to comes first; without columns that the database computes itself. */
async function tablesOf(client: DbClient): Promise<{ name: string; columns: string[] }[]> {
  const { rows } = await client.query<{ name: string; columns: string[] }>(`
    select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
      from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
     group by c.oid, c.relname order by c.oid`);
  return rows.filter(({ name }) => !LEFT_OUT.has(name));
}

async function copyOut(client: DbClient, table: { name: string; columns: string[] }, dir: string): Promise<BackedUpTable> {
  const rows = client.query(copyTo(`copy (select ${table.columns.join(', ')} from ${table.name}) to stdout`));
  const hash = createHash('sha256');
  const counted = new PassThrough();
  counted.on('data', (bytes: Buffer) => hash.update(bytes));
  await pipeline(rows, counted, createGzip({ level: 3 }), createWriteStream(fileOf(dir, table.name), { mode: 0o600 }));
  return { ...table, rows: rows.rowCount, sha256: hash.digest('hex') };
}

/**
 * Puts a backup into an empty database, all or nothing, and then brings it forward to this program's migrations.
 * @throws BackupError
 */
export async function restoreBackup(database: Database, dir: string, log: Log): Promise<BackupManifest> {
  const manifest = readBackupManifest(dir);
  const known = readMigrations();
  const needed = known.slice(0, manifest.migrations.length);
  if (
    needed.length < manifest.migrations.length ||
    needed.some(({ checksum }, index) => checksum !== manifest.migrations[index]?.checksum)
  ) {
    throw new BackupError(`The backup in ${dir} was taken by another program: restore it with that version, then start the newer one.`);
  }
  await migrate(database, needed);
  await inTransaction(database, async (client) => {
    for (const { name } of manifest.tables) await refuseRows(client, name);
    // Balances come as they were, and so do the states that orders were in: what is copied must not be booked or noted a second time.
    const deriving = await derivingTriggers(client);
    for (const { table, trigger } of deriving) await client.query(`alter table ${table} disable trigger ${trigger}`);
    for (const table of manifest.tables) await copyIn(client, table, dir);
    for (const { table, trigger } of deriving) await client.query(`alter table ${table} enable trigger ${trigger}`);
    await advanceIdentities(client);
  });
  await migrate(database, known);
  log.info({ dir, takenAt: manifest.takenAt }, 'backup restored');
  return manifest;
}

/** Triggers that make rows out of rows, as far as the database of the backup's version has them. */
const DERIVING = ['transfer_booked', 'swap_order_changed', 'alarm_begins_anew'];

async function derivingTriggers(client: DbClient): Promise<{ table: string; trigger: string }[]> {
  const { rows } = await client.query<{ table: string; trigger: string }>({
    text: `select c.relname as table, t.tgname as trigger from pg_trigger t join pg_class c on c.oid = t.tgrelid where t.tgname = any($1)`,
    values: [DERIVING],
  });
  return rows;
}

/** @throws BackupError when the folder holds no backup */
export function readBackupManifest(dir: string): BackupManifest {
  try {
    const value: unknown = JSON.parse(readFileSync(join(dir, MANIFEST), 'utf8'));
    if (Check(Manifest, value)) return value;
  } catch (cause) {
    throw new BackupError(`${dir} holds no backup: its ${MANIFEST} cannot be read.`, { cause });
  }
  throw new BackupError(`${dir} holds no backup that this program knows.`);
}

async function copyIn(client: DbClient, table: BackedUpTable, dir: string): Promise<void> {
  const into = client.query(copyFrom(`copy ${table.name} (${table.columns.join(', ')}) from stdin`));
  const hash = createHash('sha256');
  const counted = new PassThrough();
  counted.on('data', (bytes: Buffer) => hash.update(bytes));
  try {
    await pipeline(createReadStream(fileOf(dir, table.name)), createGunzip(), counted, into);
  } catch (cause) {
    throw new BackupError(
      `Table ${table.name} of the backup in ${dir} cannot be put back: ${cause instanceof Error ? cause.message : ''}`,
      { cause },
    );
  }
  if (into.rowCount !== table.rows || hash.digest('hex') !== table.sha256) {
    throw new BackupError(`Table ${table.name} of the backup in ${dir} is damaged: it does not match the manifest.`);
  }
}

async function refuseRows(client: DbClient, table: string): Promise<void> {
  const { rows } = await client.query<{ found: boolean }>(`select exists (select from ${table}) as found`);
  if (rows[0]?.found === true) throw new BackupError(`The database is not empty (${table}): restore into a new one.`);
}

/** Numbers given from now on follow those that came back. */
async function advanceIdentities(client: DbClient): Promise<void> {
  const { rows } = await client.query<{ name: string; column: string }>(`
    select c.relname as name, a.attname as column
      from pg_attribute a join pg_class c on c.oid = a.attrelid
     where a.attidentity <> '' and c.relkind = 'r' and c.relnamespace = 'public'::regnamespace`);
  for (const { name, column } of rows) {
    await client.query(
      `select setval(pg_get_serial_sequence('${name}', '${column}'), coalesce(max(${column}), 0) + 1, false) from ${name}`,
    );
  }
}

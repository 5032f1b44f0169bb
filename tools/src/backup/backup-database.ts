import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Config } from '@corridor/twin/config';
import { BackupError } from '@corridor/twin/db/backup';
import { assertDatabaseUsable, type Database, openDatabase } from '@corridor/twin/db/db';
import { holdsCluster, runningPostgresUrl, startPostgres } from '@corridor/twin/embedded/postgres';
import { DataDirInUseError } from '@corridor/twin/embedded/server-errors';
import type { Log } from '@corridor/twin/log';

/** A database to back up, or to restore into. */
export interface OpenedDatabase {
  readonly database: Database;
  close(): Promise<void>;
}

/**
 * The database of `DATABASE_URL`, or the embedded one of `DATA_DIR`: a server of our own for as long as it takes, or, to
 * back up, the one that a running start keeps.
 * @throws BackupError, EmbeddedServerError, DatabaseUnreachableError
 */
export async function openBackupDatabase(config: Config, what: 'backup' | 'restore', log: Log): Promise<OpenedDatabase> {
  if (config.databaseUrl !== null) return connected(config.databaseUrl, log, async () => {});
  const dir = join(resolve(config.dataDir), 'postgres');
  if (what === 'backup' && !(existsSync(config.dataDir) && holdsCluster(dir))) {
    throw new BackupError(`There is no database in ${config.dataDir}: name its folder with DATA_DIR, or its address with DATABASE_URL.`);
  }
  try {
    const server = await startPostgres({ dir, log });
    return await connected(server.url, log, () => server.stop());
  } catch (cause) {
    if (!(cause instanceof DataDirInUseError) || what === 'restore') throw cause;
    const url = runningPostgresUrl(dir);
    if (url === null) throw cause;
    return connected(url, log, async () => {});
  }
}

async function connected(url: string, log: Log, stopServer: () => Promise<void>): Promise<OpenedDatabase> {
  const database = openDatabase({ url, log, name: 'corridor-backup', connectionsMax: 2 });
  const close = async () => {
    await database.close();
    await stopServer();
  };
  try {
    await assertDatabaseUsable(database, url);
  } catch (cause) {
    await close();
    throw cause;
  }
  return { database, close };
}

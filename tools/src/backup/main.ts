import { ConfigError, readConfig } from '@corridor/twin/config';
import { type BackupManifest, backUp, readBackupManifest, restoreBackup } from '@corridor/twin/db/backup';
import { createLog } from '@corridor/twin/log';
import { Argument, Command } from 'commander';
import { openBackupDatabase } from './backup-database.ts';

/** `npm run backup -- DIR` and `npm run restore -- DIR`. Exit code 1, and one line that says why, when it cannot be done. */
const command = new Command('backup')
  .description('Copies the whole database into a folder, also while the twin runs, or puts such a copy into an empty database.')
  .addArgument(new Argument('<what>').choices(['backup', 'restore']))
  .argument('<dir>', 'folder of the backup')
  .addHelpText('after', '\nDATABASE_URL names the database; without it, it is the embedded one in DATA_DIR (default .data).')
  .parse();
const [what, dir] = command.processedArgs as ['backup' | 'restore', string];

function summary({ takenAt, tables }: BackupManifest): string {
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  return `${rows} rows of ${tables.length} tables, as of ${takenAt}`;
}

async function run(): Promise<string> {
  const config = readConfig(process.env);
  const log = createLog({ name: what, level: 'error' });
  // Before a server is started, or made, for nothing.
  if (what === 'restore') readBackupManifest(dir);
  const opened = await openBackupDatabase(config, what, log);
  try {
    if (what === 'restore')
      return `Restored from ${dir}: ${summary(await restoreBackup(opened.database, dir, log))}. Put the keys back before the next start.`;
    return `Backup in ${dir}: ${summary(await backUp(opened.database, dir, log))}. Keys are not in it: see docs/architecture/backup.md.`;
  } finally {
    await opened.close();
  }
}

try {
  process.stdout.write(`${await run()}\n`);
} catch (cause) {
  // Errors that tell in one line what to do have a constant code of ours.
  const isPlain = cause instanceof ConfigError || (cause instanceof Error && 'code' in cause && typeof cause.code === 'string');
  process.stderr.write(`${cause instanceof Error ? (isPlain ? cause.message : (cause.stack ?? cause.message)) : String(cause)}\n`);
  process.exitCode = 1;
}

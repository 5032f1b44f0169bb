import { accessSync, constants, createWriteStream } from 'node:fs';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { principalKindOf, writeBundle } from '@corridor/twin/bundle/write-bundle';
import { ConfigError, readConfig } from '@corridor/twin/config';
import type { Database, DbClient } from '@corridor/twin/db/db';
import { createLog } from '@corridor/twin/log';
import { Command, Option } from 'commander';
import { openBackupDatabase } from '../backup/backup-database.ts';
import { chargesCsv } from './charges-csv.ts';
import { type ExportScope, exportedAccounts, exportedTransfers } from './exported-transfers.ts';
import { hledgerJournal, journalAccount } from './hledger-journal.ts';
import { swapsCsv } from './swaps-csv.ts';
import { transfersCsv } from './transfers-csv.ts';

/** `npm run export -- --format hledger|csv|bundle|swaps|charges --from --to [--principal X] --out FILE`. Exit code 1, and one line, when it cannot be done. */
const FORMATS = ['hledger', 'csv', 'bundle', 'swaps', 'charges'] as const;
type Format = (typeof FORMATS)[number];
interface Options {
  format: Format;
  from: string;
  to: string;
  principal?: string;
  out: string;
}

/** What was asked for cannot be exported. */
class ExportError extends Error {
  readonly code = 'EXPORT_REFUSED';
}

const instantOf = (text: string): string => {
  const atMs = Date.parse(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00+08:00` : text);
  if (Number.isNaN(atMs)) throw new ExportError(`${text} is neither a date nor an instant: give 2026-11-01 or 2026-11-01T00:00:00Z.`);
  return new Date(atMs).toISOString();
};

const command = new Command('export')
  .description(
    "Writes what is booked into a file: a journal for hledger, a table, a party's bundle for `npm run recompute`, or the swaps or charges for `npm run calibrate`.",
  )
  .addOption(new Option('--format <format>', 'of the file').choices(FORMATS).makeOptionMandatory())
  .requiredOption('--from <instant>', 'included; a date begins at midnight in China')
  .requiredOption('--to <instant>', 'not included')
  .option('--principal <id>', 'only what is booked on its accounts')
  .requiredOption('--out <file>', 'file to write')
  .addHelpText('after', '\nDATABASE_URL names the database; without it, it is the embedded one in DATA_DIR (default .data).')
  .parse();
const options = command.opts<Options>();

/** Runs `work` on the books of one instant. */
async function atOneInstant<T>(database: Database, work: (client: DbClient) => Promise<T>): Promise<T> {
  const client = await database.pool.connect();
  try {
    await client.query('begin transaction isolation level repeatable read, read only');
    return await work(client);
  } finally {
    client.release(true);
  }
}

async function platformOf(database: Database): Promise<string> {
  const { rows } = await database.pool.query<{ platform_id: string }>('select platform_id from platform order by registered_at limit 1');
  const [platform] = rows;
  if (platform === undefined) throw new ExportError('The database is empty: start the corridor once.');
  return platform.platform_id;
}

async function write(database: Database, scope: ExportScope): Promise<void> {
  const kind = scope.principalId === null ? null : await principalKindOf(database.pool, scope.platformId, scope.principalId);
  if (scope.principalId !== null && kind === null) throw new ExportError(`There is no principal ${scope.principalId}.`);
  if (options.format === 'bundle') {
    if (scope.principalId === null || kind === null) throw new ExportError('A bundle is of one party: name it with --principal.');
    return writeBundle(database, { ...scope, principalId: scope.principalId, principalKind: kind }, options.out);
  }
  if ((options.format === 'swaps' || options.format === 'charges') && scope.principalId !== null)
    throw new ExportError('Swaps and charges are exported for all, without --principal.');
  return atOneInstant(database, async (client) => {
    if (options.format === 'swaps') return save(swapsCsv(client, scope));
    if (options.format === 'charges') return save(chargesCsv(client, scope));
    const transfers = exportedTransfers(client, scope);
    const text = options.format === 'csv' ? transfersCsv(transfers) : await journal(client, scope, transfers);
    await save(text);
  });
}

const save = (text: AsyncGenerator<string>): Promise<void> =>
  pipeline(Readable.from(text), createWriteStream(options.out, { mode: 0o600 }));

async function journal(
  client: DbClient,
  scope: ExportScope,
  transfers: ReturnType<typeof exportedTransfers>,
): Promise<AsyncGenerator<string>> {
  const everybody = await exportedAccounts(client, { ...scope, principalId: null });
  const names = new Map(everybody.map((account) => [account.id, journalAccount(account)]));
  const own = everybody.filter(({ principalId }) => scope.principalId === null || principalId === scope.principalId);
  return hledgerJournal(scope, names, own, transfers);
}

function assertWritable(folder: string): void {
  try {
    accessSync(folder, constants.W_OK);
  } catch (cause) {
    throw new ExportError(`${options.out} cannot be written: ${folder} is not there, or not yours.`, { cause });
  }
}

async function run(): Promise<string> {
  const span = { from: instantOf(options.from), until: instantOf(options.to) };
  if (span.from >= span.until) throw new ExportError('--from lies before --to.');
  assertWritable(dirname(options.out));
  const opened = await openBackupDatabase(readConfig(process.env), 'backup', createLog({ name: 'export', level: 'error' }));
  try {
    const platformId = await platformOf(opened.database);
    await write(opened.database, { platformId, principalId: options.principal ?? null, ...span });
    return `Exported to ${options.out}: ${span.from} to ${span.until}.`;
  } finally {
    await opened.close();
  }
}

try {
  process.stdout.write(`${await run()}\n`);
} catch (cause) {
  // Errors that tell in one line what to do have a constant code.
  const isPlain = cause instanceof ConfigError || (cause instanceof Error && 'code' in cause && typeof cause.code === 'string');
  process.stderr.write(`${cause instanceof Error ? (isPlain ? cause.message : (cause.stack ?? cause.message)) : String(cause)}\n`);
  process.exitCode = 1;
}

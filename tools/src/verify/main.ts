import { ConfigError, readConfig } from '@corridor/twin/config';
import { createLog } from '@corridor/twin/log';
import { Command } from 'commander';
import { openBackupDatabase } from '../backup/backup-database.ts';
import { type Verification, verifyDatabase } from './verify-database.ts';

const CANNOT_READ = 2;

/** `npm run verify [-- --database-url URL] [--json]`. Exit code 0: the books hold; 1: a finding, each is named; 2: they could not be read. */
const command = new Command('verify')
  .description('Computes the chain of the ledger again from its transfers, and checks everything that must hold in the books.')
  .option('--database-url <url>', 'database to check, also while the twin runs')
  .option('--json', 'one JSON object')
  // 1 is a finding in the books: who did not ask for a check is not told of one.
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : CANNOT_READ))
  .addHelpText('after', '\nWithout --database-url: DATABASE_URL, or the embedded database in DATA_DIR (default .data).')
  .parse();
const options = command.opts<{ databaseUrl?: string; json?: boolean }>();

function told({ ok, checks, chains, findings }: Verification): string {
  const lines = chains.map(
    ({ platformId, partitionNo, batches, transfers, transfersUnchained, root, lastBatchNo }) =>
      `${platformId}/${partitionNo}: ${transfers} transfers, ${batches} batches in the chain${
        transfersUnchained === 0 ? '' : `, ${transfersUnchained} transfers outside it`
      }; root of batch ${lastBatchNo ?? 'none'}: ${root ?? 'none'}`,
  );
  const verdict = ok ? `All ${checks.length} checks hold.` : `${findings.length} findings:`;
  return [...lines, verdict, ...findings.map(({ check, detail }) => `  ${check}: ${detail}`)].join('\n');
}

async function run(): Promise<Verification> {
  const env = options.databaseUrl === undefined ? process.env : { ...process.env, DATABASE_URL: options.databaseUrl };
  const opened = await openBackupDatabase(readConfig(env), 'backup', createLog({ name: 'verify', level: 'error' }));
  try {
    return await verifyDatabase(opened.database);
  } finally {
    await opened.close();
  }
}

try {
  const verification = await run();
  process.stdout.write(`${options.json ? JSON.stringify(verification) : told(verification)}\n`);
  process.exitCode = verification.ok ? 0 : 1;
} catch (cause) {
  // Errors that tell in one line what to do have a constant code of ours.
  const isPlain = cause instanceof ConfigError || (cause instanceof Error && 'code' in cause && typeof cause.code === 'string');
  process.stderr.write(`${cause instanceof Error ? (isPlain ? cause.message : (cause.stack ?? cause.message)) : String(cause)}\n`);
  process.exitCode = CANNOT_READ;
}

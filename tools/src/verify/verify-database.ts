import type { Database, DbClient } from '@corridor/twin/db/db';
import { BOOK_CHECKS, WITH_MOVEMENTS } from './book-checks.ts';
import { type ChainReport, checkChains } from './chain-check.ts';
import type { Finding } from './finding.ts';

export interface Verification {
  readonly ok: boolean;
  /** Names of all checks that were made. */
  readonly checks: readonly string[];
  readonly chains: readonly ChainReport[];
  readonly findings: readonly Finding[];
}

/** Checks the books of a database as they stand at one instant, also while the twin writes; changes nothing. */
export async function verifyDatabase(database: Database): Promise<Verification> {
  const client = await database.pool.connect();
  try {
    await client.query('begin transaction isolation level repeatable read, read only');
    return await verifyWithin(client);
  } finally {
    // It read only: ending the session ends the transaction, whatever happened in it.
    client.release(true);
  }
}

/** Checks the books as a transaction sees them. */
export async function verifyWithin(client: DbClient): Promise<Verification> {
  const { reports, findings } = await checkChains(client);
  const all = [...findings, ...(await checkBooks(client))];
  return { ok: all.length === 0, checks: ['chain', ...Object.keys(BOOK_CHECKS)], chains: reports, findings: all };
}

async function checkBooks(client: DbClient): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [check, sql] of Object.entries(BOOK_CHECKS)) {
    const { rows } = await client.query<{ detail: string }>(`${WITH_MOVEMENTS} ${sql} order by 1`);
    findings.push(...rows.map(({ detail }) => ({ check, detail })));
  }
  return findings;
}

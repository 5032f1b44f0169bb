import { createWriteStream } from 'node:fs';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { BUNDLE_FORMAT } from '@corridor/protocols/http/bundle';
import type { PrincipalKind } from '@corridor/protocols/network-file';
import type { Database, Db } from '../db/db.ts';
import { actAs } from '../rights/read-as.ts';
import { bundleAgreements } from './bundle-agreements.ts';
import { bundleCharges } from './bundle-charges.ts';
import { bundleCorrections } from './bundle-corrections.ts';
import { bundleOffers } from './bundle-offers.ts';
import { bundleOrders } from './bundle-orders.ts';
import { type BundleScope, rightsOfParty } from './bundle-party.ts';
import { bundleStatements } from './bundle-statements.ts';
import { bundleAccounts, bundleBatches, bundleTransfers } from './bundle-transfers.ts';

/** @returns null when there is no such principal */
export async function principalKindOf(db: Db, platformId: string, principalId: string): Promise<PrincipalKind | null> {
  const { rows } = await db.query<{ kind: PrincipalKind }>({
    text: 'select kind from principal where platform_id = $1 and principal_id = $2',
    values: [platformId, principalId],
  });
  return rows[0]?.kind ?? null;
}

/**
 * Writes a bundle into a file, as the books stand at one instant.
 * @throws the error of the database or of the file
 */
export async function writeBundle(database: Database, scope: BundleScope, path: string): Promise<void> {
  await writeBundleTo(database, scope, createWriteStream(path, { mode: 0o600 }));
}

/** Longer than this no single query may take: pages of orders and transfers do not. */
const QUERY_TIMEOUT = '5min';

/**
 * The same into any stream, and ends it. Row by row: a month of a large party does not fit into memory.
 * @param signal ends it at once, also while the database computes
 * @throws the error of the database or of the stream; AbortError
 */
export async function writeBundleTo(database: Database, scope: BundleScope, out: Writable, signal?: AbortSignal): Promise<void> {
  const client = await database.pool.connect().catch((cause: unknown) => {
    out.destroy();
    throw cause;
  });
  let isOver = false;
  const release = (isUsable: boolean) => {
    if (isOver) return;
    isOver = true;
    // A connection that may still act for a party goes back to nobody.
    client.release(!isUsable);
  };
  const drop = () => release(false);
  signal?.addEventListener('abort', drop);
  try {
    signal?.throwIfAborted();
    await client.query(`begin transaction isolation level repeatable read, read only; set local statement_timeout = '${QUERY_TIMEOUT}'`);
    await pipeline(bundleText(client, scope), out, signal === undefined ? {} : { signal });
    await client.query('commit');
    release(true);
  } finally {
    signal?.removeEventListener('abort', drop);
    release(false);
    out.destroy();
  }
}

async function* bundleText(db: Db, scope: BundleScope): AsyncGenerator<string> {
  const { platformId, principalId, principalKind, from, until } = scope;
  const head = {
    format: BUNDLE_FORMAT,
    platformId,
    principalId,
    principalKind,
    from,
    until,
    agreements: await bundleAgreements(db, scope),
  };
  const offers = await bundleOffers(db, scope);
  // Agreements are looked up by what the party's bills name, and the proof of a transfer takes the hashes of its whole batch: both need more than
  // the party may read. Accounts and orders are read with its own rights.
  await db.query({ text: actAs(rightsOfParty(scope)) });
  const corrections = await bundleCorrections(db, scope);
  const statements = await bundleStatements(db, scope);
  yield JSON.stringify({ ...head, accounts: await bundleAccounts(db, scope), corrections, statements }, null, 1).slice(0, -2);
  yield* listText('orders', bundleOrders(db, scope, offers));
  yield `,\n "charges": ${JSON.stringify(await bundleCharges(db, scope))}`;
  await db.query({ text: 'set local role none' });
  yield* listText('transfers', bundleTransfers(db, scope));
  yield `,\n "batches": ${JSON.stringify(await bundleBatches(db, scope))}\n}\n`;
}

async function* listText(name: string, rows: AsyncIterable<object>): AsyncGenerator<string> {
  yield `,\n "${name}": [`;
  let separator = '\n';
  for await (const row of rows) {
    yield `${separator}${JSON.stringify(row)}`;
    separator = ',\n';
  }
  yield ']';
}

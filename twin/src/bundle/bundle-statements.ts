import type { BundleStatement } from '@corridor/protocols/http/bundle';
import type { Db } from '../db/db.ts';
import type { BundleScope } from './bundle-party.ts';

/** Statements of the party whose period ended in the span, as they were frozen. */
export async function bundleStatements(db: Db, { platformId, principalId, from, until }: BundleScope): Promise<BundleStatement[]> {
  const { rows } = await db.query<{ statement_id: string; content: BundleStatement['content']; hash: string }>({
    text: `select statement_id, content, encode(content_hash, 'hex') as hash from statement
            where platform_id = $1 and principal_id = $2 and period_until > $3 and period_until <= $4 order by period_until, statement_id`,
    values: [platformId, principalId, from, until],
  });
  return rows.map(({ statement_id, content, hash }) => ({ statementId: statement_id, contentHash: hash, content }));
}

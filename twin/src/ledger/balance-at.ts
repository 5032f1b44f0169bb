import type { Db } from '../db/db.ts';

/** Balance of an account at an instant of scope time [fen]: all that moved on it up to then, that instant included. */
export async function balanceAt(db: Db, account: { platformId: string; accountId: string; at: string }): Promise<bigint> {
  const { rows } = await db.query<{ fen: bigint }>({
    text: `select (coalesce((select sum(amount_fen) from transfer where platform_id = $1 and credit_account_id = $2 and at <= $3), 0)
                 - coalesce((select sum(amount_fen) from transfer where platform_id = $1 and debit_account_id = $2 and at <= $3), 0))::bigint as fen`,
    values: [account.platformId, account.accountId, account.at],
  });
  return rows[0]?.fen ?? 0n;
}

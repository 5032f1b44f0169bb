import type { Intent } from '@corridor/actors/network/input';
import type { Db } from '../../db/db.ts';
import { askedOf } from '../../writer/intent-audit.ts';
import { ProblemError } from '../problem.ts';

/**
 * Whether a request of this caller with this key was done before. One that was refused was not.
 * @throws ProblemError 409 KEY_USED when that one asked for something else
 */
export async function wasDone(
  db: Db,
  { platformId, userId, key, intent }: { platformId: string; userId: string; key: string; intent: Intent },
): Promise<boolean> {
  const { rows } = await db.query<{ same: boolean }>({
    text: `select action = $4 and after = $5::jsonb as same from audit_log
            where platform_id = $1 and user_id = $2 and request_id = $3 and outcome is distinct from 'REFUSED'`,
    values: [platformId, userId, key, intent.type, JSON.stringify(askedOf(intent))],
  });
  const [done] = rows;
  if (done === undefined) return false;
  if (!done.same) throw new ProblemError(409, 'KEY_USED', `the key ${key} was used for another request`);
  return true;
}

import type { Db } from '../db/db.ts';

/** Alarms of settlement that are not over, by their ids. */
export async function standingSettlementAlarms(db: Db, platformId: string): Promise<Set<string>> {
  const { rows } = await db.query<{ alarm_id: string }>({
    text: `select alarm_id from alarm where platform_id = $1 and code = 'SETTLEMENT_FAILED' and cleared_at is null and closed_at is null`,
    values: [platformId],
  });
  return new Set(rows.map(({ alarm_id }) => alarm_id));
}

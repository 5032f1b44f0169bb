import type { Db, DbClient } from '../db/db.ts';
import { type BootRow, LaneBook, type LaneChanges } from './lane-book.ts';
import { gapOf, type StoredGap } from './stored-gap.ts';

/** Boots and gaps older than this are no longer looked after: no gateway buffers for so long. */
const KEPT_DAYS = 31;
const HOURS_KEPT_DAYS = 90;

export async function loadLaneBook(db: Db, platformId: string, scopeNowMs: number): Promise<LaneBook> {
  const since = new Date(scopeNowMs - KEPT_DAYS * 86_400_000);
  const { rows: boots } = await db.query<{
    source: string;
    lane: BootRow['lane'];
    boot_id: number;
    first_seq: bigint;
    last_seq: bigint;
    last_at: Date;
  }>({
    // The newest boot of each lane always: the next one begins after it.
    text: `select source, lane, boot_id, first_seq, last_seq, last_at from lane_boot b
            where platform_id = $1 and (last_at >= $2 or boot_id = (select max(boot_id) from lane_boot n
              where n.platform_id = b.platform_id and n.source = b.source and n.lane = b.lane))`,
    values: [platformId, since],
  });
  const { rows: gaps } = await db.query<StoredGap>({
    // Those of a device whose numbers began anew lie ahead of them.
    text: `select g.source, g.lane, g.boot_id, g.first_seq, g.last_seq, from_at, until_at
             from lane_gap g join lane_boot b using (platform_id, source, lane, boot_id)
            where platform_id = $1 and until_at >= $2 and g.last_seq < b.last_seq`,
    values: [platformId, since],
  });
  return new LaneBook(
    boots.map((row) => ({
      source: row.source,
      lane: row.lane,
      bootId: row.boot_id,
      firstSeq: Number(row.first_seq),
      lastSeq: Number(row.last_seq),
      lastAtMs: row.last_at.getTime(),
    })),
    gaps.map(gapOf),
  );
}

const seconds = (ms: number): string => new Date(ms).toISOString();

/** Writes what changed, in the transaction of the readings that it is about. */
export async function writeLaneChanges(
  client: DbClient,
  platformId: string,
  { boots, gaps, gapsGone, hours, forgotten }: LaneChanges,
): Promise<void> {
  if (forgotten.length > 0) {
    await client.query({ text: 'delete from lane_boot where platform_id = $1 and source = any($2)', values: [platformId, forgotten] });
  }
  if (gapsGone.length > 0) {
    await client.query({
      name: 'lane_gap_gone',
      text: `delete from lane_gap g using json_to_recordset($2::json) as r(source text, lane text, "bootId" integer, "firstSeq" bigint)
              where g.platform_id = $1 and g.source = r.source and g.lane = r.lane and g.boot_id = r."bootId" and g.first_seq = r."firstSeq"`,
      values: [platformId, JSON.stringify(gapsGone)],
    });
  }
  if (gaps.length > 0) {
    await client.query({
      name: 'lane_gap_put',
      text: `insert into lane_gap (platform_id, source, lane, boot_id, first_seq, last_seq, from_at, until_at)
             select $1, source, lane, "bootId", "firstSeq", "lastSeq", "fromAt", "untilAt"
               from json_to_recordset($2::json) as r(source text, lane text, "bootId" integer, "firstSeq" bigint, "lastSeq" bigint,
                                                     "fromAt" timestamptz, "untilAt" timestamptz)
             on conflict (platform_id, source, lane, boot_id, first_seq)
             do update set last_seq = excluded.last_seq, from_at = excluded.from_at, until_at = excluded.until_at`,
      values: [platformId, JSON.stringify(gaps.map((gap) => ({ ...gap, fromAt: seconds(gap.fromMs), untilAt: seconds(gap.untilMs) })))],
    });
  }
  if (boots.length > 0) {
    await client.query({
      name: 'lane_boot_put',
      text: `insert into lane_boot (platform_id, source, lane, boot_id, first_seq, last_seq, last_at)
             select $1, source, lane, "bootId", "firstSeq", "lastSeq", "lastAt"
               from json_to_recordset($2::json) as r(source text, lane text, "bootId" integer, "firstSeq" bigint, "lastSeq" bigint, "lastAt" timestamptz)
             on conflict (platform_id, source, lane, boot_id)
             do update set first_seq = excluded.first_seq, last_seq = excluded.last_seq, last_at = excluded.last_at`,
      values: [platformId, JSON.stringify(boots.map((boot) => ({ ...boot, lastAt: seconds(boot.lastAtMs) })))],
    });
  }
  if (hours.length > 0) {
    await client.query({
      name: 'lane_hour_add',
      text: `insert into lane_hour as h (platform_id, source, lane, hour, received, late, backfilled, duplicates, refused)
             select $1, source, lane, "hourAt", received, late, backfilled, duplicates, refused
               from json_to_recordset($2::json) as r(source text, lane text, "hourAt" timestamptz, received integer, late integer,
                                                     backfilled integer, duplicates integer, refused integer)
             on conflict (platform_id, source, lane, hour)
             do update set received = h.received + excluded.received, late = h.late + excluded.late,
                           backfilled = h.backfilled + excluded.backfilled, duplicates = h.duplicates + excluded.duplicates,
                           refused = h.refused + excluded.refused`,
      values: [platformId, JSON.stringify(hours.map((hour) => ({ ...hour, hourAt: seconds(hour.hourMs) })))],
    });
  }
}

/** @param scopeNowMs what is told here is as old as its scope time says */
export async function dropOldLanes(db: Db, platformId: string, scopeNowMs: number): Promise<void> {
  const before = new Date(scopeNowMs - HOURS_KEPT_DAYS * 86_400_000);
  await db.query({ text: 'delete from lane_hour where platform_id = $1 and hour < $2', values: [platformId, before] });
  await db.query({ text: 'delete from lane_gap where platform_id = $1 and until_at < $2', values: [platformId, before] });
}

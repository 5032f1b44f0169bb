import type { Db } from '../db/db.ts';
import type { GapRow, HourRow } from './lane-book.ts';
import { gapOf, type StoredGap } from './stored-gap.ts';

/** One source, `station:HH1`. */
export interface LanesAsked {
  readonly platformId: string;
  readonly source: string;
  readonly fromMs: number;
}

export async function laneHours(db: Db, { platformId, source, fromMs }: LanesAsked): Promise<HourRow[]> {
  const { rows } = await db.query<Omit<HourRow, 'hourMs'> & { hour: Date }>({
    text: `select source, lane, hour, received, late, backfilled, duplicates, refused from lane_hour
            where platform_id = $1 and hour >= $2 and source = $3 order by hour`,
    values: [platformId, new Date(fromMs), source],
  });
  return rows.map(({ hour, ...row }) => ({ ...row, hourMs: hour.getTime() }));
}

/** Gaps that reach into the time, newest first. */
export async function laneGaps(db: Db, { platformId, source, fromMs }: LanesAsked): Promise<GapRow[]> {
  const { rows } = await db.query<StoredGap>({
    text: `select source, lane, boot_id, first_seq, last_seq, from_at, until_at from lane_gap
            where platform_id = $1 and until_at >= $2 and source = $3 order by until_at desc, first_seq desc`,
    values: [platformId, new Date(fromMs), source],
  });
  return rows.map(gapOf);
}

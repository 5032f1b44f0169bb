import type { GapRow } from './lane-book.ts';

/** A row of `lane_gap` as the database gives it. */
export interface StoredGap {
  readonly source: string;
  readonly lane: GapRow['lane'];
  readonly boot_id: number;
  readonly first_seq: bigint;
  readonly last_seq: bigint;
  readonly from_at: Date;
  readonly until_at: Date;
}

export const gapOf = (row: StoredGap): GapRow => ({
  source: row.source,
  lane: row.lane,
  bootId: row.boot_id,
  firstSeq: Number(row.first_seq),
  lastSeq: Number(row.last_seq),
  fromMs: row.from_at.getTime(),
  untilMs: row.until_at.getTime(),
});

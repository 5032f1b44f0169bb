import { type LaneGap, LaneNumbers } from './lane-numbers.ts';

export type Lane = 'tele' | 'evt';
/** `station:HH1` or `truck:T001`, and its lane. */
export interface LaneOf {
  readonly source: string;
  readonly lane: Lane;
}
export interface Numbered extends LaneOf {
  readonly bootId: number;
  readonly seq: number;
  /** When it happened, scope time. */
  readonly atMs: number;
}
export const LANE_COUNTS = ['received', 'late', 'backfilled', 'duplicates', 'refused'] as const;
export type LaneCount = (typeof LANE_COUNTS)[number];

export interface BootRow extends LaneOf {
  readonly bootId: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly lastAtMs: number;
}
export interface GapRow extends LaneOf, LaneGap {
  readonly bootId: number;
}
export interface HourRow extends LaneOf, Record<LaneCount, number> {
  readonly hourMs: number;
}
/** What is to be written since the last time: boots and gaps as they are now, counts to be added. */
export interface LaneChanges {
  readonly boots: readonly BootRow[];
  readonly gaps: readonly GapRow[];
  readonly gapsGone: readonly (LaneOf & { bootId: number; firstSeq: number })[];
  readonly hours: readonly HourRow[];
  /** Sources that began anew: their boots before are over. */
  readonly forgotten: readonly string[];
}

export const HOUR_MS = 3_600_000;
/** Numbers that a refused message may be ahead of the last one that was believed. */
const REFUSED_AHEAD_MAX = 1_000;
const keyOf = ({ source, lane }: LaneOf): string => `${source} ${lane}`;

/**
 * How completely each source was heard: numbers that came, and those that did not. What is written of it stands in the transaction of the
 * readings themselves, so that a process that ends in between neither loses a message nor makes up a gap.
 */
export class LaneBook {
  readonly #boots = new Map<string, Map<number, LaneNumbers>>();
  readonly #touched = new Map<string, LaneOf & { bootId: number }>();
  readonly #hours = new Map<string, HourRow>();
  readonly #forgotten = new Set<string>();

  constructor(boots: readonly BootRow[] = [], gaps: readonly GapRow[] = []) {
    const gapsOf = Map.groupBy(gaps, (gap) => `${keyOf(gap)} ${gap.bootId}`);
    for (const boot of boots) this.#lane(boot).set(boot.bootId, new LaneNumbers(boot, gapsOf.get(`${keyOf(boot)} ${boot.bootId}`)));
  }

  /** A message that was taken. */
  heard(message: Numbered, { isLate, isBackfill, isReread }: { isLate: boolean; isBackfill: boolean; isReread: boolean }): void {
    if (!this.#arrived(message)) {
      if (!isReread) this.#count(message, message.atMs, 'duplicates');
      return;
    }
    this.#count(message, message.atMs, 'received');
    if (isLate) this.#count(message, message.atMs, 'late');
    if (isBackfill) this.#count(message, message.atMs, 'backfilled');
  }

  /** A message that was refused as a whole. @param message null: its number cannot be told, or is not believed */
  refused(lane: LaneOf, atMs: number, message: Numbered | null): void {
    this.#count(lane, atMs, 'refused');
    if (message === null) return;
    // Only a message that can be read begins a boot, and a made-up number would make everything before it missing.
    const numbers = this.#lane(message).get(message.bootId);
    if (numbers !== undefined && message.seq <= numbers.lastSeq + REFUSED_AHEAD_MAX) this.#arrived(message);
  }

  /** A source whose credentials were withdrawn begins anew: its numbers go back without anything being missing. */
  forget(source: string): void {
    this.#forgotten.add(source);
    for (const lane of ['tele', 'evt'] as const) this.#boots.delete(keyOf({ source, lane }));
  }

  /** @returns null when nothing changed */
  takeChanges(): LaneChanges | null {
    if (this.#touched.size === 0 && this.#hours.size === 0 && this.#forgotten.size === 0) return null;
    const boots: BootRow[] = [];
    const gaps: GapRow[] = [];
    const gapsGone: (LaneOf & { bootId: number; firstSeq: number })[] = [];
    for (const { source, lane, bootId } of this.#touched.values()) {
      const numbers = this.#lane({ source, lane }).get(bootId);
      if (numbers === undefined) continue;
      const of = { source, lane, bootId };
      boots.push({ ...of, firstSeq: numbers.firstSeq, lastSeq: numbers.lastSeq, lastAtMs: numbers.lastAtMs });
      for (const [firstSeq, gap] of numbers.takeChanges()) {
        if (gap === null) gapsGone.push({ ...of, firstSeq });
        else gaps.push({ ...of, ...gap });
      }
    }
    const hours = [...this.#hours.values()];
    const forgotten = [...this.#forgotten];
    this.#touched.clear();
    this.#hours.clear();
    this.#forgotten.clear();
    return { boots, gaps, gapsGone, hours, forgotten };
  }

  #lane(of: LaneOf): Map<number, LaneNumbers> {
    const key = keyOf(of);
    const known = this.#boots.get(key);
    if (known !== undefined) return known;
    const boots = new Map<number, LaneNumbers>();
    this.#boots.set(key, boots);
    return boots;
  }

  #arrived({ source, lane, bootId, seq, atMs }: Numbered): boolean {
    const boots = this.#lane({ source, lane });
    this.#touched.set(`${source} ${lane} ${bootId}`, { source, lane, bootId });
    const known = boots.get(bootId);
    if (known !== undefined) return known.arrived(seq, atMs);
    const newest = [...boots.keys()].reduce((most, each) => Math.max(most, each), 0);
    const before = boots.get(newest);
    // The first one ever heard of a source may be in the midst of a boot; of one that follows, everything is expected.
    if (before === undefined || bootId < newest) {
      boots.set(bootId, new LaneNumbers({ firstSeq: seq, lastSeq: seq, lastAtMs: atMs }));
      return true;
    }
    const numbers = new LaneNumbers({ firstSeq: 1, lastSeq: 0, lastAtMs: before.lastAtMs });
    boots.set(bootId, numbers);
    return numbers.arrived(seq, atMs);
  }

  #count(of: LaneOf, atMs: number, what: LaneCount): void {
    const hourMs = Math.floor(atMs / HOUR_MS) * HOUR_MS;
    const key = `${keyOf(of)} ${hourMs}`;
    const row = this.#hours.get(key) ?? {
      source: of.source,
      lane: of.lane,
      hourMs,
      received: 0,
      late: 0,
      backfilled: 0,
      duplicates: 0,
      refused: 0,
    };
    row[what] += 1;
    this.#hours.set(key, row);
  }
}

import { addAt } from './add-at.ts';

const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;
/** The beginning is left to queues that fill up to what they will be; then two parts are compared. */
const PARTS = 3;

/** Loads of a fleet by the hour of the run, the warm-up too. */
export class LoadHours {
  readonly came: Float64Array;
  /** Trucks that set out with one. */
  readonly setOut: Float64Array;
  /** Loads that wait times time [ms]. */
  readonly #areas: Float64Array;
  /** How few waited at some time. */
  readonly #least: Float64Array;

  constructor(days: number) {
    const hours = Math.ceil(days * DAY_HOURS);
    this.came = new Float64Array(hours);
    this.setOut = new Float64Array(hours);
    this.#areas = new Float64Array(hours);
    this.#least = new Float64Array(hours).fill(Number.POSITIVE_INFINITY);
  }

  /** Mean of those that waited, by the hour. @param endMs of the run: its last hour may be a part of one */
  waitingMean(endMs: number): Float64Array {
    return this.#areas.map((area, hour) => area / (Math.min(endMs, (hour + 1) * HOUR_MS) - hour * HOUR_MS));
  }

  count(of: 'came' | 'setOut', atMs: number): void {
    // The last instant belongs to the last hour.
    addAt(this[of], Math.min(this[of].length - 1, Math.floor(atMs / HOUR_MS)), 1);
  }

  /** So many waited from one instant to the other. */
  pass(waiting: number, fromMs: number, toMs: number): void {
    let atMs = fromMs;
    for (let hour = Math.floor(fromMs / HOUR_MS); atMs < toMs; hour += 1) {
      const untilMs = Math.min(toMs, (hour + 1) * HOUR_MS);
      addAt(this.#areas, hour, waiting * (untilMs - atMs));
      this.#least[hour] = Math.min(this.#least[hour] ?? Number.POSITIVE_INFINITY, waiting);
      atMs = untilMs;
    }
  }

  /**
   * Whether loads become more and more: of the time that counts, the last third against the one before it, both of whole days where there are three.
   * @param of `followsDay`: loads come by the hour of the day, so that less than three days tell nothing
   * @returns how many more wait with each day, and how few waited at some time of the last third; null: the run is too short to tell
   */
  growth(of: { warmUpDays: number; days: number; followsDay: boolean }): { perDay: number; least: number } | null {
    const end = Math.floor(of.days * DAY_HOURS);
    const counted = end - Math.ceil(of.warmUpDays * DAY_HOURS);
    const wholeDays = Math.floor(counted / DAY_HOURS / PARTS);
    const span = wholeDays > 0 ? wholeDays * DAY_HOURS : of.followsDay ? 0 : Math.floor(counted / PARTS);
    if (span === 0) return null;
    const meanOf = (from: number): number =>
      this.#areas.subarray(from, from + span).reduce((sum, area) => sum + area, 0) / (span * HOUR_MS);
    return {
      perDay: ((meanOf(end - span) - meanOf(end - 2 * span)) / span) * DAY_HOURS,
      least: this.#least.subarray(end - span, end).reduce((least, each) => Math.min(least, each), Number.POSITIVE_INFINITY),
    };
  }
}

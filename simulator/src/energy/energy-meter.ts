import { addAt } from '../measures/add-at.ts';
import { QUARTER_MS } from './energy-calendar.ts';

/** Energy into the packs of a station by the quarter of an hour, from the first instant on. */
export class EnergyMeter {
  /** Content of packs [Wh]. */
  readonly quartersWh: Float64Array;
  /** What of it the sun gave, where that is metered from one change to the next; null: told by the quarter as a whole. */
  readonly pvQuartersWh: Float64Array | null;

  constructor(days: number, metersSun: boolean) {
    this.quartersWh = new Float64Array(Math.ceil(days * 96) + 1);
    this.pvQuartersWh = metersSun ? new Float64Array(this.quartersWh.length) : null;
  }

  /** @param fromMs in the quarter of an hour in which it came   @param wh content of packs */
  addPv(fromMs: number, wh: number): void {
    if (this.pvQuartersWh === null) return;
    addAt(this.pvQuartersWh, Math.floor(fromMs / QUARTER_MS), wh);
  }

  /** The same by the hour; what is beyond the last whole hour too. */
  hoursWh(): Float64Array {
    const hours = new Float64Array(Math.ceil(this.quartersWh.length / 4));
    for (const [quarter, wh] of this.quartersWh.entries()) addAt(hours, quarter >> 2, wh);
    return hours;
  }

  /** What is charged in no time. @param wh content of packs */
  addAtOnce(atMs: number, wh: number): void {
    addAt(this.quartersWh, Math.floor(atMs / QUARTER_MS), wh);
  }

  /** @param powerW into packs, constant from one instant to the other */
  add(fromMs: number, toMs: number, powerW: number): void {
    const whPerMs = powerW / 3_600_000;
    let atMs = fromMs;
    for (let quarter = Math.floor(fromMs / QUARTER_MS); atMs < toMs; quarter += 1) {
      const untilMs = Math.min(toMs, (quarter + 1) * QUARTER_MS);
      addAt(this.quartersWh, quarter, whPerMs * (untilMs - atMs));
      atMs = untilMs;
    }
  }
}

import type { RecordedChange, RecordedSun } from '@corridor/protocols/recording/recording.schema';
import { type EnergyCalendar, energyCalendarOf, QUARTER_MS } from '../energy/energy-calendar.ts';
import type { Scenario } from '../scenario/scenario.schema.ts';

/** What has been written down of the sun over the stations of a run, which changes with the quarter of an hour. */
export class SunRecord {
  readonly #calendar: EnergyCalendar;
  readonly #stations: readonly { id: string; index: number }[];
  readonly #sun = new Map<string, RecordedSun>();
  #quarter = -1;

  constructor(scenario: Scenario) {
    this.#calendar = energyCalendarOf(scenario);
    this.#stations = scenario.stations.flatMap(({ id, pv }, index) => (pv === undefined ? [] : [{ id, index }]));
  }

  /** When there is something new [ms of the run]; Infinity: never, for no station has PV. */
  get nextDueMs(): number {
    return this.#stations.length === 0 ? Number.POSITIVE_INFINITY : (this.#quarter + 1) * QUARTER_MS;
  }

  /** Adds what is new to a change. */
  look(change: RecordedChange): void {
    const quarter = Math.floor(change.atMs / QUARTER_MS);
    if (quarter === this.#quarter) return;
    this.#quarter = quarter;
    for (const { id, index } of this.#stations) {
      const powerW = Math.round(this.#calendar.pvW(index, change.atMs));
      if (this.#sun.get(id)?.powerW === powerW) continue;
      const record = { id, powerW };
      this.#sun.set(id, record);
      (change.sun ??= []).push(record);
    }
  }

  whole(): RecordedSun[] {
    return [...this.#sun.values()];
  }
}

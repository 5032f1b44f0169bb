import type { Kpis } from '../measures/kpis.ts';
import { BREAKABLE_PARTS, type BreakablePart } from '../scenario/faults.schema.ts';

/** How many units of a station did not work, over time. A station has one connection: part `station`. */
export class DownTimes {
  readonly units: Readonly<Record<BreakablePart, number>>;
  readonly #down: Record<BreakablePart, number> = { charger: 0, bay: 0, station: 0 };
  /** Units times time [ms]. */
  readonly #downMs: Record<BreakablePart, number> = { charger: 0, bay: 0, station: 0 };
  readonly #failures: Record<BreakablePart, number> = { charger: 0, bay: 0, station: 0 };
  #sinceMs = 0;

  constructor(units: Readonly<Record<BreakablePart, number>>) {
    this.units = units;
  }

  change(part: BreakablePart, by: 1 | -1, nowMs: number): void {
    this.#passTo(nowMs);
    this.#down[part] += by;
    if (by === 1) this.#failures[part] += 1;
  }

  /** Forgets the warm-up. */
  startCounting(nowMs: number): void {
    this.#passTo(nowMs);
    for (const part of BREAKABLE_PARTS) {
      this.#downMs[part] = 0;
      this.#failures[part] = 0;
    }
  }

  /** Since the warm-up. @param nowMs the end of the run */
  sums(nowMs: number): DownSums {
    this.#passTo(nowMs);
    return { units: this.units, downMs: { ...this.#downMs }, failures: { ...this.#failures } };
  }

  #passTo(nowMs: number): void {
    for (const part of BREAKABLE_PARTS) this.#downMs[part] += this.#down[part] * (nowMs - this.#sinceMs);
    this.#sinceMs = nowMs;
  }
}

/** Of one station, or of several together. */
export interface DownSums {
  units: Readonly<Record<BreakablePart, number>>;
  downMs: Readonly<Record<BreakablePart, number>>;
  failures: Readonly<Record<BreakablePart, number>>;
}

export function allDownSums(stations: readonly DownSums[]): DownSums {
  const sumOf = (of: (station: DownSums) => Readonly<Record<BreakablePart, number>>) => {
    const sum: Record<BreakablePart, number> = { charger: 0, bay: 0, station: 0 };
    for (const station of stations) for (const part of BREAKABLE_PARTS) sum[part] += of(station)[part];
    return sum;
  };
  return { units: sumOf(({ units }) => units), downMs: sumOf(({ downMs }) => downMs), failures: sumOf(({ failures }) => failures) };
}

/** What share of the counted time units worked, and how often they failed; only where the scenario has faults. */
export function availabilityKpis(
  { units, downMs, failures }: DownSums,
  { countedMs, hasFaults }: { countedMs: number; hasFaults: boolean },
): Kpis {
  if (!hasFaults) return {};
  const of = (part: BreakablePart) => 1 - downMs[part] / units[part] / countedMs;
  const perDay = (part: BreakablePart) => (failures[part] * 86_400_000) / countedMs;
  return {
    chargerAvailableRatio: of('charger'),
    bayAvailableRatio: of('bay'),
    powerAvailableRatio: of('station'),
    chargerFailuresPerDay: perDay('charger'),
    bayFailuresPerDay: perDay('bay'),
    powerFailuresPerDay: perDay('station'),
  };
}

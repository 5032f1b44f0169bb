import type { StationRate } from '@corridor/protocols/network-file';
import { HOUR_MS, localDateOf } from './local-time.ts';

/** What a station asks for energy of its own PV, and by which of its rates. */
export interface PvPrice {
  readonly rateId: string;
  readonly nanoYuanPerKwh: bigint;
}

/** Own prices of PV energy over an interval in which a pack was charged. */
export interface PvPricing {
  /** null: PV energy costs then what the grid's does. */
  readonly priceAt: (atMs: number) => PvPrice | null;
  /** Instants strictly inside the interval at which that changes, ascending. */
  readonly cutsMs: readonly number[];
}

/** The rate of a station in force on a local date; undefined: none. See `Reference.stationRate`. */
type StationRateLookup = (stationId: string, onDate: string) => StationRate | undefined;

/** By the rate in force when the energy was charged, not when that was reported: rates replace each other at local midnights. */
export function pvPricingOf(rateOf: StationRateLookup, stationId: string, fromMs: number, toMs: number): PvPricing {
  const priceAt = (atMs: number): PvPrice | null => {
    const rate = rateOf(stationId, localDateOf(atMs));
    return rate?.pvNanoYuanPerKwh === undefined ? null : { rateId: rate.id, nanoYuanPerKwh: BigInt(rate.pvNanoYuanPerKwh) };
  };
  const cutsMs: number[] = [];
  let before = priceAt(fromMs);
  for (let atMs = (Math.floor(fromMs / HOUR_MS) + 1) * HOUR_MS; atMs < toMs; atMs += HOUR_MS) {
    const after = priceAt(atMs);
    if (before?.rateId !== after?.rateId) cutsMs.push(atMs);
    before = after;
  }
  return { priceAt, cutsMs };
}

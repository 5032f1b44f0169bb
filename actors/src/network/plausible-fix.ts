import { GPS_DRIFT } from './data-quality.ts';
import type { TRUCK_NUMBERS, TRUCK_TEXTS } from './signal-columns.ts';
import type { SignalRows } from './signal-rows.ts';

type TruckRows = SignalRows<(typeof TRUCK_NUMBERS)[number], (typeof TRUCK_TEXTS)[number]>;

const [LAT, LON, ODOMETER] = [0, 1, 6];

/** Faster than any truck between two fixes: the fix drifted. */
const FIX_SPEED_MPS_MAX = 120 / 3.6;
/** Noise of a good fix, m: what two fixes in quick succession may differ by without meaning speed. */
const FIX_NOISE_M = 60;
const M_PER_DEG = 111_195;

type Fix = {
  /** degrees, WGS 84; NaN when there was none */
  readonly lat: number;
  readonly lon: number;
  readonly atMs: number;
  /** NaN when it is not reported */
  readonly odometerM: number;
};

/**
 * A position that neither the time nor the odometer between two fixes allows. The odometer speaks as well because times are
 * bounded by the moment of receipt, so that two reports that waited together may seem to have been made together.
 * @param from the fix before; NaN coordinates when there was none
 */
function isDrifting(to: Fix, from: Fix): boolean {
  if (to.lat === 0 && to.lon === 0) return true;
  if (Number.isNaN(from.lat) || to.atMs <= from.atMs) return false;
  const northM = (to.lat - from.lat) * M_PER_DEG;
  const eastM = (to.lon - from.lon) * M_PER_DEG * Math.cos((to.lat * Math.PI) / 180);
  const byTimeM = (FIX_SPEED_MPS_MAX * (to.atMs - from.atMs)) / 1000;
  const byOdometerM = to.odometerM - from.odometerM;
  return Math.hypot(northM, eastM) > FIX_NOISE_M + (byOdometerM > byTimeM ? byOdometerM : byTimeM);
}

/**
 * GPS_DRIFT when the position that a truck reports cannot be; 0 otherwise.
 * @param rows of trucks, in which `row` still holds what was reported before
 */
export function fixFlags(rows: TruckRows, row: number, to: Fix): number {
  const at = rows.at(row, 0);
  const from = {
    lat: rows.numbers[at + LAT] ?? Number.NaN,
    lon: rows.numbers[at + LON] ?? Number.NaN,
    odometerM: rows.numbers[at + ODOMETER] ?? Number.NaN,
    atMs: rows.reportedAtMs[row] ?? Number.NaN,
  };
  return isDrifting(to, from) ? GPS_DRIFT : 0;
}

/** A trip as it was recorded, in SI-near units, whatever the file looked like. */
export type RecordedTrip = {
  /** Truck of the recording: trips of one truck are replayed one after the other. */
  truck: string;
  /** Name within its truck. */
  trip: string;
  samples: readonly TripSample[];
  socStartPercent: number | null;
  socEndPercent: number | null;
  /** Measured energy at the battery, Wh. */
  measuredWh: number | null;
  /** What the source says against itself. */
  doubts: readonly string[];
};

export type TripSample = {
  /** Seconds since the trip began; grows. */
  atS: number;
  speedKmh: number;
  /** Measured at this instant; null = not recorded. */
  socPercent: number | null;
};

/** Rows further apart than this are a gap of the logger, s. */
export const GAP_S = 30;

export class RecordingError extends Error {
  readonly code = 'RECORDING_INVALID';
}

/** Distance covered in one interval: nothing moves while the logger is silent, because it is silent when parked. */
export function intervalM(from: TripSample, to: TripSample): number {
  const seconds = to.atS - from.atS;
  return seconds > GAP_S ? 0 : ((from.speedKmh + to.speedKmh) / 2 / 3.6) * seconds;
}

/** Distance of the whole recording, m. */
export function distanceM({ samples }: RecordedTrip): number {
  let metres = 0;
  for (let index = 1; index < samples.length; index += 1) {
    const from = samples[index - 1];
    const to = samples[index];
    if (from && to) metres += intervalM(from, to);
  }
  return metres;
}

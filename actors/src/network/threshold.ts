/** A value above `at` is ABOVE until it falls `hysteresis` below it, so that noise around it tells nothing. */
export interface Threshold {
  at: number;
  hysteresis: number;
}

/** Ascending. @returns how many thresholds the value stands above, given how many it stood above before */
export function levelOf(thresholds: readonly Threshold[], value: number, level: number): number {
  let now = level;
  while (now < thresholds.length && value >= (thresholds[now]?.at ?? Number.POSITIVE_INFINITY)) now += 1;
  for (; now > 0; now -= 1) {
    const under = thresholds[now - 1];
    if (under === undefined || value > under.at - under.hysteresis) break;
  }
  return now;
}

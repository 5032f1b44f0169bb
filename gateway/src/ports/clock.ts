/** What a timer is known by; only the clock that gave it understands it. */
export type TimerHandle = number | object;

/**
 * Scope time: every duration of the gateway (steps, holds, telemetry periods, tariff boundaries) runs on it. Live it
 * is wall time; in a simulated scope it runs `factor` times faster.
 */
export interface Clock {
  /** Scope time [ms since 1970-01-01T00:00:00Z]. */
  nowMs(): number;
  /** Scope milliseconds that pass per wall millisecond, > 0. */
  factor(): number;
  /** Calls `callback` once, `delayMs` >= 0 of scope time from now, never synchronously. */
  setTimer(delayMs: number, callback: () => void): TimerHandle;
  /** Forgets a timer; one that fired or was cleared is ignored. */
  clearTimer(timer: TimerHandle): void;
}

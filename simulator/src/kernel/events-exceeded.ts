/** A run took more events than its scenario allows: a loop, or a limit that is too low. */
export class EventsExceededError extends Error {
  readonly code = 'EVENTS_EXCEEDED';
  readonly eventsMax: number;
  readonly atMs: number;
  constructor(eventsMax: number, atMs: number) {
    super(`/eventsMax: ${eventsMax}; more events than that happened by day ${(atMs / 86_400_000).toFixed(2)} of the run`);
    this.eventsMax = eventsMax;
    this.atMs = atMs;
  }
}

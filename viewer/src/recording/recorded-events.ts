import type { RecordedChange, RecordedStation, RecordedTruck, RecordingBlock } from '@corridor/protocols/recording/recording.schema';

export const EVENT_KINDS = ['swap', 'strand', 'queue'] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** Something that one jumps to. */
export interface RecordedEvent {
  kind: EventKind;
  /** Of the run. */
  atMs: number;
  stationId: string | null;
  truckId: string | null;
}

/** A queue that has grown: events of what is longer than a length come from these. */
interface Growth {
  atMs: number;
  stationId: string;
  from: number;
  to: number;
}

/** Parts of the slider's width for which the longest wait is kept. */
const BUCKETS = 240;

/** What happens in a recording, found while it is opened. */
export class RecordedEvents {
  /** Most trucks that waited at a time, part by part of the whole. */
  readonly waiting: number[] = Array.from({ length: BUCKETS }, () => 0);
  readonly #swaps: RecordedEvent[] = [];
  readonly #strandings: RecordedEvent[] = [];
  readonly #growths: Growth[] = [];
  readonly #stations = new Map<string, RecordedStation>();
  readonly #trucks = new Map<string, RecordedTruck['state']>();
  readonly #toMs: number;
  #waitingNow = 0;
  #bucket = 0;

  /** @param toMs end of the recording */
  constructor(toMs: number) {
    this.#toMs = toMs;
  }

  /** Blocks in their order. */
  take({ atMs, whole, changes }: RecordingBlock): void {
    this.#apply({ atMs, ...whole });
    for (const change of changes) this.#apply(change);
  }

  /** After the last block: as many wait until the end. */
  end(): void {
    this.#fillTo(this.#toMs);
  }

  /** The nearest event of a kind after (or before) an instant; null: none. @param longerThan trucks, of queues only */
  next({ kind, atMs, longerThan, back }: { kind: EventKind; atMs: number; longerThan: number; back: boolean }): RecordedEvent | null {
    const events = this.of(kind, longerThan);
    return back ? (events.findLast((event) => event.atMs < atMs) ?? null) : (events.find((event) => event.atMs > atMs) ?? null);
  }

  of(kind: EventKind, longerThan: number): readonly RecordedEvent[] {
    if (kind === 'swap') return this.#swaps;
    if (kind === 'strand') return this.#strandings;
    return this.#growths
      .filter(({ from, to }) => from <= longerThan && to > longerThan)
      .map(({ atMs, stationId }) => ({ kind, atMs, stationId, truckId: null }));
  }

  #apply({ atMs, trucks = [], stations = [] }: RecordedChange): void {
    for (const { id, state, stationId } of trucks) {
      if (state === 'STRANDED' && this.#trucks.get(id) !== state) this.#strandings.push({ kind: 'strand', atMs, stationId, truckId: id });
      this.#trucks.set(id, state);
    }
    this.#fillTo(atMs);
    for (const station of stations) this.#applyStation(station, atMs);
    this.waiting[this.#bucket] = Math.max(this.waiting[this.#bucket] ?? 0, this.#waitingNow);
  }

  #applyStation(station: RecordedStation, atMs: number): void {
    const before = this.#stations.get(station.id);
    this.#stations.set(station.id, station);
    const [from, to] = [before?.queue.length ?? 0, station.queue.length];
    this.#waitingNow += to - from;
    if (to > from) this.#growths.push({ atMs, stationId: station.id, from, to });
    for (const [bay, { truckId }] of station.bays.entries())
      if (truckId !== null && before?.bays[bay]?.truckId !== truckId)
        this.#swaps.push({ kind: 'swap', atMs, stationId: station.id, truckId });
  }

  /** Between two changes as many wait as before. */
  #fillTo(atMs: number): void {
    const bucket = Math.min(Math.floor((atMs / Math.max(this.#toMs, 1)) * BUCKETS), BUCKETS - 1);
    while (this.#bucket < bucket) {
      this.#bucket += 1;
      this.waiting[this.#bucket] = this.#waitingNow;
    }
  }
}

import type { PackStay } from '@corridor/protocols/http/pack-track';
import { type Signal, signal } from '@preact/signals';

export type TrackedKind = 'truck' | 'pack';
/** How far back one may look at once [h]. */
export const TRACK_HOURS: Readonly<Record<TrackedKind, readonly number[]>> = { truck: [1, 6, 24], pack: [24, 168, 720] };
const HOURS_FIRST: Readonly<Record<TrackedKind, number>> = { truck: 6, pack: 24 };

export interface TrackPoint {
  /** Unix ms of scope time. */
  readonly atMs: number;
  readonly chainageM: number;
}

/** Where a truck or a pack was. */
export interface TrackPath {
  readonly kind: TrackedKind;
  readonly id: string;
  /** Times without a gap, each oldest first. */
  readonly runs: readonly (readonly TrackPoint[])[];
  /** Of several readings within this time one is told [ms]. */
  readonly widthMs: number;
  /** Truck whose reports go on with it; null: it does not move. */
  readonly truckId: string | null;
}

/** Where a pack was, as a list. */
export interface PackStays {
  readonly packId: string;
  /** Oldest first. */
  readonly stays: readonly PackStay[];
  /** Unix ms; until when they are told. */
  readonly untilMs: number;
  /** Only the last are told. */
  readonly truncated: boolean;
}

const KEY: Readonly<Record<TrackedKind, string>> = { truck: 'corridor.track', pack: 'corridor.track.pack' };
const OFF = 'off';

/** Whether the track of what is selected is drawn, how far back, and the track itself. */
export class TrackStore {
  /** [h]; null: none is drawn. */
  readonly hours: Readonly<Record<TrackedKind, Signal<number | null>>>;
  readonly path: Signal<TrackPath | null> = signal(null);
  readonly stays: Signal<PackStays | null> = signal(null);
  /** The twin did not tell it. */
  readonly failed: Signal<boolean> = signal(false);
  readonly #storage: Storage;

  constructor(storage: Storage) {
    this.#storage = storage;
    this.hours = { truck: signal(keptHours(storage, 'truck')), pack: signal(keptHours(storage, 'pack')) };
  }

  show(kind: TrackedKind, hours: number | null): void {
    this.hours[kind].value = hours;
    this.#storage.setItem(KEY[kind], hours === null ? OFF : String(hours));
  }

  forget(): void {
    this.path.value = null;
    this.stays.value = null;
    this.failed.value = false;
  }

  /** A truck reported: the track of it, or of what it carries, goes on. */
  extend(truckId: string, point: TrackPoint): void {
    const path = this.path.peek();
    const run = path?.runs.at(-1);
    const last = run?.at(-1);
    if (path === null || path.truckId !== truckId || run === undefined || last === undefined || point.atMs <= last.atMs) return;
    this.path.value = { ...path, runs: [...path.runs.slice(0, -1), [...run, point]] };
  }
}

function keptHours(storage: Storage, kind: TrackedKind): number | null {
  const kept = storage.getItem(KEY[kind]);
  return kept === OFF ? null : (TRACK_HOURS[kind].find((each) => String(each) === kept) ?? HOURS_FIRST[kind]);
}

import { type Signal, signal } from '@preact/signals';

/** How far back one may look at once [h]. */
export const TRACK_HOURS = [1, 6, 24] as const;
export type TrackHours = (typeof TRACK_HOURS)[number];

export interface TrackPoint {
  /** Unix ms of scope time. */
  readonly atMs: number;
  readonly chainageM: number;
}

/** Where a truck was, oldest first. */
export interface TruckPath {
  readonly truckId: string;
  readonly points: readonly TrackPoint[];
  /** Of several readings within this time one is told [ms]. */
  readonly widthMs: number;
}

const KEY = 'corridor.track';
const OFF = 'off';
const HOURS_FIRST: TrackHours = 6;

/** Whether the track of the selected truck is drawn, how far back, and the track itself. */
export class TrackStore {
  /** null: none is drawn. */
  readonly hours: Signal<TrackHours | null>;
  readonly path: Signal<TruckPath | null> = signal(null);
  /** The twin did not tell it. */
  readonly failed: Signal<boolean> = signal(false);
  readonly #storage: Storage;

  constructor(storage: Storage) {
    this.#storage = storage;
    const kept = storage.getItem(KEY);
    const hours = TRACK_HOURS.find((each) => String(each) === kept) ?? HOURS_FIRST;
    this.hours = signal(kept === OFF ? null : hours);
  }

  show(hours: TrackHours | null): void {
    this.hours.value = hours;
    this.#storage.setItem(KEY, hours === null ? OFF : String(hours));
  }

  /** A truck reported: its track goes on. */
  extend(truckId: string, point: TrackPoint): void {
    const path = this.path.peek();
    const last = path?.points.at(-1);
    if (path === null || path.truckId !== truckId || last === undefined || point.atMs <= last.atMs) return;
    this.path.value = { ...path, points: [...path.points, point] };
  }
}

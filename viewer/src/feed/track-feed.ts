import type { PackTrack } from '@corridor/protocols/http/pack-track';
import type { TruckTrack } from '@corridor/protocols/http/truck-track';
import type { TrackedKind, TrackPath, TrackStore } from '../store/track-store.ts';
import type { ApiClient } from './api-client.ts';
import { type ChainageOf, pathOfPack, pathOfTruck } from './track-path.ts';

export interface TrackAsked {
  readonly kind: TrackedKind;
  readonly id: string;
  readonly hours: number;
  /** Unix ms of the instant of the past that is shown; null: now. */
  readonly untilMs: number | null;
}

/** A track of now is asked for again after so long, so that what came late is in it; wall ms. */
const AGAIN_MS: Readonly<Record<TrackedKind, number>> = { truck: 20_000, pack: 60_000 };
/** Between two tracks while the past is played, wall ms. */
const BETWEEN_MS = 1_000;

/** Keeps the track of one truck or pack in its store, one request at a time: of several wishes meanwhile only the last counts. */
export class TrackFeed {
  readonly #api: Pick<ApiClient, 'request'>;
  readonly #store: TrackStore;
  readonly #chainageOf: ChainageOf;
  #wanted: TrackAsked | null = null;
  #isFetching = false;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(api: Pick<ApiClient, 'request'>, store: TrackStore, chainageOf: ChainageOf) {
    this.#api = api;
    this.#store = store;
    this.#chainageOf = chainageOf;
  }

  /** @param asked null: none */
  want(asked: TrackAsked | null): void {
    this.#wanted = asked;
    const shown = this.#store.path.peek();
    if (asked === null || shown === null || !isOf(shown, asked)) {
      this.#stopTimer();
      this.#store.forget();
    }
    // One that was fetched just now is followed by the next after a while, by the timer.
    if (asked !== null && !this.#isFetching && (this.#timer === null || asked.untilMs === null)) void this.#fetch(asked);
  }

  async #fetch(asked: TrackAsked): Promise<void> {
    this.#stopTimer();
    this.#isFetching = true;
    let track: TruckTrack | PackTrack | null = null;
    try {
      track = await this.#api.request<TruckTrack | PackTrack>('GET', urlOf(asked));
    } catch {
      // The inspector says so; what is drawn stays.
    }
    this.#isFetching = false;
    const wanted = this.#wanted;
    if (wanted === null) return;
    if (track !== null && isOf(wanted, asked)) this.#show(track);
    this.#store.failed.value = track === null;
    if (!isOf(wanted, asked) || wanted.hours !== asked.hours) return void this.#fetch(wanted);
    const isLive = wanted.untilMs === null && asked.untilMs === null;
    this.#timer = setTimeout(
      () => {
        this.#timer = null;
        const next = this.#wanted;
        if (next !== null && (next !== asked || next.untilMs === null)) void this.#fetch(next);
      },
      isLive ? AGAIN_MS[asked.kind] : BETWEEN_MS,
    );
  }

  #show(track: TruckTrack | PackTrack): void {
    if ('truckId' in track) {
      this.#store.path.value = pathOfTruck(track);
      this.#store.stays.value = null;
      return;
    }
    const { packId, stays, until, truncated } = track;
    this.#store.path.value = pathOfPack(track, this.#chainageOf);
    this.#store.stays.value = { packId, stays, untilMs: Date.parse(until), truncated };
  }

  #stopTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}

const isOf = (one: TrackAsked | TrackPath, other: TrackAsked): boolean => one.kind === other.kind && one.id === other.id;

const urlOf = ({ kind, id, hours, untilMs }: TrackAsked): string =>
  `/api/v1/${kind}s/${encodeURIComponent(id)}/track?hours=${hours}${untilMs === null ? '' : `&until=${new Date(untilMs).toISOString()}`}`;

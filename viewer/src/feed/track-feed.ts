import type { TruckTrack } from '@corridor/protocols/http/truck-track';
import type { TrackHours, TrackStore } from '../store/track-store.ts';
import type { ApiClient } from './api-client.ts';

export interface TrackAsked {
  readonly truckId: string;
  readonly hours: TrackHours;
  /** Unix ms of the instant of the past that is shown; null: now. */
  readonly untilMs: number | null;
}

/** A track of now is asked for again after so long, so that what came late is in it; wall ms. */
const AGAIN_MS = 20_000;
/** Between two tracks while the past is played, wall ms. */
const BETWEEN_MS = 1_000;

/** Keeps the track of one truck in its store, one request at a time: of several wishes meanwhile only the last counts. */
export class TrackFeed {
  readonly #api: Pick<ApiClient, 'request'>;
  readonly #store: TrackStore;
  #wanted: TrackAsked | null = null;
  #isFetching = false;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(api: Pick<ApiClient, 'request'>, store: TrackStore) {
    this.#api = api;
    this.#store = store;
  }

  /** @param asked null: none */
  want(asked: TrackAsked | null): void {
    this.#wanted = asked;
    const shown = this.#store.path.peek();
    if (asked === null || shown?.truckId !== asked.truckId) {
      this.#stopTimer();
      this.#store.path.value = null;
      this.#store.failed.value = false;
    }
    // One that was fetched just now is followed by the next after a while, by the timer.
    if (asked !== null && !this.#isFetching && (this.#timer === null || asked.untilMs === null)) void this.#fetch(asked);
  }

  async #fetch(asked: TrackAsked): Promise<void> {
    this.#stopTimer();
    this.#isFetching = true;
    let path = null;
    try {
      path = pathOf(await this.#api.request<TruckTrack>('GET', urlOf(asked)));
    } catch {
      // The inspector says so; what is drawn stays.
    }
    this.#isFetching = false;
    const wanted = this.#wanted;
    if (wanted === null) return;
    if (path !== null && wanted.truckId === asked.truckId) this.#store.path.value = path;
    this.#store.failed.value = path === null;
    if (wanted.truckId !== asked.truckId || wanted.hours !== asked.hours) return void this.#fetch(wanted);
    const isLive = wanted.untilMs === null && asked.untilMs === null;
    this.#timer = setTimeout(
      () => {
        this.#timer = null;
        const next = this.#wanted;
        if (next !== null && (next !== asked || next.untilMs === null)) void this.#fetch(next);
      },
      isLive ? AGAIN_MS : BETWEEN_MS,
    );
  }

  #stopTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}

const urlOf = ({ truckId, hours, untilMs }: TrackAsked): string =>
  `/api/v1/trucks/${encodeURIComponent(truckId)}/track?hours=${hours}${untilMs === null ? '' : `&until=${new Date(untilMs).toISOString()}`}`;

function pathOf({ truckId, at, chainageM, widthMs }: TruckTrack) {
  const points = at.flatMap((text, index) => {
    const where = chainageM[index];
    return where === undefined ? [] : [{ atMs: Date.parse(text), chainageM: where }];
  });
  return { truckId, points, widthMs };
}

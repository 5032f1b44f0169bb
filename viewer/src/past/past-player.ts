import type { Books, PastScene, SceneEvent, SceneEventKind, SceneKind } from '@corridor/protocols/http/scene';
import { batch, type Signal, signal } from '@preact/signals';
import { ApiError } from '../feed/api-client.ts';
import type { PastApi } from '../feed/past-api.ts';
import type { SceneClock } from '../store/scene-clock.ts';
import { SCENE_KINDS, type SceneStore } from '../store/scene-store.ts';

/** Times real time. */
export const SPEEDS = [1, 10, 60, 300, 1_000] as const;
const FIRST_SPEED = 60;
/** Between two scenes that are asked for while it plays, wall ms: often enough to follow, seldom enough for the database. */
const BETWEEN_SCENES_MS = 400;

export interface PastPlayerParts {
  api: PastApi;
  store: SceneStore;
  clock: SceneClock;
  /** Instants that can be shown, scope time. */
  span: { fromMs: number; untilMs: number };
  wallMs?: () => number;
}

/** Why an instant is not shown: the twin's code; `UNREACHABLE` when it does not answer. */
export interface PastProblem {
  readonly code: string;
  readonly detail: string;
}

/**
 * Feeds the scene's store from the stored history: everything on the screen belongs to the instant of the scene that was fetched last. What
 * was shown stays until the next one is there.
 */
export class PastPlayer {
  /** Instant of what is shown, unix ms of scope time. */
  readonly atMs: Signal<number>;
  /** Instant that was asked for last: what is shown is on its way there. */
  readonly wantedMs: Signal<number>;
  readonly playing: Signal<boolean> = signal(false);
  readonly speed: Signal<number> = signal(FIRST_SPEED);
  readonly books: Signal<Books | null> = signal(null);
  readonly problem: Signal<PastProblem | null> = signal(null);
  readonly span: Signal<{ fromMs: number; untilMs: number }>;
  readonly #parts: PastPlayerParts;
  readonly #wallMs: () => number;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #isFetching = false;
  #isClosed = false;
  #seq = 0;

  /** @param firstMs instant to begin with; scenes are of whole ms */
  constructor(parts: PastPlayerParts, firstMs: number) {
    const atMs = Math.round(firstMs);
    this.#parts = parts;
    this.#wallMs = parts.wallMs ?? (() => performance.now());
    this.span = signal(parts.span);
    this.atMs = signal(atMs);
    this.wantedMs = signal(atMs);
    this.#setClock(atMs);
    void this.#fetchWanted();
  }

  /** Whether what is shown is what was asked for. */
  get isThere(): boolean {
    return this.atMs.value === this.wantedMs.value && this.books.value !== null;
  }

  /** Goes to an instant as soon as its scene is there; of several asked for meanwhile only the last counts. */
  seek(atMs: number): void {
    this.#stopTimer();
    const { fromMs, untilMs } = this.span.peek();
    const wanted = Math.round(Math.min(Math.max(atMs, fromMs), untilMs));
    batch(() => {
      this.playing.value = false;
      this.wantedMs.value = wanted;
    });
    void this.#fetchWanted();
  }

  play(): void {
    if (this.playing.peek()) return;
    this.playing.value = true;
    this.#setClock(this.atMs.peek());
    this.#playOn();
  }

  pause(): void {
    this.#stopTimer();
    batch(() => {
      this.playing.value = false;
      this.wantedMs.value = this.atMs.peek();
    });
    this.#setClock(this.atMs.peek());
  }

  setSpeed(speed: number): void {
    this.speed.value = speed;
    this.#setClock(this.atMs.peek());
  }

  /** To the next event of a kind, or the one before, and stands there. @returns null: there is none */
  async jump(kind: SceneEventKind | null, back: boolean): Promise<SceneEvent | null> {
    this.pause();
    const { fromMs, untilMs } = this.span.peek();
    const atMs = this.atMs.peek();
    const asked = back
      ? { fromMs: fromMs - 1, untilMs: Math.max(atMs, fromMs), order: 'desc' as const }
      : { fromMs: atMs, untilMs, order: 'asc' as const };
    if (asked.untilMs <= asked.fromMs) return null;
    try {
      const [event] = await this.#parts.api.events({ ...asked, kind, limit: 1 });
      if (event === undefined || this.#isClosed) return null;
      this.seek(Date.parse(event.at));
      return event;
    } catch (cause) {
      this.#object(cause);
      return null;
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#stopTimer();
    this.playing.value = false;
  }

  /** Fetches until what was asked for last is shown. */
  async #fetchWanted(): Promise<void> {
    if (this.#isFetching) return;
    this.#isFetching = true;
    try {
      for (let wanted: number | null = null; wanted !== this.wantedMs.peek(); ) {
        wanted = this.wantedMs.peek();
        const scene = await this.#parts.api.sceneAt(wanted);
        if (this.#isClosed) return;
        this.#show(scene, this.playing.peek());
      }
    } catch (cause) {
      this.#object(cause);
    } finally {
      this.#isFetching = false;
    }
    if (this.playing.peek() && this.#timer === null) this.#playOn();
  }

  /** Asks for the scene of where the clock is, one after the other. */
  #playOn(): void {
    this.#stopTimer();
    this.#timer = setTimeout(() => {
      this.#timer = null;
      const { untilMs } = this.span.peek();
      const clockMs = Math.round(this.#parts.clock.nowMs(this.#wallMs()));
      if (clockMs >= untilMs) {
        this.seek(untilMs);
        return;
      }
      this.wantedMs.value = Math.max(clockMs, this.atMs.peek());
      void this.#fetchWanted();
    }, BETWEEN_SCENES_MS);
  }

  #show(scene: PastScene, glides: boolean): void {
    const { store } = this.#parts;
    const atMs = Date.parse(scene.scopeAt);
    batch(() => {
      this.problem.value = null;
      this.books.value = scene.books;
      this.#seq += 1;
      if (glides) {
        store.apply({
          type: 'diff',
          seq: this.#seq,
          scopeAt: scene.scopeAt,
          factor: this.speed.peek(),
          upsert: {
            stations: scene.stations,
            slots: scene.slots,
            packs: scene.packs,
            trucks: scene.trucks,
            orders: scene.orders,
            alarms: scene.alarms,
          },
          remove: this.#gone(scene),
          kpis: scene.kpis,
        });
      } else {
        this.#setClock(atMs);
        // What moves glides from report to report, which a jump must not.
        store.clear();
        store.apply({ type: 'snapshot', seq: this.#seq, scene });
      }
      this.atMs.value = atMs;
    });
  }

  /** What was shown and is not in the scene. */
  #gone(scene: PastScene): Record<Exclude<SceneKind, 'stations'>, string[]> {
    const gone = { orders: [], alarms: [], trucks: [], packs: [], slots: [] } as Record<Exclude<SceneKind, 'stations'>, string[]>;
    for (const kind of SCENE_KINDS) {
      if (kind === 'stations') continue;
      const present = new Set(scene[kind].map(({ id }) => id));
      for (const id of this.#parts.store.records[kind].keys()) if (!present.has(id)) gone[kind].push(id);
    }
    return gone;
  }

  #object(cause: unknown): void {
    if (this.#isClosed) return;
    this.#stopTimer();
    const problem =
      cause instanceof ApiError && cause.problemCode !== null
        ? { code: cause.problemCode, detail: cause.message }
        : { code: 'UNREACHABLE', detail: '' };
    batch(() => {
      this.problem.value = problem;
      this.playing.value = false;
      this.wantedMs.value = this.atMs.peek();
    });
    this.#setClock(this.atMs.peek());
  }

  #setClock(atMs: number): void {
    this.#parts.clock.set(atMs, this.playing.peek() ? this.speed.peek() : 0, this.#wallMs());
  }

  #stopTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}

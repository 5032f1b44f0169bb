import type { Books, OrderSummary } from '@corridor/protocols/http/scene';
import type { BlockCursor } from '@corridor/protocols/recording/recorded-state';
import type { RecordingHead } from '@corridor/protocols/recording/recording.schema';
import type { Recording } from '@corridor/protocols/recording/recording-reader';
import { batch, computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { SceneClock } from '../store/scene-clock.ts';
import type { SceneStore } from '../store/scene-store.ts';
import type { EventKind, RecordedEvent, RecordedEvents } from './recorded-events.ts';
import { recordedBooks, recordedOrders } from './recorded-orders.ts';
import { recordedScene, swapsOf } from './recorded-scene.ts';

/** A recording that was opened. */
export interface OpenedRecording {
  /** Of the file. */
  name: string;
  recording: Recording;
  events: RecordedEvents;
}

/** Times real time. */
export const SPEEDS = [1, 10, 60, 300, 900, 3_600] as const;
const FIRST_SPEED = 300;
const TICK_MS = 80;
const DAY_MS = 86_400_000;
/** Days of the corridor begin at local midnight. */
const ZONE_OFFSET_MS = 8 * 3_600_000;

/** Feeds the scene's store from a recording instead of the live corridor: everything on the screen belongs to the same instant. */
export class RecordingPlayer {
  readonly name: string;
  readonly head: RecordingHead;
  readonly events: RecordedEvents;
  /** Of the run; follows while it plays. */
  readonly atMs: Signal<number> = signal(0);
  readonly playing: Signal<boolean> = signal(false);
  readonly speed: Signal<number> = signal(FIRST_SPEED);
  /** Balances and open holds of the instant; null: a recording without money. */
  readonly books: ReadonlySignal<Books | null>;
  readonly #recording: Recording;
  readonly #store: SceneStore;
  readonly #clock: SceneClock;
  readonly #wallMs: () => number;
  #cursor: BlockCursor;
  #timer: ReturnType<typeof setInterval> | null = null;
  #day: { fromMs: number; swapsBefore: number } = { fromMs: Number.NaN, swapsBefore: 0 };
  #seq = 0;

  constructor(
    opened: OpenedRecording,
    { store, clock, wallMs = () => performance.now() }: { store: SceneStore; clock: SceneClock; wallMs?: () => number },
  ) {
    this.name = opened.name;
    this.#recording = opened.recording;
    this.head = opened.recording.head;
    this.events = opened.events;
    this.#store = store;
    this.#clock = clock;
    this.#wallMs = wallMs;
    this.#cursor = opened.recording.cursorAt(0);
    this.books = computed(() => (this.atMs.value < 0 ? null : recordedBooks(this.head, this.#cursor.state)));
    this.seek(0);
  }

  get toMs(): number {
    return this.head.toMs;
  }

  play(): void {
    if (this.playing.peek()) return;
    if (this.atMs.peek() >= this.toMs) this.seek(0);
    this.playing.value = true;
    this.#setClock();
    this.#timer = setInterval(() => this.tick(), TICK_MS);
  }

  pause(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    if (this.playing.peek()) this.#goTo(this.#playedMs());
    this.playing.value = false;
    this.#setClock();
  }

  setSpeed(speed: number): void {
    if (this.playing.peek()) this.#goTo(this.#playedMs());
    this.speed.value = speed;
    this.#setClock();
  }

  /** Shows an instant at once, also an earlier one. @param atMs of the run; kept within it */
  seek(atMs: number): void {
    const whole = Math.round(Math.min(Math.max(atMs, 0), this.toMs));
    this.#cursor = this.#recording.cursorAt(whole);
    batch(() => {
      this.atMs.value = whole;
      this.#setClock();
      // What moves glides from report to report, which a jump must not.
      this.#store.clear();
      this.#seq += 1;
      this.#store.apply({ type: 'snapshot', seq: this.#seq, scene: this.#scene(whole) });
    });
  }

  /** Goes to the next event of a kind, or the one before, and stands there. @returns null: there is none */
  jump(kind: EventKind, { longerThan, back }: { longerThan: number; back: boolean }): RecordedEvent | null {
    const event = this.events.next({ kind, atMs: this.atMs.peek(), longerThan, back });
    if (event === null) return null;
    this.pause();
    this.seek(event.atMs);
    return event;
  }

  /** Brings the scene to the clock. */
  tick(): void {
    this.#goTo(this.#playedMs());
    if (this.atMs.peek() >= this.toMs) this.pause();
  }

  close(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.playing.value = false;
  }

  #playedMs(): number {
    return Math.min(this.#clock.nowMs(this.#wallMs()) - this.head.startsAtMs, this.toMs);
  }

  #goTo(playedMs: number): void {
    const atMs = Math.round(playedMs);
    if (atMs <= this.atMs.peek()) return;
    const nextMs = this.#recording.nextBlockMs(this.#cursor.block.atMs);
    if (nextMs !== null && atMs >= nextMs) this.#cursor = this.#recording.cursorAt(atMs);
    else this.#cursor.goTo(atMs);
    const { scopeAt, stations, slots, packs, trucks, orders, kpis } = this.#scene(atMs);
    this.#seq += 1;
    const factor = this.speed.peek();
    const upsert = { stations, slots, packs, trucks, orders: orders.filter((order) => this.#isNews(order)) };
    const present = new Set(orders.map(({ id }) => id));
    const remove = { orders: [...this.#store.records.orders.keys()].filter((id) => !present.has(id)) };
    this.#store.apply({ type: 'diff', seq: this.#seq, scopeAt, factor, upsert, remove, kpis });
    this.atMs.value = atMs;
  }

  /** Most orders that are shown are over: their list stays as it is. */
  #isNews({ id, updatedAt, swapState }: OrderSummary): boolean {
    const shown = this.#store.records.orders.get(id);
    return shown === undefined || shown.updatedAt !== updatedAt || shown.swapState !== swapState;
  }

  #scene(atMs: number): ReturnType<typeof recordedScene> {
    const { fromMs, swapsBefore } = this.#dayOf(atMs);
    const orders = recordedOrders({
      head: this.head,
      state: this.#cursor.state,
      ended: this.#recording.ended,
      atMs,
      dayFromMs: fromMs,
    });
    return recordedScene(this.head, this.#cursor.state, { atMs, swapsBefore, orders });
  }

  /** The local day of an instant, with the swaps before it. */
  #dayOf(atMs: number): { fromMs: number; swapsBefore: number } {
    const { startsAtMs } = this.head;
    const fromMs = Math.floor((startsAtMs + atMs + ZONE_OFFSET_MS) / DAY_MS) * DAY_MS - ZONE_OFFSET_MS - startsAtMs;
    if (this.#day.fromMs !== fromMs) this.#day = { fromMs, swapsBefore: fromMs <= 0 ? 0 : swapsOf(this.#recording.stateAt(fromMs)) };
    return this.#day;
  }

  #setClock(): void {
    const factor = this.playing.peek() ? this.speed.peek() : 0;
    this.#clock.set(this.head.startsAtMs + this.atMs.peek(), factor, this.#wallMs());
  }
}

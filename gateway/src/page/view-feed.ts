import type { ServerResponse } from 'node:http';

/** At most this many pages at once; a control room has a few. */
const PAGES_MAX = 32;
/** Five views a second at most [wall ms]. */
const EVERY_MS = 200;
/** Without a change the clock alone is sent this often [wall ms]: a page that hears nothing for longer knows that it is cut off. */
const CLOCK_EVERY_MS = 1_000;
/** A page that has taken less than this of what was written [bytes] is too slow: it is cut off, and connects anew for the present view. */
const UNSENT_BYTES_MAX = 1_000_000;

export type FeedSource = {
  /** Scope time [ms], and how fast it runs. */
  clock(): { atMs: number; factor: number };
  view(): unknown;
  /** The view could not be told; the pages are cut off. */
  failed(cause: unknown): void;
};

/** Server-sent events of the station's view: `view` when it changed, `clock` in between; written once for all who look. */
export class ViewFeed {
  readonly #source: FeedSource;
  readonly #pages = new Set<ServerResponse>();
  #timer: NodeJS.Timeout | null = null;
  #last = '';
  #sentAtMs = 0;

  constructor(source: FeedSource) {
    this.#source = source;
  }

  get isFull(): boolean {
    return this.#pages.size >= PAGES_MAX;
  }

  add(page: ServerResponse): void {
    this.#pages.add(page);
    page.on('close', () => this.#remove(page));
    this.#guarded(() => {
      const view = JSON.stringify(this.#source.view());
      this.#write(page, this.#message('clock', JSON.stringify(this.#source.clock())) + this.#message('view', view));
    });
    if (this.#pages.size > 0) this.#timer ??= setInterval(() => this.#guarded(() => this.#tick()), EVERY_MS);
  }

  #remove(page: ServerResponse): void {
    this.#pages.delete(page);
    if (this.#pages.size > 0 || this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }

  #message(event: 'clock' | 'view', data: string): string {
    return `event: ${event}\ndata: ${data}\n\n`;
  }

  /** What goes wrong on a page must never end the station's control. */
  #guarded(work: () => void): void {
    try {
      work();
    } catch (cause) {
      this.#source.failed(cause);
      this.close();
    }
  }

  #tick(): void {
    const view = JSON.stringify(this.#source.view());
    const nowMs = performance.now();
    if (view === this.#last && nowMs - this.#sentAtMs < CLOCK_EVERY_MS) return;
    const clock = this.#message('clock', JSON.stringify(this.#source.clock()));
    const text = view === this.#last ? clock : clock + this.#message('view', view);
    this.#last = view;
    this.#sentAtMs = nowMs;
    for (const page of this.#pages) this.#write(page, text);
  }

  #write(page: ServerResponse, text: string): void {
    if (page.writableLength > UNSENT_BYTES_MAX) page.destroy();
    else page.write(text);
  }

  close(): void {
    for (const page of this.#pages) page.end();
    this.#pages.clear();
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }
}

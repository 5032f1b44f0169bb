import { WS_CLOSE, type WsMessage } from '@corridor/protocols/http/scene';
import { type Signal, signal } from '@preact/signals';

export const CONNECTION_STATES = ['connecting', 'live', 'stale', 'offline', 'signed-out'] as const;
export type ConnectionState = (typeof CONNECTION_STATES)[number];

/** What the feed needs of the outside; real sockets and timers in the page, real ones in the tests too. */
export interface FeedOptions {
  /** Gets a one-time ticket. Rejects with `signedOut: true` on the error when the token is no longer good. */
  ticket: () => Promise<string>;
  urlOf: (ticket: string) => string;
  onMessage: (message: WsMessage) => void;
  /** Nobody may have a ticket. @returns whether the session is over; while it is not, a ticket is asked for again */
  onSignedOut: () => boolean;
  openSocket?: (url: string) => WebSocket;
  random?: () => number;
}

const BACKOFF_MS_MIN = 400;
const BACKOFF_MS_MAX = 15_000;
/** An open socket that is silent for this long shows old values. */
export const SILENT_MS = 6_000;
/** Silent for this long: the path is dead without a close; connect anew. */
export const DEAD_MS = 30_000;

/** Keeps one connection to `/ws`: snapshot, then diffs; reconnects for ever with growing, jittered pauses. */
export class LiveFeed {
  readonly state: Signal<ConnectionState> = signal('connecting');
  /** Wall time of the last message; null before the first. */
  readonly lastMessageAtMs: Signal<number | null> = signal(null);
  private readonly options: FeedOptions;
  private socket: WebSocket | null = null;
  private retryTimer: ReturnType<typeof setTimeout> | null = null;
  private readonly watchTimer: ReturnType<typeof setInterval>;
  private attempt = 0;
  private closed = false;
  private lastAtMs = 0;
  /** Counts connections, so that answers to an abandoned one are dropped. */
  private generation = 0;

  constructor(options: FeedOptions) {
    this.options = options;
    this.watchTimer = setInterval(() => this.watch(), 1_000);
    void this.connect();
  }

  /** Connects at once instead of waiting out the pause, for example when the browser says it is online again. */
  retryNow(): void {
    if (this.closed || this.state.peek() === 'live' || this.socket !== null) return;
    this.attempt = 0;
    this.clearRetry();
    void this.connect();
  }

  close(): void {
    this.closed = true;
    this.generation++;
    this.clearRetry();
    clearInterval(this.watchTimer);
    this.socket?.close();
    this.socket = null;
  }

  private async connect(): Promise<void> {
    const generation = ++this.generation;
    if (this.state.peek() !== 'offline') this.state.value = 'connecting';
    let ticket: string;
    try {
      ticket = await this.options.ticket();
    } catch (error) {
      if (generation !== this.generation || this.closed) return;
      if (isSignedOut(error) && this.options.onSignedOut()) this.state.value = 'signed-out';
      else this.retryLater();
      return;
    }
    if (generation !== this.generation || this.closed) return;
    const open = this.options.openSocket ?? ((url: string) => new WebSocket(url));
    const socket = open(this.options.urlOf(ticket));
    this.socket = socket;
    this.lastAtMs = Date.now();
    socket.addEventListener('message', (event: MessageEvent<unknown>) => {
      if (generation === this.generation) this.receive(event.data);
    });
    socket.addEventListener('close', ({ code }) => {
      if (generation === this.generation && !this.closed) this.closedWith(code);
    });
  }

  /** The twin ends a stream with the token it was opened by: what is shown is of a moment ago, and the next token goes on from there. */
  private closedWith(code: number): void {
    if (code !== WS_CLOSE.tokenEnded || this.attempt > 0) {
      this.retryLater();
      return;
    }
    this.socket = null;
    // Only once without a message in between: a twin whose clock is wrong is not asked in a loop.
    this.attempt = 1;
    void this.connect();
  }

  private receive(data: unknown): void {
    const message = typeof data === 'string' ? parseMessage(data) : null;
    if (message === null) {
      // A server of another version: its numbers cannot be trusted, so neither are they shown.
      this.socket?.close(4000, 'message not understood');
      return;
    }
    this.attempt = 0;
    this.lastAtMs = Date.now();
    this.lastMessageAtMs.value = this.lastAtMs;
    this.options.onMessage(message);
    this.state.value = 'live';
  }

  private watch(): void {
    const state = this.state.peek();
    if (this.socket === null || (state !== 'live' && state !== 'stale')) return;
    const silentMs = Date.now() - this.lastAtMs;
    if (silentMs > DEAD_MS) {
      this.socket.close();
      this.generation++;
      this.retryLater();
    } else if (silentMs > SILENT_MS) this.state.value = 'stale';
  }

  private retryLater(): void {
    this.socket = null;
    this.state.value = 'offline';
    this.clearRetry();
    const ceiling = Math.min(BACKOFF_MS_MIN * 2 ** this.attempt, BACKOFF_MS_MAX);
    this.attempt++;
    const pauseMs = ceiling * (0.5 + 0.5 * (this.options.random ?? Math.random)());
    this.retryTimer = setTimeout(() => void this.connect(), pauseMs);
  }

  private clearRetry(): void {
    if (this.retryTimer !== null) clearTimeout(this.retryTimer);
    this.retryTimer = null;
  }
}

function isSignedOut(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'signedOut' in error && error.signedOut === true;
}

/** @returns null when the text is not one of the three messages */
export function parseMessage(text: string): WsMessage | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || !('type' in value)) return null;
  if (value.type === 'snapshot') return 'scene' in value && isObject(value.scene) && hasLists(value.scene) ? (value as WsMessage) : null;
  if (value.type === 'rest') return 'left' in value && isRest(value) ? (value as WsMessage) : null;
  if (value.type !== 'diff') return null;
  return 'upsert' in value && isObject(value.upsert) && 'remove' in value && isObject(value.remove) ? (value as WsMessage) : null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isRest({ left, slots, packs }: Record<string, unknown>): boolean {
  return typeof left === 'number' && Array.isArray(slots) && Array.isArray(packs);
}

function hasLists(scene: Record<string, unknown>): boolean {
  return (
    ['stations', 'slots', 'packs', 'trucks', 'orders', 'alarms'].every((kind) => Array.isArray(scene[kind])) && isObject(scene['kpis'])
  );
}

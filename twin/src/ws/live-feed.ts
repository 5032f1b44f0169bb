import { WS_CLOSE, type WsMessage } from '@corridor/protocols/http/scene';
import type { LiveScene } from '../projection/live-scene.ts';
import { type Rights, rightsKey } from '../projection/rights.ts';
import { snapshotTexts } from './snapshot-texts.ts';
import type { Admission } from './tickets.ts';

/** What the feed needs of a WebSocket. */
export interface FeedSocket {
  /** Bytes that wait to be sent. */
  readonly bufferedAmount: number;
  send(text: string): void;
  close(code: number, reason: string): void;
}

export interface LiveFeedOptions {
  scene: LiveScene;
  clock: () => { scopeAtMs: number; factor: number };
  wallNowMs: () => number;
  /** Called with the age of the oldest change in a flush, wall ms. */
  onFlush?: (ageMs: number, clients: number) => void;
}

interface FeedClass {
  readonly rights: Rights;
  /** When the token of each counts no longer, wall time. */
  readonly clients: Map<FeedSocket, number>;
  /** Clients that could not keep up: they get a new snapshot instead of what they missed. */
  readonly lagging: Set<FeedSocket>;
  seq: number;
}

/** Changes are sent at most this late, wall ms; a pause is sent as a diff without changes, so that clocks go on. */
export const FLUSH_MS = 40;
const HEARTBEAT_MS = 1_000;
/** Beyond this a client does not keep up; below the second it does again [bytes]. */
const BUFFERED_MAX = 2_000_000;
const BUFFERED_LOW = 64_000;

/** Sends the scene to whoever watches it: a snapshot, then diffs, each serialised once per class of rights. */
export class LiveFeed {
  readonly #options: LiveFeedOptions;
  readonly #classes = new Map<string, FeedClass>();
  /** Clients whose snapshot is still on its way, with its bytes: that of a large network is no sign that they do not keep up. */
  readonly #greeted = new Map<FeedSocket, number>();
  #flushTimer: NodeJS.Timeout | null = null;
  #heartbeat: NodeJS.Timeout | null = null;
  #dirtySinceMs: number | null = null;
  #flushedMs = 0;
  #kpisMs = 0;

  constructor(options: LiveFeedOptions) {
    this.#options = options;
  }

  get clients(): number {
    let count = 0;
    for (const { clients } of this.#classes.values()) count += clients.size;
    return count;
  }

  join(socket: FeedSocket, { rights, countsUntilMs }: Admission): void {
    const key = rightsKey(rights);
    let feed = this.#classes.get(key);
    if (!feed) {
      feed = { rights, clients: new Map(), lagging: new Set(), seq: 0 };
      this.#classes.set(key, feed);
    }
    // What changed before is in the snapshot already.
    this.#flush();
    feed.clients.set(socket, countsUntilMs);
    this.#greet(socket, this.#snapshot(feed));
    this.#heartbeat ??= setInterval(() => this.#beat(), HEARTBEAT_MS);
  }

  leave(socket: FeedSocket): void {
    for (const [key, feed] of this.#classes) {
      feed.clients.delete(socket);
      feed.lagging.delete(socket);
      this.#greeted.delete(socket);
      if (feed.clients.size === 0) this.#classes.delete(key);
    }
    if (this.#classes.size === 0 && this.#heartbeat) {
      clearInterval(this.#heartbeat);
      this.#heartbeat = null;
    }
  }

  /** Ends the connections of who has left. */
  drop(isLeft: (rights: Rights) => boolean): void {
    for (const { rights, clients } of this.#classes.values()) {
      if (!isLeft(rights)) continue;
      for (const socket of clients.keys()) {
        this.leave(socket);
        socket.close(WS_CLOSE.notAdmitted, 'takes no part any more');
      }
    }
  }

  /** Something in the scene changed. */
  changed(): void {
    this.#dirtySinceMs ??= performance.now();
    if (this.#flushTimer) return;
    const sinceMs = performance.now() - this.#flushedMs;
    this.#flushTimer = setTimeout(() => this.#flush(), Math.max(0, FLUSH_MS - sinceMs));
  }

  close(): void {
    if (this.#flushTimer) clearTimeout(this.#flushTimer);
    if (this.#heartbeat) clearInterval(this.#heartbeat);
    this.#flushTimer = null;
    this.#heartbeat = null;
    for (const { clients } of this.#classes.values()) for (const socket of clients.keys()) socket.close(WS_CLOSE.stops, 'the server stops');
    this.#classes.clear();
    this.#greeted.clear();
  }

  #beat(): void {
    this.#dropEnded();
    this.#flush();
  }

  /** Whoever's token has ended is let in again with the next one only. */
  #dropEnded(): void {
    const nowMs = this.#options.wallNowMs();
    for (const { clients } of this.#classes.values()) {
      for (const [socket, countsUntilMs] of clients) {
        if (nowMs < countsUntilMs) continue;
        this.leave(socket);
        socket.close(WS_CLOSE.tokenEnded, 'the token has ended');
      }
    }
  }

  #flush(): void {
    if (this.#flushTimer) clearTimeout(this.#flushTimer);
    this.#flushTimer = null;
    this.#flushedMs = performance.now();
    const touched = this.#options.scene.takeTouched();
    const withKpis = this.#flushedMs - this.#kpisMs >= HEARTBEAT_MS;
    if (withKpis) this.#kpisMs = this.#flushedMs;
    const { scopeAtMs, factor } = this.#options.clock();
    for (const feed of this.#classes.values()) {
      const diff = this.#options.scene.diffFor(feed.rights, touched);
      if (!diff && !withKpis) continue;
      feed.seq += 1;
      const message: WsMessage = {
        type: 'diff',
        seq: feed.seq,
        scopeAt: new Date(scopeAtMs).toISOString(),
        factor,
        upsert: diff?.upsert ?? {},
        remove: diff?.remove ?? {},
        ...(withKpis ? { kpis: this.#options.scene.kpisFor(feed.rights, scopeAtMs) } : {}),
      };
      this.#send(feed, JSON.stringify(message));
    }
    if (this.#dirtySinceMs !== null) this.#options.onFlush?.(this.#flushedMs - this.#dirtySinceMs, this.clients);
    this.#dirtySinceMs = null;
  }

  #send(feed: FeedClass, text: string): void {
    let snapshot: readonly string[] | null = null;
    for (const socket of feed.clients.keys()) {
      if (feed.lagging.has(socket)) {
        if (socket.bufferedAmount > BUFFERED_LOW) continue;
        feed.lagging.delete(socket);
        snapshot ??= this.#snapshot(feed);
        this.#greet(socket, snapshot);
      } else if (socket.bufferedAmount > this.#bufferedMax(socket)) feed.lagging.add(socket);
      else socket.send(text);
    }
  }

  #greet(socket: FeedSocket, snapshot: readonly string[]): void {
    for (const text of snapshot) socket.send(text);
    this.#greeted.set(socket, socket.bufferedAmount);
  }

  #bufferedMax(socket: FeedSocket): number {
    const snapshotBytes = this.#greeted.get(socket);
    if (snapshotBytes === undefined) return BUFFERED_MAX;
    if (socket.bufferedAmount <= BUFFERED_LOW) this.#greeted.delete(socket);
    return BUFFERED_MAX + snapshotBytes;
  }

  #snapshot(feed: FeedClass): string[] {
    return snapshotTexts(feed.seq, this.#options.scene.sceneFor(feed.rights, this.#options.clock()));
  }
}

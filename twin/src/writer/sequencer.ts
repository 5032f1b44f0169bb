/**
 * Takes the events of each source exactly once and in their order, whatever the transport does with them. A source
 * numbers its events 1, 2, 3 … in each boot; a boot begins with an event that names the last one of the boot before.
 * What comes too early is parked until the source resends what is missing; what came before is a duplicate.
 *
 * The position moves when an event is offered, ahead of its commit: whoever cannot commit has to start again from the
 * stored positions.
 */
export interface SourcePosition {
  readonly bootId: number;
  readonly seq: number;
}

export interface Sequenced<T> {
  readonly bootId: number;
  readonly seq: number;
  /**
   * Last event of the boot before, as the first event of a boot says; null: there was none; undefined: it does not say, as
   * T-boxes do; 'NO_FIRST': a boot cannot begin with this event.
   */
  readonly previous: SourcePosition | null | undefined | 'NO_FIRST';
  readonly item: T;
}

export type Verdict<T> =
  | { readonly verdict: 'taken'; readonly items: readonly Sequenced<T>[] }
  | { readonly verdict: 'duplicate' }
  /** Kept until what is missing arrives; `firstOfGap` when nothing of this source was parked before. */
  | { readonly verdict: 'parked'; readonly firstOfGap: boolean }
  /** The parking place is full: the source resends it later. */
  | { readonly verdict: 'overflow' }
  /** An event of a boot that ended already: its source lost its counter. Or one so far ahead that nobody sent those between. */
  | { readonly verdict: 'refused'; readonly reason: NumberRefusal };

export type NumberRefusal = 'BOOT_WENT_BACK' | 'BOOT_IMPLAUSIBLE' | 'SEQ_IMPLAUSIBLE';

interface SourceState<T> {
  position: SourcePosition;
  parked: Map<string, Sequenced<T>>;
  parkedSinceMs: number;
}

export interface Gap {
  readonly source: string;
  readonly position: SourcePosition;
  /** First event after the gap. */
  readonly next: SourcePosition;
  readonly sinceMs: number;
}

/** Events of one source that may wait for a missing one: a gateway's whole outage buffer is sent in order and needs none of them. */
export const PARKED_MAX = 5_000;
/**
 * A number further ahead of the last one of its boot than this is made up: given up as a gap, the jump would turn all that
 * the source says after it into duplicates. A year at one event in half a minute.
 */
export const AHEAD_MAX = 1_000_000;
/**
 * Boots that a source may be ahead of its last one: a gateway that starts anew every ten seconds for a day without being heard. A number further
 * ahead is made up: taken, it would refuse every true boot of the source from then on.
 */
export const BOOTS_AHEAD_MAX = 10_000;
/** Of a source that was never heard, or has begun anew. */
export const FIRST_BOOT_MAX = 1_000_000_000;
/** Of a source that was never heard, in the middle of its boot. */
const FIRST_MAX = 1_000_000_000;
const NOWHERE: SourcePosition = { bootId: 0, seq: 0 };

export class Sequencer<T> {
  readonly #sources = new Map<string, SourceState<T>>();
  readonly #withGap = new Set<string>();

  constructor(positions: Iterable<readonly [source: string, position: SourcePosition]>) {
    for (const [source, position] of positions) this.#sources.set(source, { position, parked: new Map(), parkedSinceMs: 0 });
  }

  /** @returns null when nothing of this source was ever taken */
  positionOf(source: string): SourcePosition | null {
    const state = this.#sources.get(source);
    return state && state.position.bootId > 0 ? state.position : null;
  }

  /** @param wallMs wall time, to tell how long a gap is open */
  offer(source: string, event: Sequenced<T>, wallMs: number): Verdict<T> {
    const state = this.#stateOf(source);
    const { position } = state;
    if (event.bootId < position.bootId) return { verdict: 'refused', reason: 'BOOT_WENT_BACK' };
    if (event.bootId === position.bootId && event.seq <= position.seq) return { verdict: 'duplicate' };
    if (event.bootId > highestBoot(position.bootId)) return { verdict: 'refused', reason: 'BOOT_IMPLAUSIBLE' };
    if (event.seq > highestPlausible(position, event.bootId)) return { verdict: 'refused', reason: 'SEQ_IMPLAUSIBLE' };
    if (!follows(position, event)) return this.#park(source, state, event, wallMs);
    state.position = { bootId: event.bootId, seq: event.seq };
    const items = [event, ...unpark(state)];
    this.#noteGap(source, state, wallMs);
    return { verdict: 'taken', items };
  }

  /** Sources that wait for something that did not come. */
  gaps(): Gap[] {
    const gaps: Gap[] = [];
    for (const source of this.#withGap) {
      const state = this.#stateOf(source);
      const next = firstParked(state);
      if (next) gaps.push({ source, position: state.position, next, sinceMs: state.parkedSinceMs });
    }
    return gaps;
  }

  /** Gives up what is missing before the first parked event, and takes what follows. */
  skipGap(source: string, wallMs: number): readonly Sequenced<T>[] {
    const state = this.#stateOf(source);
    const next = firstParked(state);
    if (!next) return [];
    state.parked.delete(keyOf(next));
    state.position = { bootId: next.bootId, seq: next.seq };
    const items = [next, ...unpark(state)];
    state.parkedSinceMs = wallMs;
    this.#noteGap(source, state, wallMs);
    return items;
  }

  /** Forgets a source whose credentials were withdrawn: the next device that is enrolled in its place begins anew. */
  forget(source: string): void {
    this.#sources.delete(source);
    this.#withGap.delete(source);
  }

  /** Events that wait for a missing one. */
  get parkedCount(): number {
    let count = 0;
    for (const source of this.#withGap) count += this.#stateOf(source).parked.size;
    return count;
  }

  *parked(): Iterable<T> {
    for (const source of this.#withGap) for (const event of this.#stateOf(source).parked.values()) yield event.item;
  }

  #stateOf(source: string): SourceState<T> {
    let state = this.#sources.get(source);
    if (!state) {
      state = { position: NOWHERE, parked: new Map(), parkedSinceMs: 0 };
      this.#sources.set(source, state);
    }
    return state;
  }

  #park(source: string, state: SourceState<T>, event: Sequenced<T>, wallMs: number): Verdict<T> {
    const key = keyOf(event);
    if (state.parked.has(key)) return { verdict: 'duplicate' };
    if (state.parked.size >= PARKED_MAX) return { verdict: 'overflow' };
    const firstOfGap = state.parked.size === 0;
    if (firstOfGap) state.parkedSinceMs = wallMs;
    state.parked.set(key, event);
    this.#withGap.add(source);
    return { verdict: 'parked', firstOfGap };
  }

  #noteGap(source: string, state: SourceState<T>, wallMs: number): void {
    for (const [key, event] of state.parked) if (isBefore(event, state.position)) state.parked.delete(key);
    if (state.parked.size === 0) this.#withGap.delete(source);
    // What was missing came: another gap behind it has its own time.
    else state.parkedSinceMs = wallMs;
  }
}

const keyOf = (position: SourcePosition) => `${position.bootId}:${position.seq}`;

function isBefore(event: SourcePosition, position: SourcePosition): boolean {
  return event.bootId < position.bootId || (event.bootId === position.bootId && event.seq <= position.seq);
}

function follows(position: SourcePosition, event: Sequenced<unknown>): boolean {
  if (event.bootId === position.bootId) return event.seq === position.seq + 1;
  if (event.seq !== 1 || event.previous === 'NO_FIRST') return false;
  // A boot whose first event does not name the one before (a T-box) is taken as it comes.
  if (event.previous === undefined || event.previous === null) return true;
  return isReached(position, event.previous);
}

/** @param bootId of the last boot that was heard; 0: none was */
export const highestBoot = (bootId: number): number => (bootId === 0 ? FIRST_BOOT_MAX : bootId + BOOTS_AHEAD_MAX);

function highestPlausible(position: SourcePosition, bootId: number): number {
  if (position.bootId === 0) return FIRST_MAX;
  return (bootId === position.bootId ? position.seq : 0) + AHEAD_MAX;
}

function isReached(position: SourcePosition, previous: SourcePosition): boolean {
  return isBefore(previous, position);
}

function unpark<T>(state: SourceState<T>): Sequenced<T>[] {
  const items: Sequenced<T>[] = [];
  for (;;) {
    const next = nextOf(state);
    if (!next) return items;
    state.parked.delete(keyOf(next));
    state.position = { bootId: next.bootId, seq: next.seq };
    items.push(next);
  }
}

function nextOf<T>(state: SourceState<T>): Sequenced<T> | undefined {
  if (state.parked.size === 0) return undefined;
  const { bootId, seq } = state.position;
  const inBoot = state.parked.get(`${bootId}:${seq + 1}`);
  if (inBoot) return inBoot;
  for (const event of state.parked.values()) if (event.bootId > bootId && follows(state.position, event)) return event;
  return undefined;
}

function firstParked<T>(state: SourceState<T>): Sequenced<T> | undefined {
  let first: Sequenced<T> | undefined;
  for (const event of state.parked.values()) {
    if (!first || event.bootId < first.bootId || (event.bootId === first.bootId && event.seq < first.seq)) first = event;
  }
  return first;
}

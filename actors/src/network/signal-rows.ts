import { assert } from '@corridor/protocols/assert';

const FIRST_CAPACITY = 64;
/** Distinct texts kept for all kinds together: ids and states of assets. More is a source that makes them up. */
const TEXTS_MAX = 2_000_000;

/** Texts as small integers; 0 is null. Texts beyond the bound read as null rather than grow without end. */
export class TextPool {
  readonly #codes = new Map<string, number>();
  readonly #texts: (string | null)[] = [null];

  codeOf(text: string | null): number {
    if (text === null || text === '') return 0;
    const known = this.#codes.get(text);
    if (known !== undefined) return known;
    if (this.#texts.length >= TEXTS_MAX) return 0;
    const code = this.#texts.push(text) - 1;
    this.#codes.set(text, code);
    return code;
  }

  textOf(code: number): string | null {
    return this.#texts[code] ?? null;
  }
}

export interface StoredSignalRow {
  id: string;
  numbers: (number | null)[];
  texts: (string | null)[];
  source: string | null;
  bootId: number;
  seq: number;
  reportedAtMs: number;
}

/**
 * Last values of one kind of entity, a row each, in typed arrays: a value is read and written without allocation, and a
 * row of a pack takes about 200 bytes. NaN is "never reported".
 */
export class SignalRows<N extends string, T extends string> {
  readonly numberNames: readonly N[];
  readonly textNames: readonly T[];
  readonly #pool: TextPool;
  readonly #rowOf = new Map<string, number>();
  readonly #ids: string[] = [];
  #capacity = 0;
  numbers = new Float64Array(0);
  texts = new Int32Array(0);
  /** Which side of its thresholds a value is on, and which texts were announced: see the signal table. */
  sides = new Uint8Array(0);
  source = new Int32Array(0);
  bootId = new Int32Array(0);
  seq = new Float64Array(0);
  reportedAtMs = new Float64Array(0);
  /** Data-quality flags of the last report, a bit each. */
  flags = new Int32Array(0);

  constructor(numberNames: readonly N[], textNames: readonly T[], pool: TextPool) {
    this.numberNames = numberNames;
    this.textNames = textNames;
    this.#pool = pool;
    this.#grow(FIRST_CAPACITY);
  }

  get size(): number {
    return this.#ids.length;
  }

  /** @returns -1 when the entity has no row */
  find(id: string): number {
    return this.#rowOf.get(id) ?? -1;
  }

  idOf(row: number): string {
    const id = this.#ids[row];
    assert(id !== undefined, `no row ${row}`);
    return id;
  }

  add(id: string): number {
    const known = this.#rowOf.get(id);
    if (known !== undefined) return known;
    if (this.#ids.length === this.#capacity) this.#grow(this.#capacity * 2);
    const row = this.#ids.push(id) - 1;
    this.#rowOf.set(id, row);
    return row;
  }

  /** Index of a number of a row in `numbers`. */
  at(row: number, column: number): number {
    return row * this.numberNames.length + column;
  }

  textAt(row: number, column: number): number {
    return row * this.textNames.length + column;
  }

  number(id: string, name: string): number {
    const row = this.find(id);
    const column = this.numberNames.indexOf(name as N);
    return row < 0 || column < 0 ? Number.NaN : (this.numbers[this.at(row, column)] ?? Number.NaN);
  }

  text(id: string, name: string): string | null {
    const row = this.find(id);
    const column = this.textNames.indexOf(name as T);
    return row < 0 || column < 0 ? null : this.#pool.textOf(this.texts[this.textAt(row, column)] ?? 0);
  }

  /** Whether a message is newer than what the row has from that source. Another source may always speak. */
  isNewer(row: number, source: number, bootId: number, seq: number): boolean {
    if (this.source[row] !== source) return true;
    const known = this.bootId[row] ?? 0;
    return bootId > known || (bootId === known && seq > (this.seq[row] ?? 0));
  }

  /** What this source says next is newer, whatever its numbers are. */
  forgetSource(source: number): void {
    for (const [row, known] of this.source.entries()) {
      if (known !== source) continue;
      this.bootId[row] = 0;
      this.seq[row] = 0;
    }
  }

  take(row: number, order: { source: number; bootId: number; seq: number; atMs: number }): void {
    this.source[row] = order.source;
    this.bootId[row] = order.bootId;
    this.seq[row] = order.seq;
    this.reportedAtMs[row] = order.atMs;
  }

  *stored(): Iterable<StoredSignalRow> {
    for (const [row, id] of this.#ids.entries()) {
      const numbers = Array.from(this.numbers.subarray(this.at(row, 0), this.at(row + 1, 0)), (value) =>
        Number.isNaN(value) ? null : value,
      );
      const texts = Array.from(this.texts.subarray(this.textAt(row, 0), this.textAt(row + 1, 0)), (code) => this.#pool.textOf(code));
      yield {
        id,
        numbers,
        texts,
        source: this.#pool.textOf(this.source[row] ?? 0),
        bootId: this.bootId[row] ?? 0,
        seq: this.seq[row] ?? 0,
        reportedAtMs: this.reportedAtMs[row] ?? 0,
      };
    }
  }

  /**
   * Values come back, sides and announcements do not: the first report after a restart says again where everything stands,
   * so that no crossing is lost between the table and the actors.
   */
  restore(stored: StoredSignalRow): void {
    if (stored.numbers.length !== this.numberNames.length || stored.texts.length !== this.textNames.length) return;
    const row = this.add(stored.id);
    for (const [column, value] of stored.numbers.entries()) this.numbers[this.at(row, column)] = value ?? Number.NaN;
    for (const [column, text] of stored.texts.entries()) this.texts[this.textAt(row, column)] = this.#pool.codeOf(text);
    this.source[row] = this.#pool.codeOf(stored.source);
    this.bootId[row] = stored.bootId;
    this.seq[row] = stored.seq;
    this.reportedAtMs[row] = stored.reportedAtMs;
  }

  #grow(capacity: number): void {
    this.numbers = enlarged(this.numbers, new Float64Array(capacity * this.numberNames.length).fill(Number.NaN));
    this.texts = enlarged(this.texts, new Int32Array(capacity * this.textNames.length));
    this.sides = enlarged(this.sides, new Uint8Array(capacity));
    this.source = enlarged(this.source, new Int32Array(capacity));
    this.bootId = enlarged(this.bootId, new Int32Array(capacity));
    this.seq = enlarged(this.seq, new Float64Array(capacity));
    this.reportedAtMs = enlarged(this.reportedAtMs, new Float64Array(capacity).fill(Number.NaN));
    this.flags = enlarged(this.flags, new Int32Array(capacity));
    this.#capacity = capacity;
  }
}

function enlarged<A extends Float64Array | Int32Array | Uint8Array>(old: A, bigger: A): A {
  bigger.set(old);
  return bigger;
}

import { Compile } from 'typebox/compile';
import { EndedOrders } from './ended-orders.ts';
import { BlockCursor, type RecordedState } from './recorded-state.ts';
import {
  FIRST_RECORDING_VERSION,
  FirstRecordingHead,
  RECORDING_FORMAT,
  RECORDING_VERSION,
  RecordingBlock,
  RecordingEnd,
  RecordingHead,
} from './recording.schema.ts';
import { RecordingRefusedError } from './recording-refusal.ts';

const headShape = Compile(RecordingHead);
const firstHeadShape = Compile(FirstRecordingHead);
const blockShape = Compile(RecordingBlock);
const endShape = Compile(RecordingEnd);

/** Where a block begins, and its line. */
interface Kept {
  atMs: number;
  text: string;
}

/**
 * A recording, taken in line by line. Blocks are kept as text: an instant is found by reading one of them.
 * Every refusal is a `RecordingRefusedError`.
 */
export class RecordingReader {
  readonly #kept: Kept[] = [];
  readonly #ended = new EndedOrders();
  #head: RecordingHead | null = null;
  #isEnded = false;
  #lines = 0;
  #changes = 0;

  /** @returns the block of that line, for who looks for something in all of them; null: it was the head or the end */
  take(text: string): RecordingBlock | null {
    this.#lines += 1;
    if (this.#head === null) {
      this.#head = headOf(text);
      return null;
    }
    if (this.#isEnded) throw this.#damaged('something follows the end');
    const value = this.#parse(text);
    if (endShape.Check(value)) {
      if (value.blocks !== this.#kept.length || value.changes !== this.#changes) throw this.#damaged('lines are missing');
      this.#isEnded = true;
      return null;
    }
    const block = this.#blockOf(value);
    this.#kept.push({ atMs: block.atMs, text });
    this.#ended.take(block);
    this.#changes += block.changes.length;
    return block;
  }

  /** After the last line. */
  recording(): Recording {
    if (this.#head === null) throw new RecordingRefusedError('NOT_A_RECORDING');
    if (!this.#isEnded || this.#kept.length === 0) throw new RecordingRefusedError('CUT', `line ${this.#lines}`);
    return new Recording(this.#head, this.#kept, this.#ended);
  }

  get head(): RecordingHead | null {
    return this.#head;
  }

  #blockOf(value: unknown): RecordingBlock {
    if (!blockShape.Check(value)) throw this.#damaged(firstProblem(blockShape, value));
    let beforeMs = value.atMs;
    if (beforeMs < (this.#kept.at(-1)?.atMs ?? 0)) throw this.#damaged('/atMs: blocks out of order');
    for (const [index, { atMs }] of value.changes.entries()) {
      if (atMs < beforeMs) throw this.#damaged(`/changes/${index}/atMs: out of order`);
      beforeMs = atMs;
    }
    return value;
  }

  #parse(text: string): unknown {
    try {
      return JSON.parse(text);
    } catch (cause) {
      throw new RecordingRefusedError('DAMAGED', `line ${this.#lines}: no JSON`, { cause });
    }
  }

  #damaged(what: string): RecordingRefusedError {
    return new RecordingRefusedError('DAMAGED', `line ${this.#lines}: ${what}`);
  }
}

function headOf(text: string): RecordingHead {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new RecordingRefusedError('NOT_A_RECORDING', '', { cause });
  }
  if (typeof value !== 'object' || value === null || !('format' in value) || value.format !== RECORDING_FORMAT)
    throw new RecordingRefusedError('NOT_A_RECORDING');
  const version = 'version' in value ? value.version : null;
  if (version === FIRST_RECORDING_VERSION) {
    if (!firstHeadShape.Check(value)) throw new RecordingRefusedError('DAMAGED', `line 1: ${firstProblem(firstHeadShape, value)}`);
    return { ...value, version: RECORDING_VERSION, principals: null };
  }
  if (version !== RECORDING_VERSION) throw new RecordingRefusedError('OTHER_VERSION', String(version));
  if (!headShape.Check(value)) throw new RecordingRefusedError('DAMAGED', `line 1: ${firstProblem(headShape, value)}`);
  return value;
}

interface Shape {
  Errors(value: unknown): { instancePath: string; message: string }[];
}

function firstProblem(shape: Shape, value: unknown): string {
  const [first] = shape.Errors(value);
  return first === undefined ? 'does not match its schema' : `${first.instancePath}: ${first.message}`;
}

/** A whole recording. */
export class Recording {
  readonly head: RecordingHead;
  readonly ended: EndedOrders;
  readonly #kept: readonly Kept[];

  constructor(head: RecordingHead, kept: readonly Kept[], ended: EndedOrders) {
    this.head = head;
    this.#kept = kept;
    this.ended = ended;
  }

  /** When the next block after an instant begins [ms of the run]; null: none. */
  nextBlockMs(atMs: number): number | null {
    return this.#kept[this.#indexAt(atMs) + 1]?.atMs ?? null;
  }

  /** A cursor that stands at an instant. @param atMs of the run */
  cursorAt(atMs: number): BlockCursor {
    const kept = this.#kept[this.#indexAt(atMs)];
    if (kept === undefined) throw new RangeError(`a recording without a block at ${atMs}`);
    // Its shape was checked when the line was taken in.
    const cursor = new BlockCursor(JSON.parse(kept.text));
    cursor.goTo(atMs);
    return cursor;
  }

  stateAt(atMs: number): RecordedState {
    return this.cursorAt(atMs).state;
  }

  /** The last block that begins until then. */
  #indexAt(atMs: number): number {
    let low = 0;
    let high = this.#kept.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#kept[middle]?.atMs ?? 0) <= atMs) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

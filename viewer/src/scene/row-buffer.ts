import { DynamicDrawUsage, InstancedInterleavedBuffer, InterleavedBufferAttribute } from 'three';

/** More runs of changed rows than this are uploaded with all between them: each upload has its price, too. */
const RUNS_MAX = 24;

/** Where a value of a row begins in it, and its floats. */
export interface RowField {
  at: number;
  size: number;
}

/**
 * Rows of floats, one of each instance, on their way to the GPU. Setters write only what is new; `flush` marks the runs of
 * rows that changed for upload, also those from before that no drawing has taken yet.
 */
export class RowBuffer {
  readonly stride: number;
  #buffer: InstancedInterleavedBuffer;
  #floats: Float32Array;
  #runFrom = 0;
  #runUntil = 0;
  #isWhole = false;
  #changed = false;

  /** @param stride floats of a row */
  constructor(stride: number, capacity: number) {
    this.stride = stride;
    this.#floats = new Float32Array(stride * capacity);
    this.#buffer = this.#wrap(this.#floats);
  }

  /** Another array after `grow`. */
  get floats(): Float32Array {
    return this.#floats;
  }

  /** The attribute of a shader that reads a field of each row; a new one is needed after `grow`. */
  attributeOf({ at, size }: RowField): InterleavedBufferAttribute {
    return new InterleavedBufferAttribute(this.#buffer, size, at);
  }

  /** Makes room for more rows, keeps those that are there. */
  grow(capacity: number): void {
    const floats = new Float32Array(this.stride * capacity);
    floats.set(this.#floats);
    this.#floats = floats;
    this.#buffer = this.#wrap(floats);
    this.#runFrom = 0;
    this.#runUntil = 0;
    this.#isWhole = false;
    this.#changed = false;
  }

  set3(row: number, at: number, a: number, b: number, c: number): void {
    const floats = this.#floats;
    const i = row * this.stride + at;
    if (floats[i] === Math.fround(a) && floats[i + 1] === Math.fround(b) && floats[i + 2] === Math.fround(c)) return;
    floats[i] = a;
    floats[i + 1] = b;
    floats[i + 2] = c;
    this.#touch(row);
  }

  set4(row: number, at: number, a: number, b: number, c: number, d: number): void {
    const i = row * this.stride + at + 3;
    if (this.#floats[i] !== Math.fround(d)) {
      this.#floats[i] = d;
      this.#touch(row);
    }
    this.set3(row, at, a, b, c);
  }

  flush(): void {
    this.#closeRun();
    if (this.#changed) this.#buffer.needsUpdate = true;
    this.#changed = false;
  }

  #touch(row: number): void {
    if (row >= this.#runFrom && row < this.#runUntil) return;
    if (row === this.#runUntil && this.#runUntil > this.#runFrom) {
      this.#runUntil++;
      return;
    }
    this.#closeRun();
    this.#runFrom = row;
    this.#runUntil = row + 1;
  }

  #closeRun(): void {
    if (this.#runUntil === this.#runFrom) return;
    this.#changed = true;
    if (!this.#isWhole && this.#buffer.updateRanges.length >= RUNS_MAX) {
      // Without ranges three uploads all of it.
      this.#isWhole = true;
      this.#buffer.clearUpdateRanges();
    }
    if (!this.#isWhole) this.#buffer.addUpdateRange(this.#runFrom * this.stride, (this.#runUntil - this.#runFrom) * this.stride);
    this.#runFrom = 0;
    this.#runUntil = 0;
  }

  #wrap(floats: Float32Array): InstancedInterleavedBuffer {
    const buffer = new InstancedInterleavedBuffer(floats, this.stride);
    buffer.setUsage(DynamicDrawUsage);
    buffer.onUpload(() => {
      if (this.#buffer === buffer) this.#isWhole = false;
      // A buffer that was just made was uploaded as a whole, whatever was marked before.
      buffer.clearUpdateRanges();
    });
    return buffer;
  }
}

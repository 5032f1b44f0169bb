/**
 * Rows for `COPY … FROM STDIN (FORMAT binary)`, written straight into one growing buffer: no string of a row, no object
 * per field, and nothing for the server to parse. Fields are written in the order of the column list; `row` begins each.
 * @see https://www.postgresql.org/docs/current/sql-copy.html (binary format)
 */
const SIGNATURE = [0x50, 0x47, 0x43, 0x4f, 0x50, 0x59, 0x0a, 0xff, 0x0d, 0x0a, 0x00];
const HEADER_BYTES = SIGNATURE.length + 8;
const TRAILER_BYTES = 2;
const NULL_LENGTH = -1;
const TEXT_OID = 25;
const EPOCH_2000_MS = 946_684_800_000;
const TWO_TO_32 = 2 ** 32;
/** Longest field but text, with its length. */
const FIXED_BYTES_MAX = 12;

/** A value that its column cannot hold: written all the same it would be another one. */
export class ValueOutOfRangeError extends Error {
  readonly code = 'VALUE_OUT_OF_RANGE';
  constructor(value: number, type: string) {
    super(`${value} is out of the range of ${type}`);
  }
}

const INT2_MAX = 2 ** 15 - 1;
const INT4_MAX = 2 ** 31 - 1;

export class CopyEncoder {
  #bytes: Buffer;
  #view: DataView;
  #end = HEADER_BYTES;
  #rows = 0;
  #markedEnd = HEADER_BYTES;
  #markedRows = 0;

  constructor(initialBytes = 1 << 16) {
    this.#bytes = Buffer.allocUnsafeSlow(Math.max(initialBytes, 1024));
    this.#view = viewOf(this.#bytes);
    this.#bytes.set(SIGNATURE);
    this.#bytes.fill(0, SIGNATURE.length, HEADER_BYTES);
  }

  get rows(): number {
    return this.#rows;
  }

  row(fields: number): void {
    this.#reserve(FIXED_BYTES_MAX);
    this.#view.setInt16(this.#end, fields);
    this.#end += 2;
    this.#rows += 1;
  }

  /** The whole COPY so far. Valid until the next row or `clear`. */
  finish(): Buffer {
    this.#reserve(TRAILER_BYTES);
    this.#view.setInt16(this.#end, -1);
    return this.#bytes.subarray(0, this.#end + TRAILER_BYTES);
  }

  clear(): void {
    this.#end = HEADER_BYTES;
    this.#rows = 0;
  }

  /** To here `undo` goes back. */
  mark(): void {
    this.#markedEnd = this.#end;
    this.#markedRows = this.#rows;
  }

  /** Takes back what was written since `mark`, also half a row. */
  undo(): void {
    this.#end = this.#markedEnd;
    this.#rows = this.#markedRows;
  }

  int2(value: number | null): void {
    if (value === null) return this.#null();
    assertInteger(value, INT2_MAX, 'smallint');
    this.#reserve(FIXED_BYTES_MAX);
    this.#view.setInt32(this.#end, 2);
    this.#view.setInt16(this.#end + 4, value);
    this.#end += 6;
  }

  int4(value: number | null): void {
    if (value === null) return this.#null();
    assertInteger(value, INT4_MAX, 'integer');
    this.#reserve(FIXED_BYTES_MAX);
    this.#view.setInt32(this.#end, 4);
    this.#view.setInt32(this.#end + 4, value);
    this.#end += 8;
  }

  /** @param value an integer within ±2^53 */
  int8(value: number | null): void {
    if (value === null) return this.#null();
    assertInteger(value, Number.MAX_SAFE_INTEGER, 'bigint');
    this.#reserve(FIXED_BYTES_MAX);
    this.#view.setInt32(this.#end, 8);
    this.#view.setInt32(this.#end + 4, Math.floor(value / TWO_TO_32));
    this.#view.setUint32(this.#end + 8, value >>> 0);
    this.#end += 12;
  }

  float4(value: number | null): void {
    if (value === null) return this.#null();
    if (!Number.isFinite(Math.fround(value))) throw new ValueOutOfRangeError(value, 'real');
    this.#reserve(FIXED_BYTES_MAX);
    this.#view.setInt32(this.#end, 4);
    this.#view.setFloat32(this.#end + 4, value);
    this.#end += 8;
  }

  float8(value: number | null): void {
    if (value === null) return this.#null();
    this.#reserve(FIXED_BYTES_MAX);
    this.#view.setInt32(this.#end, 8);
    this.#view.setFloat64(this.#end + 4, value);
    this.#end += 12;
  }

  bool(value: boolean): void {
    this.#reserve(FIXED_BYTES_MAX);
    this.#view.setInt32(this.#end, 1);
    this.#bytes[this.#end + 4] = value ? 1 : 0;
    this.#end += 5;
  }

  /** @param atMs ms since 1970 */
  timestamptz(atMs: number): void {
    this.int8(Math.round((atMs - EPOCH_2000_MS) * 1000));
  }

  text(value: string | null): void {
    if (value === null) return this.#null();
    // UTF-8 needs at most three bytes for each UTF-16 unit.
    this.#reserve(4 + value.length * 3);
    const lengthAt = this.#end;
    this.#end += 4;
    this.#writeText(value);
    this.#view.setInt32(lengthAt, this.#end - lengthAt - 4);
  }

  textArray(values: readonly string[]): void {
    this.#reserve(24);
    const lengthAt = this.#end;
    this.#view.setInt32(lengthAt + 4, values.length === 0 ? 0 : 1);
    this.#view.setInt32(lengthAt + 8, 0);
    this.#view.setInt32(lengthAt + 12, TEXT_OID);
    this.#end += 16;
    if (values.length > 0) {
      this.#view.setInt32(this.#end, values.length);
      this.#view.setInt32(this.#end + 4, 1);
      this.#end += 8;
      for (const value of values) this.text(value);
    }
    this.#view.setInt32(lengthAt, this.#end - lengthAt - 4);
  }

  #null(): void {
    this.#reserve(4);
    this.#view.setInt32(this.#end, NULL_LENGTH);
    this.#end += 4;
  }

  #writeText(value: string): void {
    const begin = this.#end;
    for (let at = 0; at < value.length; at += 1) {
      const unit = value.charCodeAt(at);
      if (unit === 0 || unit > 0x7f) {
        // PostgreSQL's text holds no U+0000.
        this.#end = begin + this.#bytes.write(value.replaceAll('\0', '\ufffd'), begin, 'utf8');
        return;
      }
      this.#bytes[begin + at] = unit;
    }
    this.#end = begin + value.length;
  }

  #reserve(bytes: number): void {
    const needed = this.#end + bytes + TRAILER_BYTES;
    if (needed <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(grown, 0, 0, this.#end);
    this.#bytes = grown;
    this.#view = viewOf(grown);
  }
}

/** @throws ValueOutOfRangeError */
function assertInteger(value: number, max: number, type: string): void {
  if (!Number.isInteger(value) || value > max || value < -max - 1) throw new ValueOutOfRangeError(value, type);
}

const viewOf = (bytes: Buffer) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

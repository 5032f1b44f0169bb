import { closeSync, openSync, writeSync } from 'node:fs';
import { constants, crc32, deflateRawSync } from 'node:zlib';

/** Magic, deflate, no flags, no time, no hints, no system: the same bytes everywhere. */
const HEAD = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
const LAST_BLOCK = deflateRawSync(Buffer.alloc(0));
const UINT32 = 2 ** 32;

/**
 * A gzip file that is written piece by piece, at once: a run has no moment to wait in. Each piece is compressed for itself and ends on a
 * whole byte, so that all of them together are one stream (browsers read no second one).
 */
export class GzipFile {
  readonly #file: number;
  #crc = 0;
  #bytes = 0;
  #writtenBytes = HEAD.length;

  constructor(path: string) {
    this.#file = openSync(path, 'w');
    writeSync(this.#file, HEAD);
  }

  /** In the file so far. */
  get writtenBytes(): number {
    return this.#writtenBytes;
  }

  write(text: string): void {
    const piece = Buffer.from(text);
    this.#crc = crc32(piece, this.#crc);
    this.#bytes += piece.length;
    this.#put(deflateRawSync(piece, { finishFlush: constants.Z_SYNC_FLUSH, level: 9 }));
  }

  end(): void {
    const tail = Buffer.alloc(8);
    tail.writeUInt32LE(this.#crc, 0);
    tail.writeUInt32LE(this.#bytes % UINT32, 4);
    this.#put(LAST_BLOCK);
    this.#put(tail);
    closeSync(this.#file);
  }

  #put(bytes: Buffer): void {
    writeSync(this.#file, bytes);
    this.#writtenBytes += bytes.length;
  }
}

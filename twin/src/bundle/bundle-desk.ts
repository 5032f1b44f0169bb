import type { ReadStream } from 'node:fs';
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, openDatabase } from '../db/db.ts';
import type { Log } from '../log.ts';
import type { BundleScope } from './bundle-party.ts';
import { writeBundleTo } from './write-bundle.ts';

export interface BundleDeskOptions {
  databaseUrl: string;
  log: Log;
}

/**
 * A bundle as a file without a name, to be read once; or why there is none now: its user has another one that is still being written or read, or
 * as many are being written as may be at once.
 */
export type WrittenBundle = { readonly file: ReadStream } | { readonly refused: 'BUNDLE_UNDER_WAY' | 'BUNDLES_BUSY' };

/** Each takes a connection and reads much: they are not the twin's, so that no number of exports keeps it from its work. */
const WRITTEN_AT_ONCE_MAX = 2;

/**
 * Writes bundles for those who ask over HTTP. One is written whole before it is read, so that a slow reader holds a file and no connection; and each
 * user has one at a time, so that those that nobody reads do not fill the disk.
 */
export class BundleDesk {
  readonly #database: Database;
  readonly #usersServed = new Set<string>();
  readonly #closed = new AbortController();
  #writing = 0;

  constructor({ databaseUrl, log }: BundleDeskOptions) {
    this.#database = openDatabase({ url: databaseUrl, log, name: 'corridor-twin-bundles', connectionsMax: WRITTEN_AT_ONCE_MAX });
  }

  /**
   * @param signal ends the writing: nobody waits for it any more
   * @throws the reason of the signal, the error of the database or of the file
   */
  async write(userId: string, scope: BundleScope, signal: AbortSignal): Promise<WrittenBundle> {
    if (this.#usersServed.has(userId)) return { refused: 'BUNDLE_UNDER_WAY' };
    if (this.#writing >= WRITTEN_AT_ONCE_MAX) return { refused: 'BUNDLES_BUSY' };
    this.#usersServed.add(userId);
    this.#writing += 1;
    try {
      const file = await this.#written(scope, AbortSignal.any([signal, this.#closed.signal]));
      file.once('close', () => this.#usersServed.delete(userId));
      return { file };
    } catch (cause) {
      this.#usersServed.delete(userId);
      throw cause;
    } finally {
      this.#writing -= 1;
    }
  }

  async #written(scope: BundleScope, signal: AbortSignal): Promise<ReadStream> {
    const { out, file } = await unnamedFile();
    try {
      await writeBundleTo(this.#database, scope, out.createWriteStream(), signal);
      return file.createReadStream();
    } catch (cause) {
      await file.close();
      throw cause;
    }
  }

  /** Ends what is being written. */
  async close(): Promise<void> {
    this.#closed.abort(new Error('the server stops'));
    await this.#database.close();
  }
}

/** To write to and to read. It lives as long as it is open: what a party may read is not left behind, however the process ends. */
async function unnamedFile(): Promise<{ out: FileHandle; file: FileHandle }> {
  const folder = await mkdtemp(join(tmpdir(), 'corridor-bundle-'));
  try {
    const path = join(folder, 'bundle.json');
    const out = await open(path, 'wx', 0o600);
    return { out, file: await open(path, 'r') };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

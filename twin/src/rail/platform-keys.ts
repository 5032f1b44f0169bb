import { createPublicKey, type KeyObject } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const SERIAL = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * Public keys of the provider, one file `<serial>.pem` each (certificate or public key) in a folder. The serial of a message names
 * its key, and a file is looked for when its serial is first seen: the provider's next key is put beside the present one, without a
 * restart. Removing a file takes the key back with the next start.
 */
export class PlatformKeys {
  readonly #folder: string;
  readonly #keys = new Map<string, KeyObject>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @returns null when there is no key of that serial */
  key(serial: string): KeyObject | null {
    if (!SERIAL.test(serial)) return null;
    const known = this.#keys.get(serial);
    if (known) return known;
    const file = join(this.#folder, `${serial}.pem`);
    if (!existsSync(file)) return null;
    const key = createPublicKey(readFileSync(file));
    this.#keys.set(serial, key);
    return key;
  }

  /** The key that was put there last: what is secret is encrypted for it. @returns null when there is none */
  newest(): { serial: string; key: KeyObject } | null {
    const newest = readdirSync(this.#folder)
      .filter((file) => file.endsWith('.pem'))
      .map((file) => ({ serial: file.slice(0, -'.pem'.length), atMs: statSync(join(this.#folder, file)).mtimeMs }))
      .sort((a, b) => b.atMs - a.atMs)[0];
    const key = newest === undefined ? null : this.key(newest.serial);
    return newest === undefined || key === null ? null : { serial: newest.serial, key };
  }
}

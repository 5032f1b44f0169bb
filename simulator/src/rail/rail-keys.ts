import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '@corridor/gateway/journal/make-folder';

export interface SigningKey {
  readonly serial: string;
  readonly privateKey: KeyObject;
}

export interface NewKey extends SigningKey {
  readonly publicPem: string;
  readonly privatePem: string;
}

const BITS = 2_048;

/** A key pair and the serial that names it: a digest of the public key. */
export function newKey(): NewKey {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: BITS });
  const publicPem = publicKey.export({ type: 'spki', format: 'pem' });
  const privatePem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  return { serial: serialOf(publicPem), privateKey, publicPem, privatePem };
}

export const serialOf = (publicPem: string): string =>
  createHash('sha256')
    .update(createPublicKey(publicPem).export({ type: 'spki', format: 'der' }))
    .digest('hex')
    .slice(0, 40)
    .toUpperCase();

/** The rail's own keys, `NNN-<serial>.pem` in a folder; the last one signs. Made at the first start. */
export class RailKeys {
  readonly #folder: string;
  #current: SigningKey;

  constructor(folder: string) {
    this.#folder = folder;
    makeFolder(folder, 0o700);
    const last = this.#files().at(-1);
    this.#current = last === undefined ? this.#make() : this.#read(last);
  }

  get current(): SigningKey {
    return this.#current;
  }

  /** All of them, also those that sign no longer: what was encrypted for one of them can be read. */
  all(): SigningKey[] {
    return this.#files().map((file) => this.#read(file));
  }

  /** PEM of the public key that verifies what is signed now. */
  publicPem(): string {
    return createPublicKey(this.#current.privateKey).export({ type: 'spki', format: 'pem' });
  }

  /** Signs with a new key from now on. */
  rotate(): void {
    this.#current = this.#make();
  }

  #files(): string[] {
    return existsSync(this.#folder) ? readdirSync(this.#folder).sort() : [];
  }

  #read(file: string): SigningKey {
    const privateKey = createPrivateKey(readFileSync(join(this.#folder, file)));
    return { privateKey, serial: file.replace(/^\d+-/, '').replace(/\.pem$/, '') };
  }

  #make(): SigningKey {
    const key = newKey();
    const number = String(this.#files().length + 1).padStart(3, '0');
    writeFileSync(join(this.#folder, `${number}-${key.serial}.pem`), key.privatePem, { mode: 0o600 });
    return key;
  }
}

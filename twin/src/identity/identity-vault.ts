import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** A key of 256 bits with the name that sealed data carries. */
export interface IdentityKey {
  readonly id: string;
  readonly key: Buffer;
}
export interface Sealed {
  readonly keyId: string;
  /** Nonce (12), tag (16), ciphertext. */
  readonly bytes: Buffer;
}

/** Identity data cannot be opened: its key is not configured, or it is not what was sealed. */
export class IdentityUnreadableError extends Error {
  readonly code = 'IDENTITY_UNREADABLE';
  constructor(of: string, why: string, options?: { cause: unknown }) {
    super(`identity data of ${of} cannot be opened: ${why}`, options);
  }
}

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Names and numbers of people at rest: AES-256-GCM, a fresh nonce for each, bound to whose they are, so that a row put in the place of
 * another does not open. The first key seals, the others only open what was sealed before it came.
 */
export class IdentityVault {
  readonly #keys: ReadonlyMap<string, Buffer>;
  readonly #current: IdentityKey;

  /** @throws RangeError without a key of 32 bytes: a caller bug */
  constructor(keys: readonly IdentityKey[]) {
    const [current] = keys;
    if (current === undefined || keys.some(({ key }) => key.length !== 32)) throw new RangeError('identity data needs a key of 32 bytes');
    this.#current = current;
    this.#keys = new Map(keys.map(({ id, key }) => [id, key]));
  }

  get currentKeyId(): string {
    return this.#current.id;
  }

  /** @param of whose it is, as `PF:DRIVER:D1` */
  seal(identity: Readonly<Record<string, string>>, of: string): Sealed {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.#current.key, nonce).setAAD(Buffer.from(of));
    const text = Buffer.concat([cipher.update(JSON.stringify(identity), 'utf8'), cipher.final()]);
    return { keyId: this.#current.id, bytes: Buffer.concat([nonce, cipher.getAuthTag(), text]) };
  }

  /** @throws IdentityUnreadableError */
  open({ keyId, bytes }: Sealed, of: string): Record<string, string> {
    const key = this.#keys.get(keyId);
    if (key === undefined) {
      throw new IdentityUnreadableError(
        of,
        `key ${keyId} is not in the file of identity keys; put that file back, or add a line of that key to it`,
      );
    }
    if (bytes.length < NONCE_BYTES + TAG_BYTES) throw new IdentityUnreadableError(of, 'it is cut off');
    try {
      const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, NONCE_BYTES)).setAAD(Buffer.from(of));
      decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      const text = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
      return JSON.parse(text.toString('utf8')) as Record<string, string>;
    } catch (cause) {
      throw new IdentityUnreadableError(of, `key ${keyId} did not seal it`, { cause });
    }
  }
}

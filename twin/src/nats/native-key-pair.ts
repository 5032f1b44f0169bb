import { createPrivateKey, sign as signNatively } from 'node:crypto';
import type { KeyPair } from '@nats-io/nkeys';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
/** DER of a PKCS #8 Ed25519 key up to its 32 bytes (RFC 8410). */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');
/** An encoded seed is two bytes of prefix, the key, two bytes of checksum. */
const PREFIX_BYTES = 2;
const KEY_BYTES = 32;

/**
 * The same key pair with its signatures made by OpenSSL and its public key computed once: enrolling a gateway takes about ten
 * operations on curves, which cost the library's portable code 5 to 10 ms each, on the thread that also runs the network.
 */
export function nativeKeyPair(pair: KeyPair): KeyPair {
  const seed = decodeBase32(new TextDecoder().decode(pair.getSeed())).subarray(PREFIX_BYTES, PREFIX_BYTES + KEY_BYTES);
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, seed]), format: 'der', type: 'pkcs8' });
  let publicKey: string | null = null;
  let privateKey: Uint8Array | null = null;
  return {
    getPublicKey: () => (publicKey ??= pair.getPublicKey()),
    getPrivateKey: () => (privateKey ??= pair.getPrivateKey()),
    getSeed: () => pair.getSeed(),
    sign: (input) => new Uint8Array(signNatively(null, input, key)),
    verify: (input, signature) => pair.verify(input, signature),
    clear: () => pair.clear(),
    seal: (input, recipient, nonce) => pair.seal(input, recipient, nonce),
    open: (input, sender) => pair.open(input, sender),
  };
}

function decodeBase32(text: string): Buffer {
  let bits = 0n;
  for (const letter of text) bits = (bits << 5n) | BigInt(BASE32.indexOf(letter));
  const spareBits = (text.length * 5) % 8;
  const bytes = Math.floor((text.length * 5) / 8);
  return Buffer.from((bits >> BigInt(spareBits)).toString(16).padStart(2 * bytes, '0'), 'hex');
}

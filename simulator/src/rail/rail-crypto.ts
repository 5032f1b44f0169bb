import { createCipheriv, privateDecrypt, randomBytes, sign, verify } from 'node:crypto';
import type { RegisteredMerchant } from './merchant-registry.ts';
import type { SigningKey } from './rail-keys.ts';

/** The provider's half of the signatures: written apart from the platform's, so that one mistake is not made twice. */
const AUTHORIZATION = /^WECHATPAY2-SHA256-RSA2048 (.+)$/;
const AGE_S_MAX = 300;

export interface Authorization {
  readonly mchid: string;
  readonly nonce: string;
  readonly timestamp: string;
  readonly signature: string;
  readonly serial: string;
}

/** @returns null when the header is not of this kind */
export function readAuthorization(header: string | undefined): Authorization | null {
  const [, list] = AUTHORIZATION.exec(header ?? '') ?? [];
  if (list === undefined) return null;
  const fields = new Map([...list.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]));
  const field = (name: string) => fields.get(name) ?? '';
  return {
    mchid: field('mchid'),
    nonce: field('nonce_str'),
    timestamp: field('timestamp'),
    signature: field('signature'),
    serial: field('serial_no'),
  };
}

export function isRequestSigned(
  given: Authorization,
  merchant: RegisteredMerchant,
  request: { method: string; target: string; body: string; wallNowMs: number },
): boolean {
  if (given.serial !== merchant.serial || !(Math.abs(request.wallNowMs / 1_000 - Number(given.timestamp)) <= AGE_S_MAX)) return false;
  const text = `${request.method}\n${request.target}\n${given.timestamp}\n${given.nonce}\n${request.body}\n`;
  return verify('sha256', Buffer.from(text), merchant.publicKey, Buffer.from(given.signature, 'base64'));
}

/** Headers that prove a body to be the rail's. */
export function signedHeaders(body: string, key: SigningKey, wallNowMs: number): Record<string, string> {
  const timestamp = String(Math.floor(wallNowMs / 1_000));
  const nonce = randomBytes(16).toString('hex');
  return {
    'wechatpay-timestamp': timestamp,
    'wechatpay-nonce': nonce,
    'wechatpay-serial': key.serial,
    'wechatpay-signature': sign('sha256', Buffer.from(`${timestamp}\n${nonce}\n${body}\n`), key.privateKey).toString('base64'),
  };
}

/** The resource of a notification, encrypted with the merchant's key. */
export function encryptedResource(content: object, apiV3Key: string, originalType: string) {
  const nonce = randomBytes(6).toString('hex');
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(apiV3Key), Buffer.from(nonce));
  cipher.setAAD(Buffer.from(originalType));
  const bytes = Buffer.concat([cipher.update(JSON.stringify(content), 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return {
    original_type: originalType,
    algorithm: 'AEAD_AES_256_GCM',
    ciphertext: bytes.toString('base64'),
    associated_data: originalType,
    nonce,
  };
}

/** A field that the merchant encrypted for the rail (RSA-OAEP). @returns null when none of the keys opens it */
export function decryptField(text: string, keys: readonly SigningKey[]): string | null {
  for (const { privateKey } of keys) {
    try {
      return privateDecrypt({ key: privateKey, oaepHash: 'sha1' }, Buffer.from(text, 'base64')).toString('utf8');
    } catch (cause) {
      if (!(cause instanceof Error)) throw cause;
      // Not encrypted for this key: the next one.
    }
  }
  return null;
}

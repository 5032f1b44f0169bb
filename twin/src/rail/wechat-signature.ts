import { constants, createDecipheriv, createSign, createVerify, type KeyObject, publicEncrypt } from 'node:crypto';

/** Signatures and encryption of WeChat Pay API v3: SHA256withRSA over lines that each end in a line feed, AEAD_AES_256_GCM. */
export const SCHEMA = 'WECHATPAY2-SHA256-RSA2048';
const TAG_BYTES = 16;

export interface SignedRequest {
  readonly method: string;
  /** Path with its query. */
  readonly target: string;
  readonly timestampS: number;
  readonly nonce: string;
  readonly body: string;
}

/** What a merchant signs of a request. */
export const requestText = ({ method, target, timestampS, nonce, body }: SignedRequest): string =>
  [method, target, timestampS, nonce, body, ''].join('\n');

/** What the provider signs of an answer or a callback. */
export const answerText = ({ timestamp, nonce, body }: { timestamp: string; nonce: string; body: string }): string =>
  [timestamp, nonce, body, ''].join('\n');

export function signText(text: string, privateKey: KeyObject): string {
  return createSign('RSA-SHA256').update(text, 'utf8').sign(privateKey, 'base64');
}

/** @param signature base64; anything else is not a signature */
export function isSigned(text: string, signature: string, publicKey: KeyObject): boolean {
  return createVerify('RSA-SHA256').update(text, 'utf8').verify(publicKey, signature, 'base64');
}

export interface Merchant {
  readonly merchantId: string;
  readonly appId: string;
  /** Serial of the certificate whose key signs our requests. */
  readonly serial: string;
  readonly privateKey: KeyObject;
  /** 32 bytes; encrypts callbacks. */
  readonly apiV3Key: Buffer;
}

/** Value of the header `Authorization`. */
export function authorization(request: SignedRequest, { merchantId, serial, privateKey }: Merchant): string {
  const fields = {
    mchid: merchantId,
    nonce_str: request.nonce,
    signature: signText(requestText(request), privateKey),
    timestamp: String(request.timestampS),
    serial_no: serial,
  };
  const text = Object.entries(fields).map(([name, value]) => `${name}="${value}"`);
  return `${SCHEMA} ${text.join(',')}`;
}

export interface EncryptedResource {
  /** base64 of cipher text and tag. */
  readonly ciphertext: string;
  readonly nonce: string;
  readonly associatedData: string;
}

/** @throws Error when the key is not the one it was encrypted with, or a byte was changed */
export function decryptResource({ ciphertext, nonce, associatedData }: EncryptedResource, apiV3Key: Buffer): string {
  const bytes = Buffer.from(ciphertext, 'base64');
  if (bytes.length < TAG_BYTES) throw new RangeError('the cipher text is shorter than its tag');
  const decipher = createDecipheriv('aes-256-gcm', apiV3Key, Buffer.from(nonce, 'utf8'), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(associatedData, 'utf8'));
  decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(0, bytes.length - TAG_BYTES)), decipher.final()]).toString('utf8');
}

/** A secret field of a request, for the provider's eyes only. */
export function encryptField(text: string, publicKey: KeyObject): string {
  const options = { key: publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' };
  return publicEncrypt(options, Buffer.from(text, 'utf8')).toString('base64');
}

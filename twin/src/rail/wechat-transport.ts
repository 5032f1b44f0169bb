import { createHash } from 'node:crypto';
import { type Static, type TSchema, Type } from 'typebox';
import { Check } from 'typebox/value';
import { RailAnswerForgedError, RailRefusedError, RailUnreachableError } from './payment-rail.ts';
import type { PlatformKeys } from './platform-keys.ts';
import { answerText, authorization, isSigned, type Merchant } from './wechat-signature.ts';

export interface WechatTransportOptions {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly merchant: Merchant;
  readonly keys: PlatformKeys;
  readonly wallNowMs: () => number;
  /** 32 characters by chance. */
  readonly newNonce: () => string;
}

const REQUEST_MS_MAX = 10_000;
const TOO_OFTEN = 429;
/** How old an answer or a callback may be, by its own signed time. */
export const SIGNED_AGE_S_MAX = 300;

const RailProblem = Type.Object({ code: Type.String(), message: Type.Optional(Type.String()) });

/** Calls that are signed, and answers that are believed only when they are. */
export class WechatTransport {
  readonly #options: WechatTransportOptions;

  constructor(options: WechatTransportOptions) {
    this.#options = options;
  }

  /**
   * @param target path and query   @param answer schema of the answer
   * @param encryptedFor serial of the provider's key for which fields of the body are encrypted
   * @throws RailUnreachableError, RailRefusedError, RailAnswerForgedError
   */
  async call<T extends TSchema>(
    method: 'GET' | 'POST',
    target: string,
    answer: T,
    body?: object,
    encryptedFor?: string,
  ): Promise<Static<T>> {
    const { response, text } = await this.#send(method, target, body === undefined ? '' : JSON.stringify(body), encryptedFor);
    // Asked too often is not refused: it is asked again later.
    if (response.status >= 500 || response.status === TOO_OFTEN)
      throw new RailUnreachableError(`the payment rail answers ${response.status} to ${method} ${target}`);
    // Whoever it does not know as a merchant gets no signed answer; everything else is signed, refusals too.
    if (response.status !== 401) this.#assertSigned(response.headers, text, target);
    const value = text === '' ? null : parsed(text, target);
    if (!response.ok) throw refusalOf(response.status, value);
    if (!Check(answer, value)) throw new RailUnreachableError(`the payment rail answers something else to ${method} ${target}`);
    return value;
  }

  /** A file that a signed answer named, with the SHA-1 that the answer told. */
  async download(url: string, sha1: string): Promise<string> {
    const address = new URL(url);
    if (address.origin !== new URL(this.#options.baseUrl).origin)
      throw new RailAnswerForgedError(`a bill at another host: ${address.host}`);
    const { response, text } = await this.#send('GET', address.pathname + address.search, '');
    if (!response.ok) throw new RailUnreachableError(`the payment rail answers ${response.status} to the download of a bill`);
    if (createHash('sha1').update(text, 'utf8').digest('hex') !== sha1.toLowerCase())
      throw new RailAnswerForgedError('the bill is not the one that was announced');
    return text;
  }

  async #send(method: string, target: string, body: string, encryptedFor?: string): Promise<{ response: Response; text: string }> {
    const { baseUrl, merchant, wallNowMs, newNonce } = this.#options;
    const signed = { method, target, timestampS: Math.floor(wallNowMs() / 1_000), nonce: newNonce(), body };
    const headers = {
      authorization: authorization(signed, merchant),
      accept: 'application/json',
      'user-agent': 'corridor-twin',
      ...(body === '' ? {} : { 'content-type': 'application/json' }),
      ...(encryptedFor === undefined ? {} : { 'wechatpay-serial': encryptedFor }),
    };
    try {
      const init = { method, headers, signal: AbortSignal.timeout(REQUEST_MS_MAX), redirect: 'error' as const };
      const response = await fetch(`${baseUrl}${target}`, body === '' ? init : { ...init, body });
      // Not `text()`: that drops a byte order mark, which signatures and digests count.
      return { response, text: Buffer.from(await response.arrayBuffer()).toString('utf8') };
    } catch (cause) {
      throw new RailUnreachableError(`the payment rail is not reached at ${baseUrl}`, { cause });
    }
  }

  #assertSigned(headers: Headers, body: string, target: string): void {
    const { keys, wallNowMs } = this.#options;
    const named = (name: string) => headers.get(`wechatpay-${name}`) ?? '';
    const [serial, signature, timestamp, nonce] = [named('serial'), named('signature'), named('timestamp'), named('nonce')];
    const key = keys.key(serial);
    if (key === null) throw new RailAnswerForgedError(`the answer to ${target} names the key ${serial || 'none'}, which is not known`);
    if (!(Math.abs(wallNowMs() / 1_000 - Number(timestamp)) <= SIGNED_AGE_S_MAX))
      throw new RailAnswerForgedError(`the answer to ${target} is of another time`);
    if (!isSigned(answerText({ timestamp, nonce, body }), signature, key))
      throw new RailAnswerForgedError(`the answer to ${target} is not signed by the payment rail`);
  }
}

function parsed(text: string, target: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new RailUnreachableError(`the answer to ${target} is no JSON`, { cause });
  }
}

function refusalOf(status: number, value: unknown): RailRefusedError {
  const known = Check(RailProblem, value) ? value : { code: 'UNKNOWN', message: '' };
  return new RailRefusedError({ status, railCode: known.code, message: known.message ?? '' });
}

import type { RosterKind } from '@corridor/actors/roster/roster-life';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';

/** What is asked: a person by name and number, a vehicle by its licence, a company by its code. */
export interface CertificationAsk {
  /** Asked again by the same number it is the same check. */
  readonly checkNo: string;
  readonly kind: RosterKind;
  readonly subject: Readonly<Record<string, string>>;
}
export type CertificationAnswer = { readonly state: 'PENDING' | 'ACCEPTED' } | { readonly state: 'REJECTED'; readonly reason: string };

/** Who knows whether people, vehicles and companies are who they say. */
export interface Certifier {
  /** @throws CertifierUnreachableError */
  check(ask: CertificationAsk): Promise<CertificationAnswer>;
}

/** The certifier did not answer, or nothing that we understand. Holds nothing of what was asked. */
export class CertifierUnreachableError extends Error {
  readonly code = 'CERTIFIER_UNREACHABLE';
  constructor(detail: string, options?: { cause: unknown }) {
    super(`the certifier did not answer: ${detail}`, options);
  }
}

const Answer = Compile(
  Type.Union([
    Type.Object({ state: Type.Enum(['PENDING', 'ACCEPTED']) }),
    Type.Object({ state: Type.Literal('REJECTED'), reason: Type.String({ pattern: '^[A-Z][A-Z0-9_]{2,39}$' }) }),
  ]),
);
const ANSWER_MS_MAX = 10_000;

/** A certifier behind HTTP: `PUT {url}/v1/checks/{checkNo}`. */
export class HttpCertifier implements Certifier {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url.replace(/\/+$/, '');
  }

  async check({ checkNo, kind, subject }: CertificationAsk): Promise<CertificationAnswer> {
    let body: unknown;
    try {
      const response = await fetch(`${this.#url}/v1/checks/${checkNo}`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ kind, subject }),
        signal: AbortSignal.timeout(ANSWER_MS_MAX),
      });
      if (!response.ok) throw new CertifierUnreachableError(`status ${response.status}`);
      body = await response.json();
    } catch (cause) {
      if (cause instanceof CertifierUnreachableError) throw cause;
      throw new CertifierUnreachableError('no connection, or no JSON', { cause });
    }
    if (!Answer.Check(body)) throw new CertifierUnreachableError('not an answer');
    return body;
  }
}

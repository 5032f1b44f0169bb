import { type ClaimNames, OWN_CLAIMS } from './person.ts';

/** How a new token is got without the person, where the provider gave a way. */
export interface Renewal {
  refreshToken: string;
  tokenEndpoint: string;
  clientId: string;
}

export interface SignedIn {
  token: string;
  /** null: the provider gave none; the person signs in again when the token has expired. */
  renewal: Renewal | null;
  /** Where the token tells who it is. */
  claims: ClaimNames;
}

/** Whether one is as good as the other: a provider may give a new refresh token beside the same token. */
export const areSame = (one: SignedIn, other: SignedIn): boolean =>
  one.token === other.token && one.renewal?.refreshToken === other.renewal?.refreshToken;

/** Of what a page kept, maybe one of another version; null: it is none. */
export function signedInFrom(kept: unknown): SignedIn | null {
  if (typeof kept !== 'object' || kept === null || !('token' in kept) || !('renewal' in kept)) return null;
  const { token, renewal } = kept;
  if (typeof token !== 'string') return null;
  const claims = 'claims' in kept && hasTexts(kept.claims, CLAIM_KEYS) ? kept.claims : OWN_CLAIMS;
  return { token, renewal: hasTexts(renewal, RENEWAL_KEYS) ? renewal : null, claims };
}

const RENEWAL_KEYS = ['refreshToken', 'tokenEndpoint', 'clientId'] as const satisfies (keyof Renewal)[];
const CLAIM_KEYS = ['roles', 'principal'] as const satisfies (keyof ClaimNames)[];

const hasTexts = <Key extends string>(value: unknown, keys: readonly Key[]): value is Record<Key, string> =>
  typeof value === 'object' && value !== null && keys.every((key) => typeof (value as Record<string, unknown>)[key] === 'string');

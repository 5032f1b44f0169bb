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
}

/** Of what a page kept, maybe one of another version; null: it is none. */
export function signedInFrom(kept: unknown): SignedIn | null {
  if (typeof kept !== 'object' || kept === null || !('token' in kept) || !('renewal' in kept)) return null;
  const { token, renewal } = kept;
  if (typeof token !== 'string') return null;
  return { token, renewal: isRenewal(renewal) ? renewal : null };
}

const isRenewal = (value: unknown): value is Renewal =>
  typeof value === 'object' &&
  value !== null &&
  ['refreshToken', 'tokenEndpoint', 'clientId'].every((key) => typeof (value as Record<string, unknown>)[key] === 'string');

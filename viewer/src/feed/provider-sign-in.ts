import type { AuthConfig } from './api-client.ts';
import type { ClaimNames } from './person.ts';
import type { Renewal, SignedIn } from './signed-in.ts';

/**
 * Sign-in at an OpenID provider: authorization code with PKCE (RFC 7636), all in the browser. The verifier, the state and what was
 * looked at wait in sessionStorage while the person is at the provider.
 */
const PENDING_KEY = 'corridor.sign-in';
/** A provider that takes longer is not reached [ms]. */
const TIMEOUT_MS = 15_000;

interface Pending {
  state: string;
  verifier: string;
  tokenEndpoint: string;
  clientId: string;
  claims: ClaimNames;
  /** Query and fragment of the page that was left. */
  place: string;
}

export class ProviderSignInError extends Error {
  readonly code = 'PROVIDER_SIGN_IN';
}

export function canUseProvider(config: AuthConfig): boolean {
  return config.oidcIssuer !== undefined && (config.clientId ?? config.audience) !== undefined;
}

/** Where the provider is asked, from its discovery document. */
async function endpointsOf(issuer: string): Promise<{ authorization: string; token: string }> {
  const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
  const document: unknown = await response.json();
  if (
    response.ok &&
    typeof document === 'object' &&
    document !== null &&
    'authorization_endpoint' in document &&
    'token_endpoint' in document
  ) {
    const { authorization_endpoint: authorization, token_endpoint: token } = document;
    if (typeof authorization === 'string' && typeof token === 'string') return { authorization, token };
  }
  throw new ProviderSignInError(`${issuer} does not say where to sign in`);
}

/** Leaves the page for the provider. @throws ProviderSignInError when the provider cannot be asked */
export async function beginProviderSignIn(config: AuthConfig): Promise<void> {
  const clientId = config.clientId ?? config.audience;
  if (config.oidcIssuer === undefined || clientId === undefined) throw new ProviderSignInError('the provider is not configured');
  const { authorization: authorizationEndpoint, token: tokenEndpoint } = await endpointsOf(config.oidcIssuer);
  const place = location.search + location.hash;
  const pending: Pending = { state: randomText(), verifier: randomText(), tokenEndpoint, clientId, claims: config.claims, place };
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(pending.verifier));
  sessionStorage.setItem(PENDING_KEY, JSON.stringify(pending));
  const url = new URL(authorizationEndpoint);
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri(),
    scope: 'openid profile',
    ...(config.audience === undefined ? {} : { audience: config.audience }),
    state: pending.state,
    code_challenge: base64Url(new Uint8Array(digest)),
    code_challenge_method: 'S256',
  }).toString();
  location.assign(url);
}

/**
 * Finishes a sign-in when the page was opened by the provider's redirect; the address is again the one that was left.
 * @returns the access token, or null when there is nothing to finish
 * @throws ProviderSignInError when the answer does not belong to our question or the provider refuses
 */
export async function finishProviderSignIn(): Promise<SignedIn | null> {
  const query = new URLSearchParams(location.search);
  const stored = sessionStorage.getItem(PENDING_KEY);
  const code = query.get('code');
  if (stored === null || (code === null && query.get('error') === null)) return null;
  sessionStorage.removeItem(PENDING_KEY);
  const pending = JSON.parse(stored) as Pending;
  history.replaceState(null, '', location.pathname + pending.place);
  if (code === null || query.get('state') !== pending.state) throw new ProviderSignInError(query.get('error') ?? 'state differs');
  const { tokenEndpoint, clientId, claims } = pending;
  const answer = await askForToken(tokenEndpoint, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUri(),
    client_id: clientId,
    code_verifier: pending.verifier,
  });
  return { ...granted(answer, { tokenEndpoint, clientId }), claims };
}

/** What a provider gives. */
type Granted = Pick<SignedIn, 'token' | 'renewal'>;

/**
 * A new token without the person (RFC 6749, 6). A refresh token that was not replaced goes on.
 * @throws ProviderSignInError when the provider refuses; TypeError when it is not reached, or DOMException when it does not answer
 */
export async function renewAtProvider({ refreshToken, tokenEndpoint, clientId }: Renewal): Promise<Granted> {
  const answer = await askForToken(tokenEndpoint, { grant_type: 'refresh_token', refresh_token: refreshToken, client_id: clientId });
  const renewed = granted(answer, { tokenEndpoint, clientId });
  return { token: renewed.token, renewal: renewed.renewal ?? { refreshToken, tokenEndpoint, clientId } };
}

async function askForToken(endpoint: string, form: Record<string, string>): Promise<Record<string, unknown>> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const response = await fetch(endpoint, {
    method: 'POST',
    headers,
    body: new URLSearchParams(form),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  // A gateway that stands in for a provider which is away refuses nobody, nor does one who has too many to answer.
  if (response.status >= 500 || response.status === 408 || response.status === 429)
    throw new TypeError(`token endpoint answered ${response.status}`);
  if (!response.ok) throw new ProviderSignInError(`token endpoint answered ${response.status}`);
  const answer: unknown = await response.json();
  if (typeof answer !== 'object' || answer === null) throw new ProviderSignInError('token endpoint answered no object');
  return answer as Record<string, unknown>;
}

function granted(answer: Record<string, unknown>, at: { tokenEndpoint: string; clientId: string }): Granted {
  const { access_token: token, refresh_token: refreshToken } = answer;
  if (typeof token !== 'string') throw new ProviderSignInError('token endpoint gave no access token');
  return { token, renewal: typeof refreshToken === 'string' ? { ...at, refreshToken } : null };
}

function redirectUri(): string {
  return `${location.origin}${location.pathname}`;
}

function randomText(): string {
  return base64Url(crypto.getRandomValues(new Uint8Array(32)));
}

function base64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

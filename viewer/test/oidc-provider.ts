import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';

/** A real OpenID provider on this machine: authorization code with PKCE, JWT access tokens, refresh tokens that rotate. */
export interface TestProvider extends AsyncDisposable {
  readonly issuer: string;
  readonly jwksUrl: string;
  readonly clientId: string;
  /** What it gave tokens for, in order: `authorization_code`, `refresh_token`. */
  readonly granted: readonly string[];
  /** Of the access tokens that it gives from now on [s]. */
  lifeOfTokens: (seconds: number) => void;
  /** While true it knows nobody any more: nothing is renewed. */
  forgetsPeople: (forgets: boolean) => void;
}

const CLIENT_ID = 'viewer';
const LIFE_S = 3_600;

/**
 * @param options.audience of its tokens
 * @param options.claims what its tokens say of whoever signs in
 */
export async function startOidcProvider(options: {
  audience: string;
  claims: (login: string) => Record<string, unknown>;
}): Promise<TestProvider> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const state = { lifeS: LIFE_S, forgets: false, granted: [] as string[] };
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT_ID,
        token_endpoint_auth_method: 'none',
        // Its loopback address is taken with whatever port the twin has (RFC 8252, 7.3).
        application_type: 'native',
        grant_types: ['authorization_code', 'refresh_token'],
        redirect_uris: ['http://127.0.0.1/'],
      },
    ],
    cookies: { keys: ['of this run'] },
    pkce: { required: () => true },
    clientBasedCORS: () => true,
    findAccount: (_, accountId) => (state.forgets ? undefined : { accountId, claims: () => ({ sub: accountId }) }),
    extraTokenClaims: (_, token) => ('accountId' in token ? options.claims(token.accountId) : {}),
    issueRefreshToken: () => true,
    rotateRefreshToken: true,
    ttl: { Interaction: LIFE_S, Session: LIFE_S, Grant: LIFE_S, RefreshToken: LIFE_S, IdToken: LIFE_S, AccessToken: () => state.lifeS },
    features: {
      devInteractions: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => `urn:${options.audience}`,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: '',
          audience: options.audience,
          accessTokenFormat: 'jwt',
        }),
      },
    },
  });
  provider.on('grant.success', ({ oidc }) => state.granted.push(String(oidc.params?.['grant_type'])));
  const callback = provider.callback();
  server.on('request', (request, response) => void callback(request, response));
  return {
    issuer,
    jwksUrl: `${issuer}/jwks`,
    clientId: CLIENT_ID,
    granted: state.granted,
    lifeOfTokens: (seconds) => {
      state.lifeS = seconds;
    },
    forgetsPeople: (forgets) => {
      state.forgets = forgets;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve, reject) => server.close((error) => (error === undefined ? resolve() : reject(error))));
    },
  };
}

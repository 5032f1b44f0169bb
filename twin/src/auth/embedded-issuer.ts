import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  calculateJwkThumbprint,
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JSONWebKeySet,
  type JWK,
  SignJWT,
} from 'jose';
import { AUDIENCE } from '../config.ts';
import { makeFolder } from '../embedded/make-folder.ts';
import type { Caller, ServiceScope } from './caller.ts';
import type { DemoUser } from './demo-user.ts';
import { createTokenVerifier, type TokenVerifier } from './token-verifier.ts';

/** Name of the issuer inside its tokens. */
const ISSUER = 'urn:corridor-twin:embedded';
const ALGORITHM = 'ES256';
const TOKEN_LIFE = '12h';
/** Claims of its tokens that tell who somebody is. */
export const EMBEDDED_CLAIMS = { roles: 'roles', principal: 'principal_id' } as const;

/** Production signs nobody in without a password. */
export class EmbeddedIssuerRefusedError extends Error {
  readonly code = 'EMBEDDED_ISSUER_REFUSED';
  constructor() {
    super('The embedded issuer signs anybody in and is refused in production: set JWKS_URL and JWT_ISSUER.');
  }
}

/** The file holds no key. */
export class SigningKeyError extends Error {
  readonly code = 'SIGNING_KEY_DAMAGED';
  constructor(file: string, cause: unknown) {
    super(`${file} holds no signing key: remove it, and a new one is made; everybody has to sign in again.`, { cause });
  }
}

export type EmbeddedIssuer = {
  /** Public keys, as an OIDC provider would publish them. */
  readonly jwks: JSONWebKeySet;
  readonly users: readonly DemoUser[];
  readonly verifyToken: TokenVerifier;
  /** Signs a demo user in; null when there is no such user. */
  issueDemoToken(userId: string): Promise<string | null>;
  /**
   * Token of a service of our own, for example the traffic simulator, for what it needs and no more.
   * @param service.life as `jose` reads it, `2h`; default as long as a person's
   */
  issueServiceToken(service: { name: string; scopes: readonly ServiceScope[]; life?: string }): Promise<string>;
};

/**
 * An issuer for the default start: demo users without passwords, a real key, the same checks as with any provider. The
 * key is kept in `dir` with mode 0600, so that tokens outlive a restart.
 * @throws EmbeddedIssuerRefusedError, SigningKeyError
 */
export async function createEmbeddedIssuer(options: {
  dir: string;
  isProduction: boolean;
  users: readonly DemoUser[];
}): Promise<EmbeddedIssuer> {
  if (options.isProduction) throw new EmbeddedIssuerRefusedError();
  const { privateJwk, publicJwk } = await signingKey(join(options.dir, 'auth-key.json'));
  const key = await importJWK(privateJwk, ALGORITHM);
  const jwks = { keys: [publicJwk] };
  const users = new Map(options.users.map((user) => [user.userId, user]));
  const sign = ({ userId, name, roles, principalId, driverId, scopes }: Caller, life = TOKEN_LIFE) =>
    new SignJWT({
      name,
      roles,
      principal_id: principalId,
      ...(driverId === null ? {} : { driver_id: driverId }),
      ...(scopes.length > 0 ? { scope: scopes.join(' ') } : {}),
    })
      .setProtectedHeader({ alg: ALGORITHM, kid: publicJwk.kid ?? '', typ: 'JWT' })
      .setSubject(userId)
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setIssuedAt()
      .setExpirationTime(life)
      .sign(key);
  return {
    jwks,
    users: options.users,
    verifyToken: createTokenVerifier(createLocalJWKSet(jwks), {
      issuer: ISSUER,
      audience: AUDIENCE,
      rolesClaim: EMBEDDED_CLAIMS.roles,
      principalClaim: EMBEDDED_CLAIMS.principal,
      driverClaim: 'driver_id',
      scopesClaim: 'scope',
    }),
    issueDemoToken: async (userId) => {
      const user = users.get(userId);
      return user === undefined ? null : sign(user);
    },
    issueServiceToken: ({ name, scopes, life }) =>
      sign({ userId: `service-${name}`, name, roles: ['SERVICE'], principalId: null, driverId: null, scopes }, life),
  };
}

async function signingKey(file: string): Promise<{ privateJwk: JWK; publicJwk: JWK }> {
  const privateJwk = await storedKey(file);
  const { kty, crv, x, y } = privateJwk;
  if (kty === undefined || crv === undefined || x === undefined || y === undefined) throw new SigningKeyError(file, null);
  const shared = { kty, crv, x, y };
  const kid = await calculateJwkThumbprint(shared);
  return { privateJwk, publicJwk: { ...shared, kid, alg: ALGORITHM, use: 'sig' } };
}

async function storedKey(file: string): Promise<JWK> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as JWK;
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')) throw new SigningKeyError(file, cause);
  }
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const jwk = await exportJWK(privateKey);
  makeFolder(dirname(file));
  writeFileSync(`${file}.new`, JSON.stringify(jwk), { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return jwk;
}

import { holdsUnsafeText } from '@corridor/protocols/safe-text';
import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { type Caller, isRole, isServiceScope, type ServiceScope } from './caller.ts';

/** The token does not count: 401. `reason` is for the log, not for the caller. */
export class TokenRefusedError extends Error {
  readonly code = 'TOKEN_REFUSED';
  readonly reason: string;
  constructor(reason: string, cause?: unknown) {
    super('the token does not count', { cause });
    this.reason = reason;
  }
}

/** The provider's keys cannot be had, so nobody can be checked: 503. */
export class KeysUnavailableError extends Error {
  readonly code = 'KEYS_UNAVAILABLE';
  constructor(cause: unknown) {
    super('the keys of the identity provider cannot be fetched', { cause });
  }
}

/** Who asks, and until when the token says so, wall time: to its end and what clocks may differ by. */
export type VerifiedCaller = Caller & { countsUntilMs: number };
export type TokenVerifier = (token: string) => Promise<VerifiedCaller>;

export type TokenRules = {
  issuer: string;
  audience: string;
  /** Claim with the list of roles, dotted when nested, for example `realm_access.roles`. */
  rolesClaim: string;
  principalClaim: string;
  /** Claim with the number of the driver who signed in. */
  driverClaim: string;
  /** Claim with a service's scopes: a list, or one text with spaces between them, as OAuth writes it (RFC 8693, 4.2). */
  scopesClaim: string;
};

/** Asymmetric only: a shared secret would let every service that checks tokens also make them. */
const ALGORITHMS = ['ES256', 'ES384', 'RS256', 'RS384', 'RS512', 'PS256', 'EdDSA'];
const CLOCK_TOLERANCE_S = 30;

/** Keys of an OIDC provider, fetched when needed and kept. */
export function remoteKeys(jwksUrl: string): JWTVerifyGetKey {
  return createRemoteJWKSet(new URL(jwksUrl), { timeoutDuration: 5_000, cooldownDuration: 10_000 });
}

/** Checks bearer tokens. The result throws TokenRefusedError or KeysUnavailableError. */
export function createTokenVerifier(keys: JWTVerifyGetKey, rules: TokenRules): TokenVerifier {
  return async (token) => {
    let payload: JWTPayload;
    try {
      ({ payload } = await jwtVerify(token, keys, {
        issuer: rules.issuer,
        audience: rules.audience,
        algorithms: ALGORITHMS,
        requiredClaims: ['exp', 'sub'],
        clockTolerance: CLOCK_TOLERANCE_S,
      }));
    } catch (cause) {
      throw failureOf(cause);
    }
    return callerOf(payload, rules);
  };
}

/** What is wrong with the token is the token's fault; everything else hinders us from knowing. */
function failureOf(cause: unknown): TokenRefusedError | KeysUnavailableError {
  if (cause instanceof errors.JWKSTimeout || cause instanceof errors.JWKSInvalid) return new KeysUnavailableError(cause);
  if (cause instanceof errors.JOSEError && cause.code !== 'ERR_JOSE_GENERIC') return new TokenRefusedError(cause.code, cause);
  return new KeysUnavailableError(cause);
}

function callerOf(payload: JWTPayload, rules: TokenRules): VerifiedCaller {
  const roles = claimAt(payload, rules.rolesClaim);
  const principalId = claimAt(payload, rules.principalClaim);
  const driverId = claimAt(payload, rules.driverClaim);
  const { sub: userId, exp: expiresS } = payload;
  if (expiresS === undefined) throw new TokenRefusedError('EXP_MISSING');
  // Who did it is written with everything that was done.
  if (userId === undefined || userId === '' || userId.length > 256 || holdsUnsafeText(userId)) throw new TokenRefusedError('SUB_UNUSABLE');
  return {
    userId,
    name: typeof payload['name'] === 'string' ? payload['name'].slice(0, 120) : userId,
    roles: Array.isArray(roles) ? roles.filter(isRole) : [],
    principalId: typeof principalId === 'string' && principalId !== '' ? principalId : null,
    driverId: typeof driverId === 'string' && driverId !== '' ? driverId : null,
    scopes: scopesIn(claimAt(payload, rules.scopesClaim)),
    countsUntilMs: (expiresS + CLOCK_TOLERANCE_S) * 1_000,
  };
}

function scopesIn(claim: unknown): ServiceScope[] {
  const words: unknown[] = typeof claim === 'string' ? claim.split(' ') : Array.isArray(claim) ? claim : [];
  return words.filter(isServiceScope);
}

/** A provider's own name for a claim may hold dots (a URL), so the whole name is tried first. */
function claimAt(payload: JWTPayload, path: string): unknown {
  if (path in payload) return payload[path];
  let value: unknown = payload;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.entries(value).find(([key]) => key === name)?.[1];
  }
  return value;
}

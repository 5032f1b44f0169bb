/** Under which names of its tokens a provider tells who one is, dotted when nested, such as `realm_access.roles`; the twin says so. */
export interface ClaimNames {
  roles: string;
  principal: string;
}

/** Of the twin's own issuer. */
export const OWN_CLAIMS: ClaimNames = { roles: 'roles', principal: 'principal_id' };

export interface Person {
  userId: string;
  name: string;
  roles: string[];
  principalId: string | null;
  issuedAtMs: number | null;
  expiresAtMs: number | null;
}

/** Reads the claims for display only; the twin alone decides what a token may. */
export function personOf(token: string, names: ClaimNames = OWN_CLAIMS): Person {
  const claims = claimsOf(token);
  const text = (key: string): string | null => {
    const value = claimAt(claims, key);
    return typeof value === 'string' && value !== '' ? value : null;
  };
  const roles = claimAt(claims, names.roles);
  const millisOf = (key: string): number | null => {
    const seconds = claims[key];
    return typeof seconds === 'number' ? seconds * 1_000 : null;
  };
  return {
    userId: text('sub') ?? '',
    name: text('name') ?? text('preferred_username') ?? text('sub') ?? '—',
    roles: Array.isArray(roles) ? roles.map(String) : [],
    principalId: text(names.principal),
    issuedAtMs: millisOf('iat'),
    expiresAtMs: millisOf('exp'),
  };
}

/** As the twin finds it: a name may hold dots itself (a URL), so the whole one is tried first. */
function claimAt(claims: Record<string, unknown>, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  let value: unknown = claims;
  for (const key of name.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

function claimsOf(token: string): Record<string, unknown> {
  const payload = token.split('.')[1];
  if (payload === undefined) return {};
  try {
    const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));
    const parsed: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
  } catch {
    // An opaque token is legitimate: there is nothing to display from it, and nothing else depends on it.
    return {};
  }
}

export interface Person {
  userId: string;
  name: string;
  roles: string[];
  principalId: string | null;
  issuedAtMs: number | null;
  expiresAtMs: number | null;
}

/** Reads the claims for display only; the twin alone decides what a token may. */
export function personOf(token: string): Person {
  const claims = claimsOf(token);
  const text = (key: string): string | null => {
    const value = claims[key];
    return typeof value === 'string' && value !== '' ? value : null;
  };
  const roles = claims['roles'] ?? claims['role'];
  const millisOf = (key: string): number | null => {
    const seconds = claims[key];
    return typeof seconds === 'number' ? seconds * 1_000 : null;
  };
  return {
    userId: text('sub') ?? '',
    name: text('name') ?? text('preferred_username') ?? text('sub') ?? '—',
    roles: Array.isArray(roles) ? roles.map(String) : typeof roles === 'string' ? [roles] : [],
    principalId: text('principalId') ?? text('principal_id') ?? text('principal'),
    issuedAtMs: millisOf('iat'),
    expiresAtMs: millisOf('exp'),
  };
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

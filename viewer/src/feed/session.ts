import { type Signal, signal } from '@preact/signals';

const TOKEN_KEY = 'corridor.token';

export interface Person {
  userId: string;
  name: string;
  roles: string[];
  principalId: string | null;
  expiresAtMs: number | null;
}

/** Who is signed in: the bearer token, kept for this tab only. */
export class Session {
  readonly token: Signal<string | null>;
  /** Why the sign-in page is shown again, when it is. */
  readonly expired: Signal<boolean> = signal(false);
  /** false: a driver who takes no part yet, or not any more. Until the twin says so everybody does. */
  readonly registered: Signal<boolean> = signal(true);
  private readonly storage: Storage;

  constructor(storage: Storage) {
    this.storage = storage;
    this.token = signal(storage.getItem(TOKEN_KEY));
  }

  get person(): Person | null {
    const token = this.token.value;
    return token === null ? null : personOf(token);
  }

  signIn(token: string): void {
    this.storage.setItem(TOKEN_KEY, token);
    this.expired.value = false;
    this.registered.value = true;
    this.token.value = token;
  }

  signOut(expired = false): void {
    this.storage.removeItem(TOKEN_KEY);
    this.expired.value = expired;
    this.token.value = null;
  }
}

/** Reads the claims for display only; the twin alone decides what a token may. */
export function personOf(token: string): Person {
  const claims = claimsOf(token);
  const text = (key: string): string | null => {
    const value = claims[key];
    return typeof value === 'string' && value !== '' ? value : null;
  };
  const roles = claims['roles'] ?? claims['role'];
  const exp = claims['exp'];
  return {
    userId: text('sub') ?? '',
    name: text('name') ?? text('preferred_username') ?? text('sub') ?? '—',
    roles: Array.isArray(roles) ? roles.map(String) : typeof roles === 'string' ? [roles] : [],
    principalId: text('principalId') ?? text('principal_id') ?? text('principal'),
    expiresAtMs: typeof exp === 'number' ? exp * 1000 : null,
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

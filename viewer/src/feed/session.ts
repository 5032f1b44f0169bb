import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { ProviderSignInError, type Renewal, renewAtProvider, type SignedIn } from './provider-sign-in.ts';

const TOKEN_KEY = 'corridor.token';
const RENEWAL_KEY = 'corridor.renewal';
/** A token is renewed this long before its end, or in the last quarter of a short life [ms]. */
const AHEAD_MS_MAX = 60_000;
const AHEAD_PART = 0.25;
/** After the provider was not reached [ms]. */
const AGAIN_MS = 5_000;

export interface Person {
  userId: string;
  name: string;
  roles: string[];
  principalId: string | null;
  issuedAtMs: number | null;
  expiresAtMs: number | null;
}

/** Who is signed in: the bearer token, and how it is renewed, kept for this tab only. */
export class Session {
  readonly token: Signal<string | null>;
  /** Stays the same while one token follows the other. */
  readonly signedIn: ReadonlySignal<boolean>;
  /** Why the sign-in page is shown again, when it is. */
  readonly expired: Signal<boolean> = signal(false);
  /** false: a driver who takes no part yet, or not any more. Until the twin says so everybody does. */
  readonly registered: Signal<boolean> = signal(true);
  private readonly storage: Storage;
  private renewal: Renewal | null;
  private renewing: Promise<boolean> | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(storage: Storage) {
    this.storage = storage;
    this.token = signal(storage.getItem(TOKEN_KEY));
    this.signedIn = computed(() => this.token.value !== null);
    const kept = storage.getItem(RENEWAL_KEY);
    // Written by this page alone, for this tab.
    this.renewal = kept === null ? null : (JSON.parse(kept) as Renewal);
    this.plan();
  }

  get person(): Person | null {
    const token = this.token.value;
    return token === null ? null : personOf(token);
  }

  signIn(signedIn: SignedIn): void {
    this.registered.value = true;
    this.take(signedIn);
  }

  signOut(expired = false): void {
    this.storage.removeItem(TOKEN_KEY);
    this.storage.removeItem(RENEWAL_KEY);
    this.renewal = null;
    this.expired.value = expired;
    this.token.value = null;
    this.plan();
  }

  /**
   * Gets the next token without the person; asked several times at once, it is one question.
   * @returns whether there is a new one; false also while the provider is not reached
   */
  renew(): Promise<boolean> {
    this.renewing ??= this.askAnew().finally(() => {
      this.renewing = null;
    });
    return this.renewing;
  }

  private async askAnew(): Promise<boolean> {
    const { renewal } = this;
    if (renewal === null) return false;
    try {
      const next = await renewAtProvider(renewal);
      // Whoever signed out meanwhile stays so.
      if (this.renewal !== renewal) return false;
      this.take(next);
      return true;
    } catch (error) {
      if (this.renewal !== renewal) return false;
      if (error instanceof ProviderSignInError) this.endRenewal();
      else this.timer = setTimeout(() => void this.renew(), AGAIN_MS);
      return false;
    }
  }

  /** The provider has ended it: the token serves to its end. */
  private endRenewal(): void {
    this.renewal = null;
    this.storage.removeItem(RENEWAL_KEY);
  }

  private take({ token, renewal }: SignedIn): void {
    this.storage.setItem(TOKEN_KEY, token);
    if (renewal === null) this.storage.removeItem(RENEWAL_KEY);
    else this.storage.setItem(RENEWAL_KEY, JSON.stringify(renewal));
    this.renewal = renewal;
    this.expired.value = false;
    this.token.value = token;
    this.plan();
  }

  /** Before the token ends the next one is asked for; one that does not say when it ends is renewed when the twin refuses it. */
  private plan(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    const token = this.token.peek();
    const person = token === null || this.renewal === null ? null : personOf(token);
    if (person?.expiresAtMs == null) return;
    const lifeMs = person.issuedAtMs === null ? AHEAD_MS_MAX : person.expiresAtMs - person.issuedAtMs;
    const aheadMs = Math.min(AHEAD_MS_MAX, lifeMs * AHEAD_PART);
    this.timer = setTimeout(() => void this.renew(), Math.max(0, person.expiresAtMs - Date.now() - aheadMs));
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

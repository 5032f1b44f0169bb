import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { isKeptForAllTabs, type KeptSignIn } from './kept-sign-in.ts';
import type { ClaimNames, Person } from './person.ts';
import { ProviderSignInError, renewAtProvider } from './provider-sign-in.ts';
import type { Renewal, SignedIn } from './signed-in.ts';

/** A token is renewed this long before its end, or in the last quarter of a short life [ms]. */
const AHEAD_MS_MAX = 60_000;
const AHEAD_PART = 0.25;
/** After the provider was not reached [ms]. */
const AGAIN_MS = 5_000;
/** One tab at a time renews what all tabs share: a refresh token that is used twice counts as stolen (RFC 9700, 4.14). */
const RENEWAL_LOCK = 'corridor.renewal';

/** Who is signed in: the bearer token, and how it is renewed; kept for this tab, a driver's for all tabs of the browser (ADR 24). */
export class Session {
  readonly token: Signal<string | null>;
  /** Stays the same while one token follows the other. */
  readonly signedIn: ReadonlySignal<boolean>;
  /** Why the sign-in page is shown again, when it is. */
  readonly expired: Signal<boolean> = signal(false);
  /** false: a driver who takes no part yet, or not any more. Until the twin says so everybody does. */
  readonly registered: Signal<boolean> = signal(true);
  private readonly kept: KeptSignIn;
  private renewal: Renewal | null;
  private renewing: Promise<boolean> | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;
  /** The provider was not reached: whether it renews is not known. */
  private isUnreached = false;

  constructor(kept: KeptSignIn) {
    this.kept = kept;
    const found = kept.find();
    this.token = signal(found?.token ?? null);
    this.renewal = found?.renewal ?? null;
    this.signedIn = computed(() => this.token.value !== null);
    if (this.isOver) this.signOut(true);
    this.plan();
  }

  get person(): Person | null {
    const token = this.token.value;
    return token === null ? null : this.kept.personOf(token);
  }

  /** Whether it stays after this tab is closed, and ends in all tabs at once. */
  get isForAllTabs(): boolean {
    const person = this.person;
    return person !== null && isKeptForAllTabs(person);
  }

  /** Before somebody signs in: where his token will tell who he is. */
  learn(names: ClaimNames): void {
    this.kept.learn(names);
  }

  signIn(signedIn: SignedIn): void {
    this.registered.value = true;
    void this.take(signedIn);
  }

  signOut(expired = false): void {
    const token = this.token.peek();
    this.kept.forgetTab();
    // What has ended is this tab's token: a newer one of another tab still serves.
    if (this.isForAllTabs && (!expired || this.kept.driver()?.token === token)) this.kept.forgetDriver();
    this.end(expired);
  }

  /**
   * The twin refused a token, and none followed it. A newer one of another tab still serves, and while the provider is not reached
   * nobody knows whether it renews: a driver who comes out of a tunnel stays signed in.
   */
  endRefused(refused: string | null): void {
    if (this.token.peek() === refused && !this.isUnreached) this.signOut(true);
  }

  /** Does what another tab did with the driver's sign-in: ended it, renewed it, or gave it to another driver. */
  follow(): void {
    if (!this.isForAllTabs) return;
    const driver = this.kept.driver();
    if (driver === null || this.kept.personOf(driver.token).userId !== this.person?.userId) this.end(false);
    else if (driver.token !== this.token.peek()) this.adopt(driver);
  }

  /**
   * Gets the next token without the person; asked several times at once, it is one question.
   * @param refused the token that is to be followed; the present one when not told
   * @returns whether there is a new one; false also while the provider is not reached
   */
  renew(refused = this.token.peek()): Promise<boolean> {
    if (this.hasFollowed(refused)) return Promise.resolve(true);
    // Without a way to renew there is nothing to take turns for, nor, where the page came without TLS, a lock.
    const isInTurn = this.renewal !== null && this.isForAllTabs;
    const asked = (): Promise<boolean> =>
      isInTurn ? navigator.locks.request(RENEWAL_LOCK, () => this.askAnew(refused)) : this.askAnew(refused);
    this.renewing ??= asked().finally(() => {
      this.renewing = null;
    });
    return this.renewing;
  }

  private async askAnew(refused: string | null): Promise<boolean> {
    await this.followLatest();
    if (this.hasFollowed(refused)) return true;
    const { renewal } = this;
    if (renewal === null) return false;
    try {
      const next = await renewAtProvider(renewal);
      // Whoever signed out meanwhile stays so.
      if (this.hasFollowed(refused)) return true;
      if (this.renewal !== renewal) return false;
      await this.take(next);
      return true;
    } catch (error) {
      if (this.hasFollowed(refused)) return true;
      if (this.renewal !== renewal) return false;
      if (error instanceof ProviderSignInError) await this.endRenewal();
      else {
        this.isUnreached = true;
        this.timer = setTimeout(() => void this.renew(), AGAIN_MS);
      }
      return false;
    }
  }

  /** Does what the tab did whose turn it was before: of what it kept in localStorage this one may not have heard yet. */
  private async followLatest(): Promise<void> {
    const token = this.token.peek();
    if (token === null || !this.isForAllTabs) return;
    const latest = await this.kept.latest(token);
    if (latest === null || this.token.peek() !== token) return;
    if (latest.signedIn === null) this.end(false);
    else {
      this.kept.keepDriver(latest.signedIn);
      this.adopt(latest.signedIn);
    }
  }

  /** Whether another tab got a token after this one. */
  private hasFollowed(refused: string | null): boolean {
    this.follow();
    const token = this.token.peek();
    return token !== null && token !== refused;
  }

  /** The provider has ended it: the token serves to its end. */
  private async endRenewal(): Promise<void> {
    const token = this.token.peek();
    if (token !== null) await this.take({ token, renewal: null });
  }

  /** @returns when all tabs know of it */
  private take(signedIn: SignedIn): Promise<void> {
    const kept = this.kept.keep(signedIn);
    this.adopt(signedIn);
    return kept;
  }

  private adopt({ token, renewal }: SignedIn): void {
    this.renewal = renewal;
    this.isUnreached = false;
    this.expired.value = false;
    this.token.value = token;
    this.plan();
  }

  private end(expired: boolean): void {
    this.renewal = null;
    this.isUnreached = false;
    this.expired.value = expired;
    this.token.value = null;
    this.plan();
  }

  /** A driver comes back after days: what ended meanwhile needs no refusal by the twin. */
  private get isOver(): boolean {
    const endsAtMs = this.person?.expiresAtMs ?? null;
    return this.isForAllTabs && this.renewal === null && endsAtMs !== null && endsAtMs <= Date.now();
  }

  /** Before the token ends the next one is asked for; one that does not say when it ends is renewed when the twin refuses it. */
  private plan(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    const token = this.token.peek();
    const person = token === null || this.renewal === null ? null : this.kept.personOf(token);
    if (person?.expiresAtMs == null) return;
    const lifeMs = person.issuedAtMs === null ? AHEAD_MS_MAX : person.expiresAtMs - person.issuedAtMs;
    const aheadMs = Math.min(AHEAD_MS_MAX, lifeMs * AHEAD_PART);
    this.timer = setTimeout(() => void this.renew(), Math.max(0, person.expiresAtMs - Date.now() - aheadMs));
  }
}

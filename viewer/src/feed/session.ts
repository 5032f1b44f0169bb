import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { isForAllTabs, type KeptSignIn, whoIs } from './kept-sign-in.ts';
import type { ClaimNames, Person } from './person.ts';
import { ProviderSignInError, renewAtProvider } from './provider-sign-in.ts';
import { msToRenewal } from './renewal-time.ts';
import { areSame, type SignedIn } from './signed-in.ts';

/** After the provider was not reached [ms]. */
const AGAIN_MS = 5_000;
/** One tab at a time renews what all tabs share: a refresh token that is used twice counts as stolen (RFC 9700, 4.14). */
const RENEWAL_LOCK = 'corridor.renewal';

/** Who is signed in: the bearer token, and how it is renewed; kept for this tab, a driver's for all tabs of the browser (ADR 24). */
export class Session {
  readonly token: ReadonlySignal<string | null>;
  /** Stays the same while one token follows the other. */
  readonly signedIn: ReadonlySignal<boolean>;
  /** Why the sign-in page is shown again, when it is. */
  readonly expired: Signal<boolean> = signal(false);
  /** false: a driver who takes no part yet, or not any more. Until the twin says so everybody does. */
  readonly registered: Signal<boolean> = signal(true);
  private readonly kept: KeptSignIn;
  private readonly current: Signal<SignedIn | null>;
  /** Of all tabs, or of this one alone: it does not become the other while it lasts, whatever is learned of the person. */
  private isShared: boolean;
  private renewing: Promise<boolean> | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;
  /** The provider was not reached: whether it renews is not known. */
  private isUnreached = false;

  /** With the sign-in that was kept, if there is one that still serves. */
  static async open(kept: KeptSignIn): Promise<Session> {
    const found = await kept.find();
    const session = new Session(kept, found);
    // A driver comes back after days: what ended meanwhile needs no refusal by the twin.
    const endsAtMs = session.person?.expiresAtMs ?? null;
    if (found?.isShared === true && found.signedIn.renewal === null && endsAtMs !== null && endsAtMs <= Date.now()) {
      await session.signOut(true);
    }
    return session;
  }

  private constructor(kept: KeptSignIn, found: { signedIn: SignedIn; isShared: boolean } | null) {
    this.kept = kept;
    this.current = signal(found?.signedIn ?? null);
    this.isShared = found?.isShared ?? false;
    this.token = computed(() => this.current.value?.token ?? null);
    this.signedIn = computed(() => this.current.value !== null);
    this.plan('BY_CLOCK');
  }

  get person(): Person | null {
    const current = this.current.value;
    return current === null ? null : whoIs(current);
  }

  /** Whether it stays after this tab is closed, and ends in all tabs at once. */
  get isForAllTabs(): boolean {
    return this.isShared;
  }

  /** @returns when it is kept; this tab has it at once */
  async signIn(signedIn: SignedIn): Promise<void> {
    this.registered.value = true;
    this.kept.forgetTab();
    this.isShared = isForAllTabs(whoIs(signedIn));
    this.adopt(signedIn);
    if (this.isShared) await this.share(signedIn);
    else await this.keepAlone(signedIn);
  }

  /** @returns when no other tab has it any more; this one at once */
  async signOut(expired = false): Promise<void> {
    const mine = this.current.peek();
    const wasShared = this.isShared;
    this.kept.forgetTab();
    this.end(expired);
    if (mine === null || !wasShared) return;
    // What has ended is this tab's token: a newer one of another tab still serves.
    if (expired) await this.kept.changeDriver((there) => (there?.token === mine.token ? null : there));
    else await this.kept.forgetDriver(whoIs(mine));
  }

  /**
   * The twin refused a token, and none followed it. A newer one of another tab still serves, and while the provider is not reached
   * nobody knows whether it renews: a driver who comes out of a tunnel stays signed in.
   */
  endRefused(refused: string | null): void {
    if (this.token.peek() === refused && !this.isUnreached) void this.signOut(true);
  }

  /** Of whoever signed in before the twin told where tokens tell who somebody is, or told otherwise. */
  learn(claims: ClaimNames): void {
    const mine = this.current.peek();
    if (mine === null || (mine.claims.roles === claims.roles && mine.claims.principal === claims.principal)) return;
    const learned = { ...mine, claims };
    this.current.value = learned;
    if (!this.isShared) this.kept.keepInTab(learned);
    else void this.kept.changeDriver((there) => (there !== null && areSame(there, mine) ? learned : there));
  }

  /** Does what another tab did with the driver's sign-in: ended it, renewed it, or gave it to another driver. */
  async follow(): Promise<void> {
    const mine = this.current.peek();
    if (mine === null || !this.isShared) return;
    const there = await this.kept.driver();
    if (there !== 'UNKNOWN' && this.isStill(mine)) this.take(there);
  }

  /**
   * Gets the next token without the person; asked several times at once, it is one question.
   * @param refused the token that is to be followed; the present one when not told
   * @returns whether there is a new one; false also while the provider is not reached
   */
  renew(refused = this.token.peek()): Promise<boolean> {
    if (this.hasFollowed(refused)) return Promise.resolve(true);
    // Without a way to renew there is nothing to take turns for, nor, where the page came without TLS, a lock.
    const isInTurn = this.isShared && this.current.peek()?.renewal != null;
    const asked = (): Promise<boolean> =>
      isInTurn ? navigator.locks.request(RENEWAL_LOCK, () => this.askAnew(refused)) : this.askAnew(refused);
    this.renewing ??= asked().finally(() => {
      this.renewing = null;
    });
    return this.renewing;
  }

  private async askAnew(refused: string | null): Promise<boolean> {
    await this.follow();
    const mine = this.current.peek();
    if (mine === null || mine.renewal === null || mine.token !== refused) return this.hasFollowed(refused);
    try {
      await this.replace(mine, await renewAtProvider(mine.renewal));
    } catch (error) {
      // The provider has ended it: the token serves to its end.
      if (error instanceof ProviderSignInError) await this.replace(mine, { token: mine.token, renewal: null });
      else if (this.isStill(mine)) this.askLater();
    }
    return this.hasFollowed(refused);
  }

  /** Puts one in the place of the other, unless that has been signed out or has got another follower meanwhile, in whichever tab. */
  private async replace(mine: SignedIn, by: Pick<SignedIn, 'token' | 'renewal'>): Promise<void> {
    const current = this.current.peek();
    // Whoever signed out meanwhile stays so.
    if (current === null || !this.isStill(mine)) return;
    const next = { ...by, claims: current.claims };
    if (!this.isShared) {
      this.kept.keepInTab(next);
      this.adopt(next);
    } else if (!isForAllTabs(whoIs(next))) {
      // Whose roles became more is no longer the driver of all tabs.
      this.isShared = false;
      this.adopt(next);
      await this.keepAlone(next);
    } else {
      const there = await this.kept.changeDriver((kept) => (kept !== null && areSame(kept, mine) ? next : kept));
      if (this.isStill(mine)) this.take(there === 'UNKNOWN' ? next : there);
    }
  }

  private take(there: SignedIn | null): void {
    const mine = this.current.peek();
    if (mine === null) return;
    if (there === null || whoIs(there).userId !== whoIs(mine).userId) this.end(false);
    else if (!areSame(there, mine)) this.adopt(there);
  }

  private async share(signedIn: SignedIn): Promise<void> {
    const there = await this.kept.changeDriver(() => signedIn);
    if (there !== 'UNKNOWN' || !this.isStill(signedIn)) return;
    this.isShared = false;
    this.kept.keepInTab(signedIn);
  }

  private async keepAlone(signedIn: SignedIn): Promise<void> {
    this.kept.keepInTab(signedIn);
    await this.kept.forgetDriver(whoIs(signedIn));
  }

  private isStill(signedIn: SignedIn): boolean {
    const current = this.current.peek();
    return current !== null && areSame(current, signedIn);
  }

  private hasFollowed(refused: string | null): boolean {
    const token = this.token.peek();
    return token !== null && token !== refused;
  }

  private adopt(signedIn: SignedIn): void {
    this.isUnreached = false;
    this.expired.value = false;
    this.current.value = signedIn;
    this.plan('JUST_GOT');
  }

  private end(expired: boolean): void {
    this.isShared = false;
    this.isUnreached = false;
    this.expired.value = expired;
    this.current.value = null;
    this.plan('BY_CLOCK');
  }

  private askLater(): void {
    this.isUnreached = true;
    this.renewAfter(AGAIN_MS);
  }

  /** Before the token ends the next one is asked for; one that does not say when it ends is renewed when the twin refuses it. */
  private plan(token: 'JUST_GOT' | 'BY_CLOCK'): void {
    const current = this.current.peek();
    this.renewAfter(current === null || current.renewal === null ? null : msToRenewal(whoIs(current), Date.now(), token));
  }

  /** @param ms null: not by itself */
  private renewAfter(ms: number | null): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = ms === null ? null : setTimeout(() => void this.renew(), ms);
  }
}

import { type ClaimNames, OWN_CLAIMS, type Person, personOf } from './person.ts';
import type { LatestSignIn, SignInRecord } from './sign-in-record.ts';
import { type Renewal, type SignedIn, signedInFrom } from './signed-in.ts';

const TOKEN_KEY = 'corridor.token';
const RENEWAL_KEY = 'corridor.renewal';
const DRIVER_KEY = 'corridor.driver';
const CLAIMS_KEY = 'corridor.claims';
/** Who may do more than drive is asked in every tab: several people use the browser of a control room. */
const OTHERS: readonly string[] = ['PLATFORM_OPERATOR', 'STATION_OPERATOR', 'BATTERY_OWNER', 'CARRIER', 'SERVICE'];

/** Whether the sign-in stays for all tabs of the browser: of a driver who is nothing else (ADR 24). */
export const isKeptForAllTabs = ({ roles }: Person): boolean => roles.includes('DRIVER') && !roles.some((role) => OTHERS.includes(role));

/** Where sign-ins stay: a driver's for the browser, since a phone's camera opens each link in a new tab; all others' for their tab. */
export class KeptSignIn {
  readonly #tab: Storage;
  readonly #browser: Storage;
  readonly #record: SignInRecord;

  /** @param record what all tabs know of the driver at once; `browser` they come to know one after the other */
  constructor(tab: Storage, browser: Storage, record: SignInRecord) {
    this.#tab = tab;
    this.#browser = browser;
    this.#record = record;
  }

  /** Where the twin reads who somebody is, for the time when it is not asked: a page that is opened again knows its person at once. */
  learn(names: ClaimNames): void {
    this.#browser.setItem(CLAIMS_KEY, JSON.stringify(names));
  }

  personOf(token: string): Person {
    const kept = this.#browser.getItem(CLAIMS_KEY);
    return personOf(token, kept === null ? OWN_CLAIMS : claimNamesOf(kept));
  }

  /** Of this tab, else of the driver who signed in in another one. */
  find(): SignedIn | null {
    const token = this.#tab.getItem(TOKEN_KEY);
    if (token === null) return this.driver();
    const renewal = this.#tab.getItem(RENEWAL_KEY);
    // Written by this page alone, for this tab.
    const found = { token, renewal: renewal === null ? null : (JSON.parse(renewal) as Renewal) };
    // A driver's was kept for its tab by an older page.
    if (isKeptForAllTabs(this.personOf(token))) void this.keep(found);
    return found;
  }

  driver(): SignedIn | null {
    const kept = this.#browser.getItem(DRIVER_KEY);
    return kept === null ? null : signedInOf(kept);
  }

  /** @returns when all tabs know of it; this one does at once */
  async keep(signedIn: SignedIn): Promise<void> {
    const { token, renewal } = signedIn;
    const person = this.personOf(token);
    this.forgetTab();
    if (isKeptForAllTabs(person)) {
      this.keepDriver(signedIn);
      await this.#record.write(latestOf(person, signedIn));
      return;
    }
    // Whose roles became more is no longer the driver of all tabs.
    const driver = this.driver();
    if (driver !== null && this.personOf(driver.token).userId === person.userId) this.forgetDriver();
    this.#tab.setItem(TOKEN_KEY, token);
    if (renewal !== null) this.#tab.setItem(RENEWAL_KEY, JSON.stringify(renewal));
  }

  /** In one piece, as another tab reads it. */
  keepDriver(signedIn: SignedIn): void {
    this.#browser.setItem(DRIVER_KEY, JSON.stringify(signedIn));
  }

  /**
   * What became of a driver's sign-in in whichever tab.
   * @param token the last one that is known
   * @returns null: nothing after `token`; `signedIn` null: signed out
   */
  async latest(token: string): Promise<Pick<LatestSignIn, 'signedIn'> | null> {
    const { userId, issuedAtMs } = this.personOf(token);
    const latest = await this.#record.read();
    if (latest === null || latest.userId !== userId || latest.signedIn?.token === token) return null;
    // What is older was left by a page that was closed before it could tell of this token.
    const isOlder = latest.issuedAtMs !== null && issuedAtMs !== null && latest.issuedAtMs < issuedAtMs;
    return isOlder ? null : latest;
  }

  forgetTab(): void {
    this.#tab.removeItem(TOKEN_KEY);
    this.#tab.removeItem(RENEWAL_KEY);
  }

  forgetDriver(): void {
    const driver = this.driver();
    this.#browser.removeItem(DRIVER_KEY);
    if (driver !== null) void this.#record.write(latestOf(this.personOf(driver.token), null));
  }
}

const latestOf = ({ userId, issuedAtMs }: Person, signedIn: SignedIn | null): LatestSignIn => ({ userId, issuedAtMs, signedIn });

/** What another version of the page wrote otherwise is learned again with the next sign-in. */
function claimNamesOf(text: string): ClaimNames {
  const kept = parsed(text);
  if (typeof kept !== 'object' || kept === null || !('roles' in kept) || !('principal' in kept)) return OWN_CLAIMS;
  const { roles, principal } = kept;
  return typeof roles === 'string' && typeof principal === 'string' ? { roles, principal } : OWN_CLAIMS;
}

/** null: another version of the page wrote it otherwise; one signs in again. */
const signedInOf = (text: string): SignedIn | null => signedInFrom(parsed(text));

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

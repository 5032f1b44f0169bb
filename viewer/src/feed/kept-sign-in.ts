import { type Person, personOf } from './person.ts';
import type { Renewal, SignedIn } from './provider-sign-in.ts';

const TOKEN_KEY = 'corridor.token';
const RENEWAL_KEY = 'corridor.renewal';
const DRIVER_KEY = 'corridor.driver';
/** Who may do more than drive is asked in every tab: several people use the browser of a control room. */
const OTHERS: readonly string[] = ['PLATFORM_OPERATOR', 'STATION_OPERATOR', 'BATTERY_OWNER', 'CARRIER', 'SERVICE'];

/** Whether the sign-in stays for all tabs of the browser: of a driver who is nothing else (ADR 24). */
export const isKeptForAllTabs = ({ roles }: Person): boolean => roles.includes('DRIVER') && !roles.some((role) => OTHERS.includes(role));

/** Where sign-ins stay: a driver's for the browser, since a phone's camera opens each link in a new tab; all others' for their tab. */
export class KeptSignIn {
  readonly #tab: Storage;
  readonly #browser: Storage;

  constructor(tab: Storage, browser: Storage) {
    this.#tab = tab;
    this.#browser = browser;
  }

  /** Of this tab, else of the driver who signed in in another one. */
  find(): SignedIn | null {
    const token = this.#tab.getItem(TOKEN_KEY);
    if (token === null) return this.driver();
    const renewal = this.#tab.getItem(RENEWAL_KEY);
    // Written by this page alone, for this tab.
    const found = { token, renewal: renewal === null ? null : (JSON.parse(renewal) as Renewal) };
    // A driver's was kept for its tab by an older page.
    if (isKeptForAllTabs(personOf(token))) this.keep(found);
    return found;
  }

  driver(): SignedIn | null {
    const kept = this.#browser.getItem(DRIVER_KEY);
    return kept === null ? null : signedInOf(kept);
  }

  keep(signedIn: SignedIn): void {
    const { token, renewal } = signedIn;
    this.forgetTab();
    if (isKeptForAllTabs(personOf(token))) {
      // In one piece, as another tab reads it.
      this.#browser.setItem(DRIVER_KEY, JSON.stringify(signedIn));
      return;
    }
    // Whose roles became more is no longer the driver of all tabs.
    const driver = this.driver();
    if (driver !== null && personOf(driver.token).userId === personOf(token).userId) this.forgetDriver();
    this.#tab.setItem(TOKEN_KEY, token);
    if (renewal !== null) this.#tab.setItem(RENEWAL_KEY, JSON.stringify(renewal));
  }

  forgetTab(): void {
    this.#tab.removeItem(TOKEN_KEY);
    this.#tab.removeItem(RENEWAL_KEY);
  }

  forgetDriver(): void {
    this.#browser.removeItem(DRIVER_KEY);
  }
}

/** null: another version of the page wrote it otherwise; one signs in again. */
function signedInOf(text: string): SignedIn | null {
  let kept: unknown;
  try {
    kept = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof kept !== 'object' || kept === null || !('token' in kept) || !('renewal' in kept)) return null;
  const { token, renewal } = kept;
  if (typeof token !== 'string') return null;
  return { token, renewal: isRenewal(renewal) ? renewal : null };
}

const isRenewal = (value: unknown): value is Renewal =>
  typeof value === 'object' &&
  value !== null &&
  ['refreshToken', 'tokenEndpoint', 'clientId'].every((key) => typeof (value as Record<string, unknown>)[key] === 'string');

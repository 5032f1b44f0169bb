import { type Person, personOf } from './person.ts';
import { type SharedSignIn, SharedSignInError } from './shared-sign-in.ts';
import { type SignedIn, signedInFrom } from './signed-in.ts';

const TOKEN_KEY = 'corridor.token';
const RENEWAL_KEY = 'corridor.renewal';
const CLAIMS_KEY = 'corridor.claims';
/** Who may do more than drive is asked in every tab: several people use the browser of a control room. */
const OTHERS: readonly string[] = ['PLATFORM_OPERATOR', 'STATION_OPERATOR', 'BATTERY_OWNER', 'CARRIER', 'SERVICE'];

/** Whether the sign-in is for all tabs of the browser: of a driver who is nothing else (ADR 24). */
export const isForAllTabs = ({ roles }: Person): boolean => roles.includes('DRIVER') && !roles.some((role) => OTHERS.includes(role));

export const whoIs = ({ token, claims }: SignedIn): Person => personOf(token, claims);

/** Where sign-ins stay: a driver's for the browser, since a phone's camera opens each link in a new tab; all others' for their tab. */
export class KeptSignIn {
  readonly #tab: Storage;
  readonly shared: SharedSignIn;

  constructor(tab: Storage, shared: SharedSignIn) {
    this.#tab = tab;
    this.shared = shared;
  }

  /** Of this tab, else of the driver who signed in in another one. */
  async find(): Promise<{ signedIn: SignedIn; isShared: boolean } | null> {
    const own = this.#ofTab();
    if (own !== null) return { signedIn: own, isShared: false };
    const driver = await this.driver();
    return driver === null || driver === 'UNKNOWN' ? null : { signedIn: driver, isShared: true };
  }

  /** @returns `UNKNOWN` where the browser does not tell */
  driver(): Promise<SignedIn | null | 'UNKNOWN'> {
    return known(this.shared.read());
  }

  /** @returns what is there then; `UNKNOWN` where the browser does not change it */
  changeDriver(next: (there: SignedIn | null) => SignedIn | null): Promise<SignedIn | null | 'UNKNOWN'> {
    return known(this.shared.change(next));
  }

  /** Of the driver who is signed in for all tabs, whichever token he has by now; nobody else. */
  async forgetDriver({ userId }: Person): Promise<void> {
    await this.changeDriver((there) => (there !== null && whoIs(there).userId === userId ? null : there));
  }

  keepInTab({ token, renewal, claims }: SignedIn): void {
    this.#tab.setItem(TOKEN_KEY, token);
    this.#tab.setItem(CLAIMS_KEY, JSON.stringify(claims));
    if (renewal === null) this.#tab.removeItem(RENEWAL_KEY);
    else this.#tab.setItem(RENEWAL_KEY, JSON.stringify(renewal));
  }

  forgetTab(): void {
    for (const key of [TOKEN_KEY, RENEWAL_KEY, CLAIMS_KEY]) this.#tab.removeItem(key);
  }

  #ofTab(): SignedIn | null {
    const token = this.#tab.getItem(TOKEN_KEY);
    return signedInFrom({ token, renewal: parsed(this.#tab.getItem(RENEWAL_KEY)), claims: parsed(this.#tab.getItem(CLAIMS_KEY)) });
  }
}

async function known(answer: Promise<SignedIn | null>): Promise<SignedIn | null | 'UNKNOWN'> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof SharedSignInError)) throw error;
    console.warn('tabs do not hear of each other', error);
    return 'UNKNOWN';
  }
}

/** null: another version of the page wrote it otherwise. */
function parsed(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

import { createStore, get, set } from 'idb-keyval';
import { type SignedIn, signedInFrom } from './signed-in.ts';

const KEY = 'driver';

/** The last thing that a tab of this browser did with a driver's sign-in. */
export interface LatestSignIn {
  userId: string;
  /** Of the token that was got, or signed out. */
  issuedAtMs: number | null;
  /** null: signed out. */
  signedIn: SignedIn | null;
}

export interface SignInRecord {
  /** null: nothing was written, or this browser lets no page write. */
  read(): Promise<LatestSignIn | null>;
  /** @returns when whoever reads after it gets it */
  write(latest: LatestSignIn): Promise<void>;
}

/**
 * What localStorage cannot be: the same for all tabs at every instant. A browser gives each tab's process its own copy of that, so that
 * a tab that was waiting for its turn may still read the refresh token that the tab before it has just used. IndexedDB has transactions
 * over all of them. A browser that lets no page write to it leaves the tabs to localStorage.
 */
export function signInRecord(): SignInRecord {
  // Opened when it is first asked for, and not where nobody drives.
  let store: ReturnType<typeof createStore> | null = null;
  const opened = () => (store ??= createStore('corridor', 'sign-in'));
  return {
    read: () => readLatest(() => get<unknown>(KEY, opened())),
    write: async (latest) => {
      try {
        await set(KEY, latest, opened());
      } catch (error) {
        console.warn('other tabs hear of the sign-in later', error);
      }
    },
  };
}

async function readLatest(read: () => Promise<unknown>): Promise<LatestSignIn | null> {
  try {
    return latestFrom(await read());
  } catch (error) {
    console.warn('the sign-in of other tabs cannot be read', error);
    return null;
  }
}

/** null: another version of the page wrote it otherwise. */
function latestFrom(kept: unknown): LatestSignIn | null {
  if (typeof kept !== 'object' || kept === null || !('userId' in kept) || !('issuedAtMs' in kept) || !('signedIn' in kept)) return null;
  const { userId, issuedAtMs } = kept;
  if (typeof userId !== 'string' || (issuedAtMs !== null && typeof issuedAtMs !== 'number')) return null;
  const signedIn = kept.signedIn === null ? null : signedInFrom(kept.signedIn);
  return kept.signedIn !== null && signedIn === null ? null : { userId, issuedAtMs, signedIn };
}

import { createStore, get, update } from 'idb-keyval';
import { areSame, type SignedIn, signedInFrom } from './signed-in.ts';

const KEY = 'driver';
/** Tells other tabs that it is another one. */
const CHANNEL = 'corridor.driver';
/** A database that answers later is not waited for, since nobody else could renew or sign in meanwhile [ms]. */
const ANSWERS_WITHIN_MS = 2_000;

/** The browser lets no page write, or its database does not answer. */
export class SharedSignInError extends Error {
  readonly code = 'SHARED_SIGN_IN';
}

/** A driver's sign-in, one for all tabs of a browser. */
export interface SharedSignIn {
  /** @returns null: nobody is signed in for all tabs. @throws SharedSignInError */
  read(): Promise<SignedIn | null>;
  /**
   * Changes it as no other tab can meanwhile.
   * @param next of what is there; the same one: it stays
   * @returns what is there then
   * @throws SharedSignInError when nothing was changed
   */
  change(next: (there: SignedIn | null) => SignedIn | null): Promise<SignedIn | null>;
  /** @param listener told when another tab has changed it */
  listen(listener: () => void): void;
}

/**
 * In IndexedDB, whose transactions all tabs see in one order. localStorage is copied from process to process: a tab whose turn has come
 * may still read there the refresh token that the tab before it has just used, or a sign-in that another one has just ended.
 */
export function sharedSignIn(answersWithinMs = ANSWERS_WITHIN_MS): SharedSignIn {
  const store = createStore('corridor', 'sign-in');
  const channel = new BroadcastChannel(CHANNEL);
  return {
    read: async () => signedInFrom(await inTime(() => get<unknown>(KEY, store), answersWithinMs)),
    async change(next) {
      let isLate = false;
      let there: SignedIn | null = null;
      let isOther = false;
      const decide = (kept: unknown): SignedIn | undefined => {
        const before = signedInFrom(kept);
        // Whoever asked has gone on without it.
        there = isLate ? before : next(before);
        isOther = before === null || there === null ? before !== there : !areSame(before, there);
        return there ?? undefined;
      };
      try {
        await inTime(() => update<unknown>(KEY, decide, store), answersWithinMs);
      } catch (cause) {
        isLate = true;
        throw cause;
      }
      // It reaches pages of this origin alone, as all of a BroadcastChannel.
      // oxlint-disable-next-line unicorn/require-post-message-target-origin
      if (isOther) channel.postMessage(null);
      return there;
    },
    listen: (listener) => channel.addEventListener('message', listener),
  };
}

/** @throws SharedSignInError when it refuses, or has not answered until then */
async function inTime<T>(ask: () => Promise<T>, ms: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it has not answered for ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([ask(), tooLate]);
  } catch (cause) {
    throw new SharedSignInError("no help from the browser's database", { cause });
  } finally {
    clearTimeout(timer);
  }
}

import { useEffect, useState } from 'preact/hooks';

/** Something that is fetched. */
export interface Fetched<T> {
  /** The last answer to this key, also while a newer one is on its way or could not be had; null: there is none yet. */
  value: T | null;
  /** `failed` beside a value: that one is older than was asked for. */
  state: 'loading' | 'ready' | 'failed';
  retry: () => void;
}

interface Seen<T> {
  readonly key: string | null;
  readonly value: T | null;
  readonly state: Fetched<T>['state'];
}

/**
 * Fetches when `key` or `turn` changes; an answer to an older one is dropped. What is asked for again in another turn stays until there is a
 * newer answer; of another key nothing is shown before its own is there: it would be taken for what it is not.
 * @param key what is asked for; null fetches nothing
 */
export function useFetched<T>(key: string | null, fetchIt: () => Promise<T>, turn: string | number = 0): Fetched<T> {
  const [seen, setSeen] = useState<Seen<T>>({ key, value: null, state: 'loading' });
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    if (key === null) return undefined;
    let current = true;
    const nothing: Seen<T> = { key, value: null, state: 'loading' };
    setSeen((before) => (before.key === key && before.value !== null ? before : nothing));
    const load = async (): Promise<void> => {
      try {
        const value = await fetchIt();
        if (current) setSeen({ key, value, state: 'ready' });
      } catch {
        // The client has already dealt with a lost session; here the panel says that this part is not available, or is old.
        if (current) setSeen((before) => ({ ...(before.key === key ? before : nothing), state: 'failed' }));
      }
    };
    void load();
    return () => {
      current = false;
    };
  }, [key, turn, attempt]);
  const shown: Seen<T> = seen.key === key ? seen : { key, value: null, state: 'loading' };
  return { value: shown.value, state: shown.state, retry: () => setAttempt(attempt + 1) };
}

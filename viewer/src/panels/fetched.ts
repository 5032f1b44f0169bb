import { useEffect, useState } from 'preact/hooks';

/** Something that is fetched: what is shown stays while a newer one is on its way. */
export interface Fetched<T> {
  value: T | null;
  state: 'loading' | 'ready' | 'failed';
  retry: () => void;
}

/** Fetches when `key` changes; an answer to an older key is dropped. `key` null fetches nothing. */
export function useFetched<T>(key: string | null, fetchIt: () => Promise<T>): Fetched<T> {
  const [value, setValue] = useState<T | null>(null);
  const [state, setState] = useState<Fetched<T>['state']>('loading');
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    if (key === null) return undefined;
    let current = true;
    setState((before) => (before === 'ready' ? before : 'loading'));
    const load = async (): Promise<void> => {
      try {
        const answer = await fetchIt();
        if (!current) return;
        setValue(answer);
        setState('ready');
      } catch {
        // The client has already dealt with a lost session; here the panel says that this part is not available.
        if (current) setState((before) => (before === 'ready' ? before : 'failed'));
      }
    };
    void load();
    return () => {
      current = false;
    };
  }, [key, attempt]);
  return { value, state, retry: () => setAttempt(attempt + 1) };
}

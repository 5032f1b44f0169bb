import { useEffect, useRef, useState } from 'preact/hooks';
import type { PageOf } from '../../feed/money-api.ts';

/** A list of which more is fetched on demand: old rows stay until newer ones are there. */
export interface Paged<T> {
  items: readonly T[] | null;
  more: boolean;
  state: 'loading' | 'ready' | 'failed';
  loadMore: () => void;
  refresh: () => void;
}

export type PageFetcher<T> = (cursor: string | null) => Promise<PageOf<T>>;

/** Fetches from the start when `key` changes; an answer to an older key is dropped. */
export function usePaged<T>(key: string, fetchPage: PageFetcher<T>): Paged<T> {
  const [items, setItems] = useState<readonly T[] | null>(null);
  const [cursor, setCursor] = useState<string | null>(null);
  const [state, setState] = useState<Paged<T>['state']>('loading');
  const [attempt, setAttempt] = useState(0);
  const generation = useRef(0);
  const load = async (from: string | null): Promise<void> => {
    const mine = generation.current;
    setState('loading');
    try {
      const page = await fetchPage(from);
      if (mine !== generation.current) return;
      setItems((before) => (from === null ? page.items : [...(before ?? []), ...page.items]));
      setCursor(page.nextCursor);
      setState('ready');
    } catch {
      // The client has dealt with a lost session; the list says that it could not be brought up to date.
      if (mine === generation.current) setState('failed');
    }
  };
  useEffect(() => {
    generation.current++;
    void load(null);
    return () => {
      generation.current++;
    };
  }, [key, attempt]);
  return {
    items,
    more: cursor !== null,
    state,
    loadMore: () => {
      if (cursor !== null && state !== 'loading') void load(cursor);
    },
    refresh: () => setAttempt(attempt + 1),
  };
}

import { useRef, useState } from 'preact/hooks';
import { type Paged, type PageFetcher, usePaged } from '../money/paged.ts';
import { useEvery } from './every.ts';

/**
 * A list whose first page is asked for again and again, each time after the answer before has come; once more of it was opened it stands
 * still until it is refreshed.
 */
export function useLivePaged<T>(key: string, fetchPage: PageFetcher<T>, everyMs: number): Paged<T> {
  const [isStill, setStill] = useState(false);
  const count = useEvery(everyMs);
  const asked = useRef(count);
  const isAsking = useRef(true);
  const shownKey = useRef<string | null>(null);
  if (!isStill && !isAsking.current) asked.current = count;
  const list = usePaged(`${key}/${asked.current}`, fetchPage);
  isAsking.current = list.state === 'loading';
  if (list.state === 'ready') shownKey.current = key;
  return {
    ...list,
    // What is shown stays as it is while the same is asked for again.
    state: list.state === 'loading' && shownKey.current === key ? 'ready' : list.state,
    loadMore: () => {
      setStill(true);
      list.loadMore();
    },
    refresh: () => {
      setStill(false);
      list.refresh();
    },
  };
}

import { useEffect, useState } from 'preact/hooks';

export interface Polled<T> {
  /** The last answer to this key; stays while newer ones fail. */
  value: T | null;
  /** Whether the last attempt failed. */
  failed: boolean;
  again: () => void;
}

/**
 * Asks again and again, each time after the answer before has come: over a line on which one takes longer than that, too.
 * @param everyMs between an answer and the next question, wall time; null: it is asked once
 * @param turn asks at once when it changes
 */
export function usePolled<T>(key: string, fetchIt: () => Promise<T>, everyMs: number | null, turn: string | number = 0): Polled<T> {
  const [seen, setSeen] = useState<{ key: string; value: T | null; failed: boolean }>({ key, value: null, failed: false });
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let current = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async (): Promise<void> => {
      try {
        const value = await fetchIt();
        if (current) setSeen({ key, value, failed: false });
      } catch {
        // The client has dealt with a lost session; what was seen stays, and is said to be old.
        if (current) setSeen((before) => ({ key, value: before.key === key ? before.value : null, failed: true }));
      }
      if (current && everyMs !== null) timer = setTimeout(() => void look(), everyMs);
    };
    void look();
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [key, turn, attempt, everyMs]);
  return { value: seen.key === key ? seen.value : null, failed: seen.key === key && seen.failed, again: () => setAttempt(attempt + 1) };
}

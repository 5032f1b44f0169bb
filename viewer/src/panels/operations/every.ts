import { useEffect, useState } from 'preact/hooks';

/** Counts up while the page is open: what is fetched by it is asked for again. @param everyMs wall time */
export function useEvery(everyMs: number): number {
  const [count, setCount] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setCount((before) => before + 1), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return count;
}

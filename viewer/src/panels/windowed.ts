import type { RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

/** Rows that are kept ready above and below those in sight. */
const SPARE_ROWS = 8;
/** Until the box has been measured. */
const FIRST_HEIGHT_PX = 600;

export interface WindowedAsked {
  readonly count: number;
  readonly rowPx: number;
  /** Height of a head that stays at the top of the box, over the rows. */
  readonly headPx: number;
}

export interface Windowed {
  readonly box: RefObject<HTMLDivElement | null>;
  /** Rows that are to be drawn: from `first` to before `last`. */
  readonly first: number;
  readonly last: number;
  readonly onScroll: () => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

/**
 * A list of any length that holds only the rows in sight. Each row has its number in `data-row` and a button in it: arrow keys, Page up and down, Home
 * and End move the focus from row to row.
 */
export function useWindowed({ count, rowPx, headPx }: WindowedAsked): Windowed {
  const box = useRef<HTMLDivElement>(null);
  const [scrollPx, setScrollPx] = useState(0);
  const [heightPx, setHeightPx] = useState(FIRST_HEIGHT_PX);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => setHeightPx(element.clientHeight));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const onScroll = (): void => setScrollPx(box.current?.scrollTop ?? scrollPx);
  const onKeyDown = (event: KeyboardEvent): void => {
    const element = box.current;
    const at = Number((event.target as HTMLElement).closest<HTMLElement>('[data-row]')?.dataset['row']);
    if (element === null || !Number.isInteger(at)) return;
    const page = Math.max(Math.floor((heightPx - headPx) / rowPx) - 1, 1);
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -count, End: count };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const to = Math.min(Math.max(at + step, 0), count - 1);
    const topPx = to * rowPx;
    const bottomPx = topPx + rowPx + headPx;
    if (topPx < element.scrollTop) element.scrollTop = topPx;
    else if (bottomPx > element.scrollTop + element.clientHeight) element.scrollTop = bottomPx - element.clientHeight;
    onScroll();
    requestAnimationFrame(() => element.querySelector<HTMLElement>(`[data-row="${to}"] button`)?.focus());
  };
  return {
    box,
    first: Math.max(Math.floor(scrollPx / rowPx) - SPARE_ROWS, 0),
    last: Math.min(Math.ceil((scrollPx + heightPx) / rowPx) + SPARE_ROWS, count),
    onScroll,
    onKeyDown,
  };
}

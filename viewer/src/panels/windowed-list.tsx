import type { VNode } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

export interface WindowedListProps<Item> {
  items: readonly Item[];
  keyOf: (item: Item) => string;
  rowHeightPx: number;
  label: string;
  row: (item: Item) => VNode;
}

const SPARE_ROWS = 6;

/** A list of any length that holds only the rows in sight. Arrow keys, Home and End move the focus from row to row. */
export function WindowedList<Item>({ items, keyOf, rowHeightPx, label, row }: WindowedListProps<Item>): VNode {
  const box = useRef<HTMLDivElement>(null);
  const [scrollPx, setScrollPx] = useState(0);
  const [heightPx, setHeightPx] = useState(600);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => setHeightPx(element.clientHeight));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const first = Math.max(Math.floor(scrollPx / rowHeightPx) - SPARE_ROWS, 0);
  const last = Math.min(Math.ceil((scrollPx + heightPx) / rowHeightPx) + SPARE_ROWS, items.length);
  const onKeyDown = (event: KeyboardEvent): void => {
    const element = box.current;
    const at = Number((event.target as HTMLElement).closest<HTMLElement>('[data-row]')?.dataset['row']);
    if (element === null || !Number.isInteger(at)) return;
    const page = Math.max(Math.floor(heightPx / rowHeightPx) - 1, 1);
    const steps: Record<string, number> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: -items.length,
      End: items.length,
    };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const to = Math.min(Math.max(at + step, 0), items.length - 1);
    const topPx = to * rowHeightPx;
    if (topPx < element.scrollTop) element.scrollTop = topPx;
    else if (topPx + rowHeightPx > element.scrollTop + element.clientHeight) element.scrollTop = topPx + rowHeightPx - element.clientHeight;
    setScrollPx(element.scrollTop);
    requestAnimationFrame(() => element.querySelector<HTMLElement>(`[data-row="${to}"] button`)?.focus());
  };
  return (
    <div class="windowed" ref={box} onScroll={(event) => setScrollPx(event.currentTarget.scrollTop)} onKeyDown={onKeyDown}>
      <ul aria-label={label} style={{ height: `${items.length * rowHeightPx}px` }}>
        {items.slice(first, last).map((item, i) => (
          <li
            key={keyOf(item)}
            data-row={first + i}
            aria-setsize={items.length}
            aria-posinset={first + i + 1}
            style={{ transform: `translateY(${(first + i) * rowHeightPx}px)`, height: `${rowHeightPx}px` }}
          >
            {row(item)}
          </li>
        ))}
      </ul>
    </div>
  );
}

import type { VNode } from 'preact';
import { useWindowed } from './windowed.ts';

export interface WindowedListProps<Item> {
  items: readonly Item[];
  keyOf: (item: Item) => string;
  rowHeightPx: number;
  label: string;
  row: (item: Item) => VNode;
}

/** A list of any length that holds only the rows in sight. */
export function WindowedList<Item>({ items, keyOf, rowHeightPx, label, row }: WindowedListProps<Item>): VNode {
  const { box, first, last, onScroll, onKeyDown } = useWindowed({ count: items.length, rowPx: rowHeightPx, headPx: 0 });
  return (
    <div class="windowed" ref={box} onScroll={onScroll} onKeyDown={onKeyDown}>
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

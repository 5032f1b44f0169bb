import { ArrowDown, ArrowUp } from 'lucide';
import type { EquipmentRow } from '@corridor/protocols/http/equipment';
import type { VNode } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useWords } from '../app-context.ts';
import { Icon } from '../icon.tsx';
import { EquipmentCell } from './equipment-cell.tsx';
import { type ColumnName, NUMERIC, type Sorting } from './equipment-columns.ts';

const ROW_PX = 34;
const SPARE_ROWS = 8;
/** Left out where there is no room; the inside of a row has them. */
const ASIDE: ReadonlySet<ColumnName> = new Set(['state', 'place', 'ownerId']);
const classOf = (column: ColumnName): string => (NUMERIC.has(column) ? 'amount' : ASIDE.has(column) ? 'aside' : '');

export interface EquipmentTableProps {
  rows: readonly EquipmentRow[];
  columns: readonly ColumnName[];
  sorting: Sorting;
  sortBy: (column: ColumnName) => void;
  openedId: string | null;
  open: (id: string) => void;
  /** Whether somebody points into it or stands in it: then nothing may move. */
  setHeld: (held: boolean) => void;
  label: string;
}

/** A table of any length that holds only the rows in sight. Arrow keys, Home and End go from row to row. */
export function EquipmentTable(props: EquipmentTableProps): VNode {
  const { rows, columns, setHeld } = props;
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
  const first = Math.max(Math.floor(scrollPx / ROW_PX) - SPARE_ROWS, 0);
  const last = Math.min(Math.ceil((scrollPx + heightPx) / ROW_PX) + SPARE_ROWS, rows.length);
  return (
    <div
      class="data-scroll"
      ref={box}
      onScroll={(event) => setScrollPx(event.currentTarget.scrollTop)}
      onKeyDown={(event) => moveFocus(event, { element: box.current, count: rows.length, heightPx })}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocusIn={() => setHeld(true)}
      onFocusOut={() => setHeld(false)}
    >
      <table class="live-table" aria-label={props.label} aria-rowcount={rows.length + 1}>
        <Head {...props} />
        <tbody>
          {first > 0 && <tr aria-hidden="true" style={{ height: `${first * ROW_PX}px` }} />}
          {rows.slice(first, last).map((row, index) => (
            <tr
              key={row.id}
              data-equipment={row.id}
              data-row={first + index}
              aria-rowindex={first + index + 2}
              class={row.id === props.openedId ? 'on' : ''}
              onClick={() => props.open(row.id)}
            >
              {columns.map((column) =>
                column === 'id' ? (
                  <th key={column} scope="row">
                    <button type="button" class="link" aria-expanded={row.id === props.openedId}>
                      <EquipmentCell row={row} column={column} />
                    </button>
                  </th>
                ) : (
                  <td key={column} class={classOf(column)}>
                    <EquipmentCell row={row} column={column} />
                  </td>
                ),
              )}
            </tr>
          ))}
          {last < rows.length && <tr aria-hidden="true" style={{ height: `${(rows.length - last) * ROW_PX}px` }} />}
        </tbody>
      </table>
    </div>
  );
}

function Head({ columns, sorting, sortBy }: EquipmentTableProps): VNode {
  const words = useWords();
  return (
    <thead>
      <tr aria-rowindex={1}>
        {columns.map((column) => {
          const isOn = sorting.column === column;
          return (
            <th
              key={column}
              scope="col"
              class={classOf(column)}
              aria-sort={isOn ? (sorting.descending ? 'descending' : 'ascending') : undefined}
            >
              <button type="button" data-sort={column} onClick={() => sortBy(column)}>
                {words.data.column[column]}
                {isOn && <Icon node={sorting.descending ? ArrowDown : ArrowUp} size={12} />}
              </button>
            </th>
          );
        })}
      </tr>
    </thead>
  );
}

function moveFocus(event: KeyboardEvent, { element, count, heightPx }: { element: HTMLElement | null; count: number; heightPx: number }): void {
  const at = Number((event.target as HTMLElement).closest<HTMLElement>('[data-row]')?.dataset['row']);
  if (element === null || !Number.isInteger(at)) return;
  const page = Math.max(Math.floor(heightPx / ROW_PX) - 2, 1);
  const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -count, End: count };
  const step = steps[event.key];
  if (step === undefined) return;
  event.preventDefault();
  const to = Math.min(Math.max(at + step, 0), count - 1);
  // The head covers the height of a row.
  const topPx = to * ROW_PX;
  if (topPx < element.scrollTop) element.scrollTop = topPx;
  else if (topPx + 2 * ROW_PX > element.scrollTop + element.clientHeight) element.scrollTop = topPx + 2 * ROW_PX - element.clientHeight;
  requestAnimationFrame(() => element.querySelector<HTMLElement>(`[data-row="${to}"] button`)?.focus());
}

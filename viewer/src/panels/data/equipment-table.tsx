import type { EquipmentColumn, EquipmentRow } from '@corridor/protocols/http/equipment';
import { ArrowDown, ArrowUp } from 'lucide';
import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import type { EquipmentAsked } from '../../feed/data-api.ts';
import { useWords } from '../app-context.ts';
import { Icon } from '../icon.tsx';
import { useWindowed } from '../windowed.ts';
import { EquipmentCell } from './equipment-cell.tsx';
import { NUMERIC } from './equipment-columns.ts';
import type { SeenRows } from './equipment-reader.ts';

const ROW_PX = 34;
/** Left out where there is no room; the inside of a row has them. */
const ASIDE: ReadonlySet<EquipmentColumn> = new Set(['state', 'place', 'ownerId']);
const classOf = (column: EquipmentColumn): string => (NUMERIC.has(column) ? 'amount' : ASIDE.has(column) ? 'aside' : '');

export interface EquipmentTableProps {
  rows: readonly EquipmentRow[];
  /** Rows that there are, also those not fetched yet. */
  found: number;
  columns: readonly EquipmentColumn[];
  asked: Pick<EquipmentAsked, 'sort' | 'descending'>;
  sortBy: (column: EquipmentColumn) => void;
  openedId: string | null;
  open: (id: string) => void;
  /** Whether somebody points into it or stands in it: then nothing may move. */
  setHeld: (held: boolean) => void;
  /** Told of the rows in sight, and some around them. */
  onSeen: (seen: SeenRows) => void;
  label: string;
}

/** A table of any length that holds only the rows in sight. Arrow keys, Home and End go from row to row. */
export function EquipmentTable(props: EquipmentTableProps): VNode {
  const { rows, columns, setHeld, onSeen } = props;
  const { box, first, last, onScroll, onKeyDown } = useWindowed({ count: rows.length, rowPx: ROW_PX, headPx: ROW_PX });
  useEffect(() => onSeen({ first, last }), [first, last, rows]);
  return (
    <div
      class="data-scroll"
      ref={box}
      onScroll={onScroll}
      onKeyDown={onKeyDown}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocusIn={() => setHeld(true)}
      onFocusOut={() => setHeld(false)}
    >
      <table class="live-table" aria-label={props.label} aria-rowcount={props.found + 1}>
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

function Head({ columns, asked, sortBy }: EquipmentTableProps): VNode {
  const words = useWords();
  return (
    <thead>
      <tr aria-rowindex={1}>
        {columns.map((column) => {
          const isOn = asked.sort === column;
          return (
            <th
              key={column}
              scope="col"
              class={classOf(column)}
              aria-sort={isOn ? (asked.descending ? 'descending' : 'ascending') : undefined}
            >
              <button type="button" data-sort={column} onClick={() => sortBy(column)}>
                {words.data.column[column]}
                {isOn && <Icon node={asked.descending ? ArrowDown : ArrowUp} size={12} />}
              </button>
            </th>
          );
        })}
      </tr>
    </thead>
  );
}

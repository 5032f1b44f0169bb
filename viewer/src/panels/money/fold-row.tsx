import { ChevronRight } from 'lucide';
import type { ComponentChildren, VNode } from 'preact';
import { useState } from 'preact/hooks';
import { dayAndTime, withZone } from '../../format/time.ts';
import { Icon } from '../icon.tsx';

/** A row of a table whose first cell, a time with a name below it, opens what is behind the row. */
export function FoldRow(props: {
  name: string;
  id: string;
  at: string;
  below: string;
  /** The cells after the first. */
  cells: ComponentChildren;
  columns: number;
  inside: () => ComponentChildren;
}): VNode {
  const [open, setOpen] = useState(false);
  return (
    <>
      <tr {...{ [`data-${props.name}`]: props.id }}>
        <td>
          <button type="button" class="order-fold" aria-expanded={open} onClick={() => setOpen(!open)}>
            <Icon node={ChevronRight} size={12} />
            <span>
              <time class="figure" dateTime={props.at} title={withZone(props.at)}>
                {dayAndTime(props.at)}
              </time>
              <small>{props.below}</small>
            </span>
          </button>
        </td>
        {props.cells}
      </tr>
      {open && (
        <tr>
          <td colSpan={props.columns} class="order-bill">
            {props.inside()}
          </td>
        </tr>
      )}
    </>
  );
}

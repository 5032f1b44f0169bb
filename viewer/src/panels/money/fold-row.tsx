import { ChevronRight } from 'lucide';
import type { ComponentChildren, VNode } from 'preact';
import { useState } from 'preact/hooks';
import { Icon } from '../icon.tsx';

/** A fold that something else opens and closes. */
export interface KeptFold {
  readonly open: boolean;
  readonly toggle: () => void;
}

/** A row of a table whose first cell, a head with a name below it, opens what is behind the row. */
export function FoldRow(props: {
  name: string;
  id: string;
  head: ComponentChildren;
  below: string;
  /** The cells after the first. */
  cells: ComponentChildren;
  columns: number;
  /** Whether there is a bill to open. */
  billed?: boolean;
  /** Whether it is open from the beginning. */
  open?: boolean;
  /** Where the address keeps whether it is open. */
  kept?: KeptFold;
  inside: () => ComponentChildren;
}): VNode {
  const [isOpen, setOpen] = useState(props.open === true);
  const { open, toggle } = props.kept ?? { open: isOpen, toggle: () => setOpen(!isOpen) };
  return (
    <>
      <tr {...{ [`data-${props.name}`]: props.id }}>
        <td>
          <button
            type="button"
            class="order-fold"
            data-billed={props.billed === true ? '' : undefined}
            aria-expanded={open}
            onClick={toggle}
          >
            <Icon node={ChevronRight} size={12} />
            <span>
              {props.head}
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

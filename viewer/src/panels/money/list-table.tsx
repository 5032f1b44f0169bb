import type { VNode } from 'preact';
import { type Column, TableHead } from './data-table.tsx';
import type { Paged } from './paged.ts';

/** The rows of a list that is fetched page by page, under their head; paler while newer ones are on their way. */
export function ListTable<T>(props: { list: Paged<T>; columns: readonly Column[]; row: (item: T) => VNode }): VNode | null {
  const { items, state } = props.list;
  if (items === null || items.length === 0) return null;
  return (
    <table class={state === 'loading' ? 'money-table aged' : 'money-table'}>
      <TableHead columns={props.columns} />
      <tbody>{items.map(props.row)}</tbody>
    </table>
  );
}

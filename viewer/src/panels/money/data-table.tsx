import type { ComponentChildren, VNode } from 'preact';

export interface Column {
  word: string;
  /** 'amount': at the right, in figures of one width; 'aside': left out where there is no room. */
  look?: 'amount' | 'aside' | 'amount aside';
}
export interface Row {
  key: string;
  cells: readonly ComponentChildren[];
}

export function TableHead({ columns }: { columns: readonly Column[] }): VNode {
  return (
    <thead>
      <tr>
        {columns.map(({ word, look }) => (
          <th key={word} scope="col" class={look}>
            {word}
          </th>
        ))}
      </tr>
    </thead>
  );
}

/** Figures in rows; nothing when there is no row. */
export function DataTable({
  caption,
  columns,
  rows,
}: {
  caption?: string;
  columns: readonly Column[];
  rows: readonly Row[];
}): VNode | null {
  if (rows.length === 0) return null;
  return (
    <table class="money-table data-table">
      {caption !== undefined && <caption>{caption}</caption>}
      <TableHead columns={columns} />
      <tbody>
        {rows.map(({ key, cells }) => (
          <tr key={key}>
            {cells.map((cell, i) => (
              <td key={columns[i]?.word ?? i} class={columns[i]?.look}>
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

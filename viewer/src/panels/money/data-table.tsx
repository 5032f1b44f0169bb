import type { ComponentChildren, VNode } from 'preact';

export interface Column {
  word: string;
  /** 'amount': at the right, in figures of one width; 'aside': left out where there is no room. */
  look?: 'amount' | 'aside';
}
export interface Row {
  key: string;
  cells: readonly ComponentChildren[];
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
      <thead>
        <tr>
          {columns.map(({ word, look }) => (
            <th key={word} scope="col" class={look}>
              {word}
            </th>
          ))}
        </tr>
      </thead>
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

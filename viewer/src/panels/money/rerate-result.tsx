import { Download } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { RerateRow, Rerating } from '../../feed/settlement-api.ts';
import { saveCsv, yuanCell } from '../../format/csv.ts';
import { yuan } from '../../format/money.ts';
import { figure } from '../../format/quantity.ts';
import { period } from '../../format/time.ts';
import { useApp, useWords } from '../app-context.ts';
import { Icon } from '../icon.tsx';
import { DataTable } from './data-table.tsx';
import { DifferencePlot } from './difference-plot.tsx';

const KINDS = ['PARTY', 'STATION', 'TRUCK'] as const;

/** Who gains and who loses, as a plot and to the fen, by party, station or truck. */
export function RerateResult({ rerating }: { rerating: Rerating }): VNode {
  const { names, language } = useApp();
  const words = useWords();
  const [kind, setKind] = useState<RerateRow['kind']>('PARTY');
  const rows = rerating.rows.filter((row) => row.kind === kind).sort(byDifference);
  const nameOf = (id: string): string => (kind === 'PARTY' ? names.nameOf(id, language.chinese) : id);
  return (
    <section class="money-part" data-part="re-rate-result">
      <div class="list-head">
        <h2>
          {words.money.difference}
          <small class="figure">{period(rerating.from, rerating.until)}</small>
        </h2>
        <div class="segments" role="group" aria-label={words.money.by}>
          {KINDS.map((one) => (
            <button key={one} type="button" data-by={one} aria-pressed={one === kind} onClick={() => setKind(one)}>
              {words.money.rerateKind[one]}
            </button>
          ))}
        </div>
        <div class="list-actions">
          <button type="button" class="button" data-action="csv" onClick={() => saveCsv('re-rating.csv', csvRows(rerating))}>
            <Icon node={Download} size={14} />
            CSV
          </button>
        </div>
      </div>
      {rows.length === 0 ? (
        <p class="nothing">{words.money.none}</p>
      ) : (
        <>
          <p class="nothing">{kind === 'PARTY' ? words.money.partyGains : words.money.paidMore}</p>
          <DifferencePlot bars={rows.map((row) => ({ name: nameOf(row.id), fen: row.differenceFen }))} />
          <DataTable
            columns={[
              { word: words.money.rerateKind[kind] ?? kind },
              { word: words.money.tab.orders, look: 'amount aside' },
              { word: words.money.before, look: 'amount aside' },
              { word: words.money.after, look: 'amount' },
              { word: words.money.difference, look: 'amount' },
            ]}
            rows={rows.map((row) => ({
              key: row.id,
              cells: [nameOf(row.id), figure(row.orders), yuan(row.beforeFen), yuan(row.afterFen), <b>{signed(row.differenceFen)}</b>],
            }))}
          />
        </>
      )}
      {rerating.leftOut.map(({ kind: what, reason, count }) => (
        <p key={`${what} ${reason}`} class="alarm-text" data-left-out={what}>
          {words.money.leftOut(words.money.leftOutKind[what] ?? what, figure(count), language.codeWord(reason))}
        </p>
      ))}
    </section>
  );
}

const signed = (fen: string): string => (fen.startsWith('-') || fen === '0' ? yuan(fen) : `+${yuan(fen)}`);

/** Largest gain first. */
function byDifference(a: RerateRow, b: RerateRow): number {
  const difference = BigInt(b.differenceFen) - BigInt(a.differenceFen);
  return difference === 0n ? a.id.localeCompare(b.id) : difference > 0n ? 1 : -1;
}

/** What is in no sum comes last, without amounts. */
function csvRows({ rows, leftOut }: Rerating): string[][] {
  return [
    ['kind', 'id', 'orders', 'before_yuan', 'after_yuan', 'difference_yuan'],
    ...rows.map((row) => [
      row.kind,
      row.id,
      String(row.orders),
      yuanCell(row.beforeFen),
      yuanCell(row.afterFen),
      yuanCell(row.differenceFen),
    ]),
    ...leftOut.map(({ kind, reason, count }) => ['LEFT_OUT', `${kind} ${reason}`, String(count), '', '', '']),
  ];
}

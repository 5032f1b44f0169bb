import { COMPLETENESS_SPANS, type CompletenessSpan, type SourceCompleteness, type SpanCounts } from '@corridor/protocols/http/completeness';
import { Download } from 'lucide';
import type { VNode } from 'preact';
import { saveCsv } from '../../format/csv.ts';
import { figure, UNKNOWN } from '../../format/quantity.ts';
import { anyText, LONGEST, oneOf } from '../../store/place-query.ts';
import { useApp, useWords } from '../app-context.ts';
import { Icon } from '../icon.tsx';
import { Choice } from '../money/list-tools.tsx';
import { NotFetched } from '../not-fetched.tsx';
import { usePolled } from '../polled.ts';
import { missingRows, PlaceNotice, usePlace } from '../use-place.tsx';
import { CompletenessDetail } from './completeness-detail.tsx';

const EVERY_MS = 10_000;
const PLACE = { text: anyText, span: oneOf(COMPLETENESS_SPANS, '24h'), open: anyText };
const COUNTS = ['received', 'missing', 'backfilled', 'late', 'duplicates', 'refused'] as const;
const keyOf = ({ source, lane }: SourceCompleteness): string => `${source.kind}:${source.id}:${lane}`;
const collator = new Intl.Collator('en', { numeric: true });

/** Worst first: what is whole needs nobody. */
const worstFirst = (span: CompletenessSpan) => (one: SourceCompleteness, other: SourceCompleteness) =>
  (one.spans[span].completeRatio ?? 2) - (other.spans[span].completeRatio ?? 2) || collator.compare(keyOf(one), keyOf(other));

export function shareText(ratio: number | null): string {
  if (ratio === null) return UNKNOWN;
  // What is nearly whole is not whole.
  const percent = ratio < 1 ? Math.min(ratio * 100, 99.99) : 100;
  return `${figure(percent, 2)} %`;
}

/** How completely each gateway was heard, with the hours and gaps of the one that is opened. */
export function CompletenessPart(): VNode {
  const { dataApi } = useApp();
  const words = useWords();
  const place = usePlace(PLACE);
  const { text, open: opened } = place.asked;
  const span = COMPLETENESS_SPANS.find((each) => each === place.asked.span) ?? '24h';
  const polled = usePolled('completeness', () => dataApi.completeness(), EVERY_MS);
  if (polled.value === null) {
    return (
      <section class="money-part" data-part="gateways">
        <NotFetched state={polled.failed ? 'failed' : 'loading'} retry={polled.again} tall />
      </section>
    );
  }
  const { items, scopeAt } = polled.value;
  const rows = items.filter(({ source }) => source.id.toLowerCase().includes(text.trim().toLowerCase())).toSorted(worstFirst(span));
  const one = items.find((each) => keyOf(each) === opened);
  return (
    <section class={one === undefined ? 'data-part' : 'data-part opened'} data-part="gateways">
      <div class="data-list">
        <div class="list-head">
          <label class="entry">
            <span>{words.data.search}</span>
            <input
              type="search"
              name="data-search"
              maxLength={LONGEST}
              value={text}
              onInput={(event) => place.narrow({ text: event.currentTarget.value })}
            />
          </label>
          <Choice
            name="data-span"
            label={words.data.spanLabel}
            value={span}
            choose={(value) => place.narrow({ span: value })}
            options={COMPLETENESS_SPANS.map((each) => [each, words.data.over[each]] as const)}
          />
          <div class="list-actions">
            <button
              type="button"
              class="button"
              data-action="csv"
              disabled={rows.length === 0}
              title={words.money.csv}
              onClick={() => saveCsv('completeness.csv', csvRows(rows))}
            >
              <Icon node={Download} size={14} />
              CSV
            </button>
          </div>
        </div>
        <PlaceNotice wrong={[...place.wrong, ...missingRows(opened, items.map(keyOf))]} />
        <p class="data-count" role="status">
          {words.data.count(figure(rows.length), figure(items.length))}
          {polled.failed && <span class="alarm-text"> {words.data.old}</span>}
        </p>
        {rows.length === 0 ? (
          <p class="nothing">{words.data.none}</p>
        ) : (
          <Sources rows={rows} span={span} opened={opened} open={(key) => place.narrow({ open: key === opened ? '' : key })} />
        )}
      </div>
      {one !== undefined && <CompletenessDetail key={opened} of={one} scopeAt={scopeAt} close={() => place.narrow({ open: '' })} />}
    </section>
  );
}

function Sources({
  rows,
  span,
  opened,
  open,
}: {
  rows: readonly SourceCompleteness[];
  span: CompletenessSpan;
  opened: string;
  open: (key: string) => void;
}): VNode {
  const words = useWords();
  return (
    // What scrolls is reached by keys, too.
    <div class="data-scroll" tabIndex={0} role="region" aria-label={words.data.tab.gateways}>
      <table class="live-table" aria-label={words.data.tab.gateways}>
        <thead>
          <tr>
            <th scope="col">{words.data.source}</th>
            <th scope="col">{words.data.lane}</th>
            <th scope="col" class="amount">
              {words.data.complete}
            </th>
            {COUNTS.map((count) => (
              <th key={count} scope="col" class="amount">
                {words.data.counts[count]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const key = keyOf(row);
            const counts = row.spans[span];
            return (
              <tr key={key} data-source={key} class={key === opened ? 'on' : ''} onClick={() => open(key)}>
                <th scope="row">
                  <button type="button" class="link" aria-expanded={key === opened}>
                    {row.source.id}
                  </button>
                </th>
                <td>{words.data.lanes[row.lane]}</td>
                <td class="amount">
                  <Share counts={counts} />
                </td>
                {COUNTS.map((count) => (
                  <td key={count} class="amount figure">
                    {figure(counts[count])}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Share({ counts: { completeRatio } }: { counts: SpanCounts }): VNode {
  return (
    <span class="share">
      <span class="soc-track">
        <span class="share-fill" style={{ width: `${(completeRatio ?? 0) * 100}%` }} />
      </span>
      <span class="figure">{shareText(completeRatio)}</span>
    </span>
  );
}

function csvRows(rows: readonly SourceCompleteness[]): string[][] {
  return [
    ['source_kind', 'source', 'lane', 'span', 'complete_ratio', ...COUNTS],
    ...rows.flatMap(({ source, lane, spans }) =>
      COMPLETENESS_SPANS.map((span) => [
        source.kind,
        source.id,
        lane,
        span,
        spans[span].completeRatio === null ? '' : String(spans[span].completeRatio),
        ...COUNTS.map((count) => String(spans[span][count])),
      ]),
    ),
  ];
}

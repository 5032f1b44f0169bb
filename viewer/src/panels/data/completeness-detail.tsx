import type { HourCounts, SourceCompleteness, SourceHours } from '@corridor/protocols/http/completeness';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { figure } from '../../format/quantity.ts';
import { clockTime, day, dayAndTime } from '../../format/time.ts';
import { useApp, useWords } from '../app-context.ts';
import { useFetched } from '../fetched.ts';
import { DataTable } from '../money/data-table.tsx';
import { NotFetched } from '../not-fetched.tsx';
import { CloseDetail } from './close-detail.tsx';

const SPANS = { day: 24, week: 168, month: 720 } as const;
type Span = keyof typeof SPANS;
const SPAN_NAMES = Object.keys(SPANS) as Span[];
const HOUR_MS = 3_600_000;
const BAR_PX = 72;
/** The hours follow the time in steps of this many wall seconds. */
const STEP_S = 30;

/** A bar for each hour of a gateway, and the gaps in its numbers. */
export function CompletenessDetail({ of, scopeAt, close }: { of: SourceCompleteness; scopeAt: string; close: () => void }): VNode {
  const { dataApi, second } = useApp();
  const words = useWords();
  const [span, setSpan] = useState<Span>('day');
  const { value, state, retry } = useFetched(span, () => dataApi.hoursOf(of.source, SPANS[span]), Math.floor(second.value / STEP_S));
  return (
    <section class="data-detail" data-detail={of.source.id} aria-label={of.source.id}>
      <header>
        <h2>{of.source.id}</h2>
        <span>{words.data.lanes[of.lane]}</span>
        <CloseDetail close={close} />
      </header>
      <div class="segmented" role="group" aria-label={words.data.spanLabel}>
        {SPAN_NAMES.map((one) => (
          <button key={one} type="button" data-span={one} aria-pressed={one === span} onClick={() => setSpan(one)}>
            {words.data.span[one]}
          </button>
        ))}
      </div>
      {value !== null && state === 'failed' && <p class="alarm-text">{words.data.old}</p>}
      {value === null ? (
        <NotFetched state={state} retry={retry} tall />
      ) : (
        <>
          <HourBars hours={value.hours.filter(({ lane }) => lane === of.lane)} count={SPANS[span]} untilMs={Date.parse(scopeAt)} />
          <p class="soh-method">{words.data.completeNote}</p>
          <Gaps value={value} lane={of.lane} />
        </>
      )}
    </section>
  );
}

/** Received and missing of each hour, the greatest hour as high as the picture. */
function HourBars({ hours, count, untilMs }: { hours: readonly HourCounts[]; count: number; untilMs: number }): VNode {
  const words = useWords();
  const lastMs = Math.floor(untilMs / HOUR_MS) * HOUR_MS;
  const byMs = new Map(hours.map((hour) => [Date.parse(hour.hour), hour]));
  const most = hours.reduce((top, { received, missing }) => Math.max(top, received + missing), 1);
  const heightOf = (messages: number): number => (messages / most) * BAR_PX;
  const sum = (what: 'received' | 'missing'): number => hours.reduce((total, hour) => total + hour[what], 0);
  const label = words.data.barsLabel(figure(sum('received')), figure(sum('missing')));
  return (
    <figure class="hour-bars">
      <svg viewBox={`0 0 ${count} ${BAR_PX}`} preserveAspectRatio="none" role="img" aria-label={label}>
        {Array.from({ length: count }, (_, index) => {
          const hourMs = lastMs - (count - 1 - index) * HOUR_MS;
          const hour = byMs.get(hourMs);
          if (hour === undefined) return null;
          const [received, missing] = [heightOf(hour.received), heightOf(hour.missing)];
          return (
            <g key={hourMs}>
              <title>
                {day(hourMs)} {clockTime(hourMs).slice(0, 5)}: {words.data.barsLabel(figure(hour.received), figure(hour.missing))}
              </title>
              <rect class="bar-received" x={index + 0.08} width={0.84} y={BAR_PX - received} height={received} />
              <rect class="bar-missing" x={index + 0.08} width={0.84} y={BAR_PX - received - missing} height={missing} />
            </g>
          );
        })}
      </svg>
      <figcaption>
        <span>{dayAndTime(lastMs - (count - 1) * HOUR_MS).slice(0, 16)}</span>
        <span>{label}</span>
        <span>{clockTime(lastMs).slice(0, 5)}</span>
      </figcaption>
    </figure>
  );
}

function Gaps({ value, lane }: { value: SourceHours; lane: string }): VNode {
  const words = useWords();
  const gaps = value.gaps.filter((gap) => gap.lane === lane);
  if (gaps.length === 0) return <p class="nothing">{words.data.noGaps}</p>;
  return (
    <>
      <DataTable
        caption={words.data.gapsCaption}
        columns={[
          { word: words.data.numbers },
          { word: words.data.counts.missing, look: 'amount' },
          { word: words.data.between },
          { word: words.data.boot, look: 'amount aside' },
        ]}
        rows={gaps.map(({ bootId, firstSeq, lastSeq, from, until }) => ({
          key: `${bootId}/${firstSeq}`,
          cells: [
            <span class="figure">{firstSeq === lastSeq ? firstSeq : `${firstSeq} – ${lastSeq}`}</span>,
            <span class="figure">{figure(lastSeq - firstSeq + 1)}</span>,
            <span class="figure">
              {dayAndTime(from)} – {clockTime(until)}
            </span>,
            <span class="figure">{bootId}</span>,
          ],
        }))}
      />
      {value.gapsTruncated && <p class="nothing">{words.data.moreGaps}</p>}
    </>
  );
}

import type { VNode } from 'preact';
import { useApp, useWords } from './app-context.ts';
import { useFetched } from './fetched.ts';
import { Time } from './figures.tsx';
import { NotFetched } from './not-fetched.tsx';
import { timelineOf } from './timeline.ts';

/** What the gateway and the platform said about an order, in order. */
export function OrderEvents({ orderId, state }: { orderId: string; state: string }): VNode {
  const { api, language, past } = useApp();
  const words = useWords();
  const { value, state: fetching, retry } = useFetched(orderId, () => api.orderEvents(orderId), state);
  if (value === null) return <NotFetched state={fetching} retry={retry} />;
  const untilMs = past.value?.atMs.value ?? Number.POSITIVE_INFINITY;
  // Of the past what had happened by then.
  const entries = timelineOf(value).filter(({ at }) => at === null || Date.parse(at) <= untilMs);
  if (entries.length === 0) return <p class="nothing">{words.noneYet}</p>;
  return (
    <ol class="timeline">
      {entries.map((entry, i) => (
        <li key={`${entry.at ?? ''}-${entry.name}-${i}`}>
          <span>{language.codeWord(entry.name)}</span>
          <small>{words.source[entry.source] ?? entry.source}</small>
          <Time at={entry.at} />
        </li>
      ))}
    </ol>
  );
}

import type { SceneEvent } from '@corridor/protocols/http/scene';
import type { VNode } from 'preact';
import { memo } from 'preact/compat';
import { PastApi } from '../../feed/past-api.ts';
import { figure } from '../../format/quantity.ts';
import type { TimeSpan } from '../../time/time-window.ts';
import { useApp, useWords } from '../app-context.ts';
import { useFetched } from '../fetched.ts';

const MARKS_MAX = 400;

/** Over the slider of the past: when alarms were raised, swaps began and orders became abnormal. */
export const PastMarks = memo(function PastMarks({ span }: { span: TimeSpan }): VNode | null {
  const { api } = useApp();
  const { fromMs, untilMs } = span;
  const { value } = useFetched(
    'marks',
    async () => {
      const past = new PastApi(api);
      const asked = { fromMs, untilMs, order: 'desc', limit: MARKS_MAX } as const;
      // Alarms and abnormal orders are not to be crowded out by swaps.
      return (await Promise.all((['SWAP', 'ABNORMAL', 'ALARM'] as const).map((kind) => past.events({ ...asked, kind })))).flat();
    },
    `${fromMs}/${untilMs}`,
  );
  return value === null ? null : <MarkLines span={span} events={value} />;
});

function MarkLines({ span: { fromMs, untilMs }, events }: { span: TimeSpan; events: readonly SceneEvent[] }): VNode {
  const words = useWords();
  const count = (kind: SceneEvent['kind']): string => figure(events.filter((event) => event.kind === kind).length);
  return (
    <svg
      class="past-marks"
      viewBox="0 0 1000 18"
      preserveAspectRatio="none"
      role="img"
      aria-label={words.past.marks(count('ALARM'), count('SWAP'), count('ABNORMAL'))}
    >
      {events.map(({ at, kind, id }) => {
        const x = ((Date.parse(at) - fromMs) / (untilMs - fromMs)) * 1_000;
        return <line key={`${kind}-${id}-${at}`} class={kind.toLowerCase()} x1={x} x2={x} y1={kind === 'SWAP' ? 11 : 2} y2={18} />;
      })}
    </svg>
  );
}

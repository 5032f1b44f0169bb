import type { VNode } from 'preact';
import { memo } from 'preact/compat';
import { figure } from '../../format/quantity.ts';
import type { RecordedEvents } from '../../recording/recorded-events.ts';
import { useWords } from '../app-context.ts';

const HEIGHT = 20;

/** Over the slider: how many trucks wait when, and where one strands. Drawn once. */
export const WaitingCurve = memo(function WaitingCurve({ events, toMs }: { events: RecordedEvents; toMs: number }): VNode {
  const words = useWords();
  const { waiting } = events;
  const most = Math.max(...waiting, 1);
  const heightOf = (count: number): number => (count / most) * (HEIGHT - 2);
  const area = waiting.map((count, at) => `L${at} ${HEIGHT - heightOf(count)}L${at + 1} ${HEIGHT - heightOf(count)}`).join('');
  return (
    <svg
      class="waiting-curve"
      viewBox={`0 0 ${waiting.length} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={words.recording.waitingCurve(figure(Math.max(...waiting)))}
    >
      <path d={`M0 ${HEIGHT}${area}L${waiting.length} ${HEIGHT}Z`} />
      {events.of('strand', 0).map(({ atMs, truckId }) => {
        const x = (atMs / toMs) * waiting.length;
        return <line key={`${atMs}-${truckId}`} x1={x} x2={x} y1={0} y2={HEIGHT} />;
      })}
    </svg>
  );
});

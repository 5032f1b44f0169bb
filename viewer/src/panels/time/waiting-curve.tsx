import type { VNode } from 'preact';
import { memo } from 'preact/compat';
import { figure } from '../../format/quantity.ts';
import type { RecordedEvents } from '../../recording/recorded-events.ts';
import { useWords } from '../app-context.ts';

const HEIGHT = 20;

export interface WaitingCurveProps {
  readonly events: RecordedEvents;
  /** End of the recording, of its run as the part that is shown. */
  readonly toMs: number;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Over the slider of a recording: how many trucks wait when, and where one strands. Drawn once for each part. */
export const WaitingCurve = memo(function WaitingCurve({ events, toMs, fromMs, untilMs }: WaitingCurveProps): VNode {
  const words = useWords();
  const { waiting } = events;
  const most = Math.max(...waiting, 1);
  const heightOf = (count: number): number => (count / most) * (HEIGHT - 2);
  const area = waiting.map((count, at) => `L${at} ${HEIGHT - heightOf(count)}L${at + 1} ${HEIGHT - heightOf(count)}`).join('');
  return (
    <svg
      class="waiting-curve"
      viewBox={`${(fromMs / toMs) * waiting.length} 0 ${((untilMs - fromMs) / toMs) * waiting.length} ${HEIGHT}`}
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

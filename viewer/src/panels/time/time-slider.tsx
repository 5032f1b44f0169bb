import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import { clockTime } from '../../format/time.ts';
import type { SceneTime } from '../../time/scene-time.ts';
import { type TimeSpan, WINDOWS, type WindowName, windowAround } from '../../time/time-window.ts';
import { useWords } from '../app-context.ts';

const SLIDER_STEP_MS = 1_000;
const TICKS = 4;

export interface TimeSliderProps {
  readonly time: SceneTime;
  /** What happened in the part that the slider spans, drawn over it. */
  readonly marks: (span: TimeSpan) => VNode;
  /** The date of an instant, or which day of a run it is. */
  readonly dayOf: (atMs: number) => string;
}

/** One slider over a part of what there is, with what happened in it. */
export function TimeSlider({ time, marks, dayOf }: TimeSliderProps): VNode {
  const words = useWords();
  const name = useSignal<WindowName>(time.windows[0]);
  const before = useRef<TimeSpan | null>(null);
  const { wantedMs } = time;
  const span = windowAround(wantedMs, WINDOWS[name.value], time.span, before.current);
  before.current = span;
  return (
    <div class="time-slider-row">
      <div class="time-slider">
        {marks(span)}
        <input
          type="range"
          data-field="instant"
          aria-label={words.time.slider}
          aria-valuetext={`${dayOf(wantedMs)} ${clockTime(wantedMs)}`}
          min={span.fromMs}
          max={span.untilMs}
          step={SLIDER_STEP_MS}
          value={wantedMs}
          onInput={({ currentTarget }) => time.seek(Number(currentTarget.value))}
        />
        <Ticks span={span} dayOf={dayOf} />
      </div>
      {time.windows.length > 1 && (
        <select
          data-field="window"
          aria-label={words.time.window}
          value={name.value}
          onChange={({ currentTarget }) => (name.value = time.windows.find((each) => each === currentTarget.value) ?? time.windows[0])}
        >
          {time.windows
            .toSorted((one, other) => WINDOWS[one] - WINDOWS[other])
            .map((each) => (
              <option key={each} value={each}>
                {words.time.windowOf[each]}
              </option>
            ))}
        </select>
      )}
    </div>
  );
}

/** Times below the slider; their days, too, where it spans more than a day. */
function Ticks({ span: { fromMs, untilMs }, dayOf }: { span: TimeSpan; dayOf: (atMs: number) => string }): VNode {
  const isLong = untilMs - fromMs > WINDOWS.day;
  const text = (ms: number): string => {
    const clock = clockTime(ms).slice(0, 5);
    // The year goes without saying.
    return isLong ? `${dayOf(ms).replace(/^\d{4}-/, '')} ${clock}` : clock;
  };
  return (
    <div class="time-ticks figure" aria-hidden="true">
      {Array.from({ length: TICKS + 1 }, (_, index) => (
        <span key={index}>{text(fromMs + ((untilMs - fromMs) * index) / TICKS)}</span>
      ))}
    </div>
  );
}

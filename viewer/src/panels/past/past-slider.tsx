import type { SceneEvent } from '@corridor/protocols/http/scene';
import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { memo } from 'preact/compat';
import { useRef } from 'preact/hooks';
import { PastApi } from '../../feed/past-api.ts';
import { figure } from '../../format/quantity.ts';
import { clockTime, day, dayAndTime } from '../../format/time.ts';
import type { PastPlayer } from '../../past/past-player.ts';
import { type TimeSpan, WINDOW_NAMES, WINDOWS, type WindowName, windowAround } from '../../past/time-window.ts';
import { useApp, useWords } from '../app-context.ts';
import { useFetched } from '../fetched.ts';

const SLIDER_STEP_MS = 1_000;
const MARKS_MAX = 400;
const TICKS = 4;

/** One slider over a part of the past, with what happened in it. */
export function PastSlider({ player }: { player: PastPlayer }): VNode {
  const words = useWords();
  const name = useSignal<WindowName>('day');
  const before = useRef<TimeSpan | null>(null);
  const wantedMs = player.wantedMs.value;
  const span = windowAround(wantedMs, WINDOWS[name.value], player.span.value, before.current);
  before.current = span;
  return (
    <div class="past-slider">
      <div class="time-slider">
        <Marks span={span} />
        <input
          type="range"
          data-field="instant"
          aria-label={words.past.slider}
          aria-valuetext={dayAndTime(wantedMs)}
          min={span.fromMs}
          max={span.untilMs}
          step={SLIDER_STEP_MS}
          value={wantedMs}
          onInput={({ currentTarget }) => player.seek(Number(currentTarget.value))}
        />
        <Ticks span={span} />
      </div>
      <select
        data-field="window"
        aria-label={words.past.window}
        value={name.value}
        onChange={({ currentTarget }) => (name.value = WINDOW_NAMES.find((each) => each === currentTarget.value) ?? 'day')}
      >
        {WINDOW_NAMES.map((each) => (
          <option key={each} value={each}>
            {words.past.windowOf[each]}
          </option>
        ))}
      </select>
    </div>
  );
}

/** Times below the slider; their dates, too, where it spans more than a day. */
function Ticks({ span: { fromMs, untilMs } }: { span: TimeSpan }): VNode {
  const isLong = untilMs - fromMs > WINDOWS.day;
  const text = (ms: number): string => (isLong ? `${day(ms).slice(5)} ${clockTime(ms).slice(0, 5)}` : clockTime(ms).slice(0, 5));
  return (
    <div class="past-ticks figure" aria-hidden="true">
      {Array.from({ length: TICKS + 1 }, (_, index) => (
        <span key={index}>{text(fromMs + ((untilMs - fromMs) * index) / TICKS)}</span>
      ))}
    </div>
  );
}

const Marks = memo(function Marks({ span }: { span: TimeSpan }): VNode | null {
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

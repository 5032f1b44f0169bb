import { ChevronLeft, ChevronRight, Pause, Play, Radio } from 'lucide';
import type { ComponentChildren, VNode } from 'preact';
import { figure } from '../../format/quantity.ts';
import { clockTime } from '../../format/time.ts';
import type { SceneTime } from '../../time/scene-time.ts';
import { STEP_MS } from '../../time/time-step.ts';
import { fieldOf, instantOfField } from '../../time/time-window.ts';
import { useApp, useWords } from '../app-context.ts';
import { Icon } from '../icon.tsx';
import { IconButton } from '../icon-button.tsx';
import { EventJumps } from './event-jumps.tsx';
import { backToLive } from './time-of.ts';
import { TimeSlider, type TimeSliderProps } from './time-slider.tsx';

/**
 * The one bar of time, for the past and for recordings: play, step, jump, slide, enter an instant, and the way back to live. `children` stand
 * before that way.
 */
export function TimeBar(props: {
  time: SceneTime;
  marks: TimeSliderProps['marks'];
  dayOf: (atMs: number) => string;
  children: ComponentChildren;
}): VNode {
  const { time, dayOf } = props;
  const words = useWords();
  const play = time.isPlaying ? words.time.pause : words.time.play;
  return (
    <section class="time-bar panel" aria-label={words.time.bar} data-time={time.isThere ? 'ready' : 'loading'}>
      <TimeSlider time={time} marks={props.marks} dayOf={dayOf} />
      <div class="time-bar-row">
        <div class="time-bar-play">
          <IconButton action="step-back" name={words.time.stepBack} icon={ChevronLeft} onClick={() => time.seek(time.wantedMs - STEP_MS)} />
          <IconButton
            action={time.isPlaying ? 'pause' : 'play'}
            name={play}
            icon={time.isPlaying ? Pause : Play}
            isOn
            onClick={() => (time.isPlaying ? time.pause() : time.play())}
          />
          <IconButton action="step-on" name={words.time.stepOn} icon={ChevronRight} onClick={() => time.seek(time.wantedMs + STEP_MS)} />
        </div>
        <Speed time={time} />
        {time.hasDate ? <InstantField time={time} /> : <CountedDay atMs={time.wantedMs} dayOf={dayOf} />}
        <EventJumps time={time} />
        <Problem time={time} />
        <div class="time-bar-ways">
          {props.children}
          <BackToLive />
        </div>
      </div>
    </section>
  );
}

function BackToLive(): VNode {
  const app = useApp();
  const words = useWords();
  return (
    <button
      type="button"
      class="button primary"
      data-action="back-to-live"
      title={words.time.backToLiveKey}
      onClick={() => backToLive(app)}
    >
      <Icon node={Radio} />
      {app.session.token.value === null ? words.recording.backToSignIn : words.time.backToLive}
    </button>
  );
}

function Speed({ time }: { time: SceneTime }): VNode {
  const words = useWords();
  return (
    <select
      class="figure"
      data-field="speed"
      aria-label={words.time.speed}
      value={time.speed}
      onChange={({ currentTarget }) => time.setSpeed(Number(currentTarget.value))}
    >
      {time.speeds.map((speed) => (
        <option key={speed} value={speed}>
          {words.time.speedOf(figure(speed))}
        </option>
      ))}
    </select>
  );
}

/** The instant, also to be entered. Out of what there is, it goes to the nearest that there is. */
function InstantField({ time }: { time: SceneTime }): VNode {
  const words = useWords();
  const { fromMs, untilMs } = time.span;
  return (
    <input
      type="datetime-local"
      class="figure"
      data-field="entry"
      step={1}
      aria-label={words.time.entry}
      title={words.time.entry}
      min={fieldOf(fromMs)}
      max={fieldOf(untilMs)}
      value={fieldOf(time.wantedMs)}
      onChange={({ currentTarget }) => {
        const atMs = instantOfField(currentTarget.value);
        if (Number.isFinite(atMs)) time.seek(atMs);
        else currentTarget.value = fieldOf(time.wantedMs);
      }}
    />
  );
}

/** Of a run whose days have no date. */
function CountedDay({ atMs, dayOf }: { atMs: number; dayOf: (atMs: number) => string }): VNode {
  return (
    <span class="time-bar-instant figure">
      {dayOf(atMs)} <b>{clockTime(atMs)}</b>
    </span>
  );
}

/** Why what was asked for is not shown. */
function Problem({ time: { problem } }: { time: SceneTime }): VNode {
  const words = useWords();
  const refused: Readonly<Record<string, string>> = words.past.refused;
  return (
    <span class="time-bar-none" role="status" data-problem={problem?.code} title={problem?.detail}>
      {problem === null ? '' : (refused[problem.code] ?? words.past.refused.OTHER)}
    </span>
  );
}

import { useSignal } from '@preact/signals';
import { Film, Pause, Play, Radio, SkipBack, SkipForward } from 'lucide';
import type { VNode } from 'preact';
import { figure } from '../../format/quantity.ts';
import { clockTime } from '../../format/time.ts';
import { EVENT_KINDS, type EventKind, type RecordedEvent } from '../../recording/recorded-events.ts';
import { type RecordingPlayer, SPEEDS } from '../../recording/recording-player.ts';
import { type App, useApp, useWords } from '../app-context.ts';
import { Icon } from '../icon.tsx';
import { lookAt } from '../show.ts';
import { recordedDay } from './recorded-day.ts';
import { WaitingCurve } from './waiting-curve.tsx';

/** Steps of the slider: recordings are exact to the second. */
const SLIDER_STEP_MS = 1_000;
const LONGER_THAN_FIRST = 2;
const LONGER_THAN_MAX = 99;

/** The time of a recording: play, jump, slide, and the way back to live. */
export function TimeBar({ player }: { player: RecordingPlayer }): VNode {
  const words = useWords();
  return (
    <section class="time-bar panel" aria-label={words.recording.bar}>
      <Slider player={player} />
      <div class="time-bar-row">
        <PlayButton player={player} />
        <Speed player={player} />
        <Instant player={player} />
        <Jumps player={player} />
        <Ways player={player} />
      </div>
    </section>
  );
}

function PlayButton({ player }: { player: RecordingPlayer }): VNode {
  const words = useWords();
  const isPlaying = player.playing.value;
  const name = isPlaying ? words.recording.pause : words.recording.play;
  return (
    <button
      type="button"
      class="icon-button on"
      data-action={isPlaying ? 'pause' : 'play'}
      title={name}
      aria-label={name}
      onClick={() => (isPlaying ? player.pause() : player.play())}
    >
      <Icon node={isPlaying ? Pause : Play} />
    </button>
  );
}

function Speed({ player }: { player: RecordingPlayer }): VNode {
  const words = useWords();
  return (
    <select
      class="figure"
      data-field="speed"
      aria-label={words.recording.speed}
      value={player.speed.value}
      onChange={({ currentTarget }) => player.setSpeed(Number(currentTarget.value))}
    >
      {SPEEDS.map((speed) => (
        <option key={speed} value={speed}>
          {words.recording.speedOf(figure(speed))}
        </option>
      ))}
    </select>
  );
}

function Instant({ player }: { player: RecordingPlayer }): VNode {
  const words = useWords();
  return (
    <span class="time-bar-instant figure">
      {recordedDay(player, words)} <b>{clockTime(player.head.startsAtMs + player.atMs.value)}</b>
    </span>
  );
}

function Slider({ player }: { player: RecordingPlayer }): VNode {
  const words = useWords();
  const { atMs, toMs, events, head } = player;
  return (
    <div class="time-slider">
      <WaitingCurve events={events} toMs={toMs} />
      <input
        type="range"
        data-field="instant"
        aria-label={words.recording.slider}
        aria-valuetext={`${recordedDay(player, words)} ${clockTime(head.startsAtMs + atMs.value)}`}
        min={0}
        max={toMs}
        step={SLIDER_STEP_MS}
        value={atMs.value}
        onInput={({ currentTarget }) => player.seek(Number(currentTarget.value))}
      />
    </div>
  );
}

/** To the next or the last event of a kind, with the camera on it. */
function Jumps({ player }: { player: RecordingPlayer }): VNode {
  const app = useApp();
  const words = useWords();
  const kind = useSignal<EventKind>('swap');
  const longerThan = useSignal(LONGER_THAN_FIRST);
  const none = useSignal<'noneLater' | 'noneEarlier' | null>(null);
  const jump = (back: boolean): void => {
    const event = player.jump(kind.peek(), { longerThan: longerThan.peek(), back });
    none.value = event !== null ? null : back ? 'noneEarlier' : 'noneLater';
    if (event !== null) showEvent(app, event);
  };
  const step = (back: boolean): VNode => {
    const name = back ? words.recording.previous : words.recording.next;
    return (
      <button
        type="button"
        class="icon-button"
        data-action={back ? 'previous-event' : 'next-event'}
        title={name}
        aria-label={name}
        onClick={() => jump(back)}
      >
        <Icon node={back ? SkipBack : SkipForward} />
      </button>
    );
  };
  return (
    <div class="time-bar-jumps">
      {step(true)}
      <select
        data-field="event"
        aria-label={words.recording.eventKind}
        value={kind.value}
        onChange={({ currentTarget }) => {
          kind.value = EVENT_KINDS.find((each) => each === currentTarget.value) ?? 'swap';
          none.value = null;
        }}
      >
        {EVENT_KINDS.map((each) => (
          <option key={each} value={each}>
            {words.recording.event[each]}
          </option>
        ))}
      </select>
      {kind.value === 'queue' && (
        <input
          type="number"
          class="figure"
          data-field="longer-than"
          aria-label={words.recording.longerThan}
          min={0}
          max={LONGER_THAN_MAX}
          value={longerThan.value}
          onInput={({ currentTarget }) =>
            (longerThan.value = Math.min(Math.max(Math.floor(currentTarget.valueAsNumber || 0), 0), LONGER_THAN_MAX))
          }
        />
      )}
      {step(false)}
      <span class="time-bar-none" role="status">
        {none.value === null ? '' : words.recording[none.value]}
      </span>
    </div>
  );
}

/** The camera goes there, as soon as the scene has drawn that instant. */
function showEvent(app: App, { kind, stationId, truckId }: RecordedEvent): void {
  const selected =
    kind === 'strand' && truckId !== null ? { kind: 'truck' as const, id: truckId } : { kind: 'station' as const, id: stationId ?? '' };
  app.selection.select(selected);
  requestAnimationFrame(() => requestAnimationFrame(() => lookAt(app, selected)));
}

function Ways({ player }: { player: RecordingPlayer }): VNode {
  const { recording, recordingPage, session } = useApp();
  const words = useWords();
  const { scenario, seed } = player.head;
  return (
    <div class="time-bar-ways">
      <span class="time-bar-name" title={player.name}>
        <b>{scenario.name}</b> <small>{words.recording.runOf(words.recording.model[scenario.model], String(seed))}</small>
      </span>
      <button
        type="button"
        class="icon-button"
        data-action="another-recording"
        title={words.recording.openAnother}
        aria-label={words.recording.openAnother}
        onClick={() => (recordingPage.value = true)}
      >
        <Icon node={Film} />
      </button>
      <button type="button" class="button primary" data-action="back-to-live" onClick={() => (recording.value = null)}>
        <Icon node={Radio} />
        {session.token.value === null ? words.recording.backToSignIn : words.recording.backToLive}
      </button>
    </div>
  );
}

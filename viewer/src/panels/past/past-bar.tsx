import { useSignal } from '@preact/signals';
import { ChevronLeft, ChevronRight, Landmark, Pause, Play, Radio } from 'lucide';
import type { VNode } from 'preact';
import { figure } from '../../format/quantity.ts';
import { type PastPlayer, SPEEDS } from '../../past/past-player.ts';
import { STEP_MS } from '../../past/time-step.ts';
import { fieldOf, instantOfField } from '../../past/time-window.ts';
import { useApp, useWords } from '../app-context.ts';
import { Icon } from '../icon.tsx';
import { BooksPanel } from './books-panel.tsx';
import { PastJumps } from './past-jumps.tsx';
import { PastSlider } from './past-slider.tsx';

/** The time of the past: play, step, jump, slide, enter an instant, and the way back to live. */
export function PastBar({ player }: { player: PastPlayer }): VNode {
  const words = useWords();
  const booksOpen = useSignal(false);
  return (
    <>
      {booksOpen.value && <BooksPanel player={player} onClose={() => (booksOpen.value = false)} />}
      <section class="time-bar panel" aria-label={words.past.bar} data-past={player.isThere ? 'ready' : 'loading'}>
        <PastSlider player={player} />
        <div class="time-bar-row">
          <div class="time-bar-play">
            <StepButton player={player} back />
            <PlayButton player={player} />
            <StepButton player={player} back={false} />
          </div>
          <Speed player={player} />
          <InstantField player={player} />
          <PastJumps player={player} />
          <Problem player={player} />
          <div class="time-bar-ways">
            <button
              type="button"
              class={booksOpen.value ? 'icon-button labelled on' : 'icon-button labelled'}
              data-action="books"
              aria-expanded={booksOpen.value}
              title={words.past.books}
              aria-label={words.past.books}
              onClick={() => (booksOpen.value = !booksOpen.value)}
            >
              <Icon node={Landmark} />
              <span>{words.past.books}</span>
            </button>
            <BackToLive />
          </div>
        </div>
      </section>
    </>
  );
}

function BackToLive(): VNode {
  const { past } = useApp();
  const words = useWords();
  return (
    <button
      type="button"
      class="button primary"
      data-action="back-to-live"
      title={words.past.backToLiveKey}
      onClick={() => (past.value = null)}
    >
      <Icon node={Radio} />
      {words.past.backToLive}
    </button>
  );
}

function PlayButton({ player }: { player: PastPlayer }): VNode {
  const words = useWords();
  const isPlaying = player.playing.value;
  const name = isPlaying ? words.past.pause : words.past.play;
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

function StepButton({ player, back }: { player: PastPlayer; back: boolean }): VNode {
  const words = useWords();
  const name = back ? words.past.stepBack : words.past.stepOn;
  return (
    <button
      type="button"
      class="icon-button"
      data-action={back ? 'step-back' : 'step-on'}
      title={name}
      aria-label={name}
      onClick={() => player.seek(player.wantedMs.peek() + (back ? -STEP_MS : STEP_MS))}
    >
      <Icon node={back ? ChevronLeft : ChevronRight} />
    </button>
  );
}

function Speed({ player }: { player: PastPlayer }): VNode {
  const words = useWords();
  return (
    <select
      class="figure"
      data-field="speed"
      aria-label={words.past.speed}
      value={player.speed.value}
      onChange={({ currentTarget }) => player.setSpeed(Number(currentTarget.value))}
    >
      {SPEEDS.map((speed) => (
        <option key={speed} value={speed}>
          {words.past.speedOf(figure(speed))}
        </option>
      ))}
    </select>
  );
}

/** The instant, also to be entered. Out of what there is, it goes to the nearest that there is. */
function InstantField({ player }: { player: PastPlayer }): VNode {
  const words = useWords();
  const { fromMs, untilMs } = player.span.value;
  return (
    <input
      type="datetime-local"
      class="figure"
      data-field="entry"
      step={1}
      aria-label={words.past.entry}
      title={words.past.entry}
      min={fieldOf(fromMs)}
      max={fieldOf(untilMs)}
      value={fieldOf(player.wantedMs.value)}
      onChange={({ currentTarget }) => {
        const atMs = instantOfField(currentTarget.value);
        if (Number.isFinite(atMs)) player.seek(atMs);
        else currentTarget.value = fieldOf(player.wantedMs.peek());
      }}
    />
  );
}

/** Why what was asked for is not shown. */
function Problem({ player }: { player: PastPlayer }): VNode {
  const words = useWords();
  const problem = player.problem.value;
  const refused: Readonly<Record<string, string>> = words.past.refused;
  return (
    <span class="time-bar-none" role="status" data-problem={problem?.code} title={problem?.detail}>
      {problem === null ? '' : (refused[problem.code] ?? words.past.refused.OTHER)}
    </span>
  );
}

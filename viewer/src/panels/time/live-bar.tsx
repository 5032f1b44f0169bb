import { History, Pause, SkipBack } from 'lucide';
import type { VNode } from 'preact';
import { openPast } from '../../past/open-past.ts';
import { FIRST_BACK_MS, STEP_MS } from '../../time/time-step.ts';
import { WINDOWS } from '../../time/time-window.ts';
import { useApp, useWords } from '../app-context.ts';
import { IconButton } from '../icon-button.tsx';
import { pauseLive, toLastEvent } from './leave-live.ts';

/** The time bar while everything is live: its end, at which now is. Whoever pauses, goes to what happened last or pulls it back looks at the past. */
export function LiveBar(): VNode {
  const app = useApp();
  const words = useWords();
  const { clock, second, pastRefused, pastOpening } = app;
  // The clock has no signal of its own: it is looked at each second.
  const isOff = pastOpening.value || second.value < 0 || !clock.known;
  const open = (backMs: number): void => void openPast(app, clock.nowMs(performance.now()) - backMs);
  const refused = pastRefused.value;
  return (
    <div class="live-bar panel" role="group" aria-label={words.time.bar}>
      <IconButton action="pause-live" name={words.time.pauseLive} icon={Pause} disabled={isOff} onClick={() => void pauseLive(app)} />
      <IconButton action="last-event" name={words.time.previous} icon={SkipBack} disabled={isOff} onClick={() => void toLastEvent(app)} />
      <IconButton
        action="look-back"
        icon={History}
        name={words.past.open}
        hint={words.past.openHint}
        class="labelled"
        disabled={isOff}
        onClick={() => open(FIRST_BACK_MS)}
      >
        <span>{words.past.open}</span>
      </IconButton>
      <input
        type="range"
        data-field="back"
        aria-label={words.time.slider}
        aria-valuetext={words.past.live}
        min={-WINDOWS.day}
        max={0}
        step={STEP_MS}
        value={0}
        disabled={isOff}
        onChange={({ currentTarget }) => {
          const backMs = -Number(currentTarget.value);
          currentTarget.value = '0';
          if (backMs > 0) open(backMs);
        }}
      />
      <span class="live-bar-end">{words.past.live}</span>
      {refused !== null && (
        <span class="time-bar-none" role="status" data-past-refused={refused}>
          {words.past.refused[refused]}
        </span>
      )}
    </div>
  );
}

import type { VNode } from 'preact';
import { figure } from '../format/quantity.ts';
import { TRACK_HOURS } from '../store/track-store.ts';
import { useApp, useWords } from './app-context.ts';
import { Section } from './section.tsx';

/** Whether the scene shows where the truck was, and how far back. */
export function TrackSwitch(): VNode | null {
  const { tracks, recording } = useApp();
  const words = useWords();
  // The twin tells tracks, and it knows no recording.
  if (recording.value !== null) return null;
  const chosen = tracks.hours.value;
  const path = tracks.path.value;
  const choices = [null, ...TRACK_HOURS];
  const says = tracks.failed.value
    ? words.layers.trackFailed
    : path !== null && path.points.length < 2
      ? words.layers.trackEmpty
      : words.layers.trackKey;
  return (
    <Section title={words.layers.track} name="track">
      <div class="track-choice" role="radiogroup" aria-label={words.layers.track} data-points={path?.points.length ?? 0}>
        {choices.map((hours) => (
          <label key={hours} class={hours === chosen ? 'on' : ''}>
            <input type="radio" name="track-hours" value={hours ?? 'off'} checked={hours === chosen} onChange={() => tracks.show(hours)} />
            {hours === null ? words.layers.trackOff : words.layers.trackHours(figure(hours))}
          </label>
        ))}
      </div>
      {chosen !== null && <p class="prose">{says}</p>}
    </Section>
  );
}

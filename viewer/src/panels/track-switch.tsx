import type { ComponentChildren, VNode } from 'preact';
import { figure } from '../format/quantity.ts';
import type { Dictionary } from '../i18n/en.ts';
import { TRACK_HOURS, type TrackedKind } from '../store/track-store.ts';
import { useApp, useWords } from './app-context.ts';
import { Section } from './section.tsx';

/** Whether the scene shows where the truck or pack was, and how far back; what is told of it stands below. */
export function TrackSwitch({ kind, children }: { kind: TrackedKind; children?: ComponentChildren }): VNode | null {
  const { tracks, recording } = useApp();
  const words = useWords();
  // The twin tells tracks, and it knows no recording.
  if (recording.value !== null) return null;
  const chosen = tracks.hours[kind].value;
  const path = tracks.path.value;
  const choices = [null, ...TRACK_HOURS[kind]];
  const points = path === null ? 0 : path.runs.reduce((sum, run) => sum + run.length, 0);
  const says = tracks.failed.value
    ? words.layers.trackFailed
    : path !== null && points < 2
      ? words.layers.trackEmpty[kind]
      : words.layers.trackKey;
  return (
    <Section title={words.layers.track[kind]} name="track">
      <div class="track-choice" role="radiogroup" aria-label={words.layers.track[kind]} data-points={points}>
        {choices.map((hours) => (
          <label key={hours} class={hours === chosen ? 'on' : ''}>
            <input
              type="radio"
              name="track-hours"
              value={hours ?? 'off'}
              checked={hours === chosen}
              onChange={() => tracks.show(kind, hours)}
            />
            {hours === null ? words.layers.trackOff : spanText(hours, words.layers)}
          </label>
        ))}
      </div>
      {chosen !== null && <p class="prose">{says}</p>}
      {chosen !== null && children}
    </Section>
  );
}

const DAY_HOURS = 24;
const spanText = (hours: number, words: Dictionary['layers']): string =>
  hours > DAY_HOURS ? words.trackDays(figure(hours / DAY_HOURS)) : words.trackHours(figure(hours));

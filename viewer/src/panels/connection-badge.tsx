import type { VNode } from 'preact';
import { dayAndTime } from '../format/time.ts';
import type { Dictionary } from '../i18n/en.ts';
import { useApp, useWords } from './app-context.ts';

/** How fresh what one sees is: word, shape and colour; the age of the last data when it is not live. */
export function ConnectionBadge(): VNode {
  const { connection, lastMessageAtMs, second, recording, past } = useApp();
  const words = useWords();
  const played = recording.value;
  if (played !== null) {
    const { scenario, seed } = played.head;
    return (
      <span
        class="connection recorded"
        role="status"
        data-connection="recording"
        title={words.recording.notLiveHint(scenario.name, String(seed))}
      >
        <i aria-hidden="true" />
        {words.recording.notLive}
      </span>
    );
  }
  if (past.value !== null) {
    const hint = words.past.notLiveHint(dayAndTime(past.value.atMs.value));
    return (
      <span class="connection recorded" role="status" data-connection="history" title={hint}>
        <i aria-hidden="true" />
        {words.past.notLive}
      </span>
    );
  }
  const state = connection.value;
  const lastAtMs = lastMessageAtMs.value;
  const ageMs = state === 'live' || lastAtMs === null || second.value < 0 ? null : Date.now() - lastAtMs;
  const age = ageMs === null ? '' : ageText(ageMs, words);
  return (
    <span
      class={`connection ${state}`}
      role="status"
      data-connection={state}
      title={state === 'live' || age === '' ? words.connection.liveHint : words.connection.lastData(age)}
    >
      <i aria-hidden="true" />
      {words.connection[state]}
      {age !== '' && state !== 'connecting' && <small> {age}</small>}
    </span>
  );
}

/** How long ago, in the largest unit that says enough. */
export function ageText(ageMs: number, words: Dictionary): string {
  const seconds = Math.max(Math.round(ageMs / 1000), 0);
  if (seconds < 90) return words.ago.seconds(seconds);
  if (seconds < 5_400) return words.ago.minutes(Math.round(seconds / 60));
  return words.ago.hours(Math.round(seconds / 3600));
}

import { figure } from '../../format/quantity.ts';
import { day } from '../../format/time.ts';
import type { Dictionary } from '../../i18n/en.ts';
import type { RecordingPlayer } from '../../recording/recording-player.ts';

const DAY_MS = 86_400_000;

/** The date that is played, or which day of a run without a date. */
export function recordedDay({ head, atMs }: RecordingPlayer, words: Dictionary): string {
  if (head.hasDate) return day(head.startsAtMs + atMs.value);
  return words.recording.dayOf(figure(Math.floor(atMs.value / DAY_MS) + 1));
}

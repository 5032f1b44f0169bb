import type { RecordingHead } from '@corridor/protocols/recording/recording.schema';
import { figure } from '../../format/quantity.ts';
import { day } from '../../format/time.ts';
import type { Dictionary } from '../../i18n/en.ts';

const DAY_MS = 86_400_000;

/** The date of an instant of a recording, or which day of a run without a date it is. @param atMs of the scene */
export function recordedDay({ hasDate, startsAtMs }: RecordingHead, atMs: number, words: Dictionary): string {
  return hasDate ? day(atMs) : words.recording.dayOf(figure(Math.floor((atMs - startsAtMs) / DAY_MS) + 1));
}

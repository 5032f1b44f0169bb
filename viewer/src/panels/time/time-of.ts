import { pastTime } from '../../past/past-time.ts';
import { recordedTime } from '../../recording/recorded-time.ts';
import type { JumpAsked, SceneTime } from '../../time/scene-time.ts';
import type { App } from '../app-context.ts';
import { lookAt } from '../show.ts';

/** The time that is moved; null: everything is live. */
export function timeOf({ recording, past }: Pick<App, 'recording' | 'past'>): SceneTime | null {
  if (recording.value !== null) return recordedTime(recording.value);
  return past.value === null ? null : pastTime(past.value);
}

/** Back to now, out of the past or a recording. */
export function backToLive({ recording, past }: Pick<App, 'recording' | 'past'>): void {
  recording.value = null;
  past.value = null;
}

/** To the next or the last event of a kind, with the camera on it as soon as its scene is drawn. @returns whether there is one */
export async function jumpToEvent(app: App, time: SceneTime, asked: JumpAsked): Promise<boolean> {
  const found = await time.jump(asked);
  if (found === null) return false;
  const { selected, place } = found;
  app.selection.select(selected);
  if (place !== null) requestAnimationFrame(() => requestAnimationFrame(() => lookAt(app, place)));
  return true;
}

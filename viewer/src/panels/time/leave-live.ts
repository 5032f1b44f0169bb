import { openPast } from '../../past/open-past.ts';
import type { App } from '../app-context.ts';
import { LONGER_THAN_FIRST } from './event-jumps.tsx';
import { jumpToEvent, timeOf } from './time-of.ts';

/** What is shown stands still: it is the past from then on. */
export const pauseLive = (app: App): Promise<void> => openPast(app, 'now');

/** To what happened last. */
export async function toLastEvent(app: App): Promise<void> {
  await pauseLive(app);
  const time = timeOf(app);
  if (time !== null) await jumpToEvent(app, time, { kind: time.kinds[0], back: true, longerThan: LONGER_THAN_FIRST });
}

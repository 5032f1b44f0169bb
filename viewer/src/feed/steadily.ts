import { ApiError } from './api-client.ts';

/** Pauses before each further try [ms]: about a quarter of a minute in all, as long as a tunnel or a hand-over of the network takes. */
const PAUSES_MS = [500, 1_000, 2_000, 4_000, 8_000] as const;
const BUSY = new Set([502, 503, 504]);

/** Whether the same again may be answered: the line was down, or the twin was. */
export const isPassing = (error: unknown): boolean => error instanceof ApiError && (error.status === 0 || BUSY.has(error.status));

/**
 * Asks again while the line is down. Only for what is done once however often it is asked: with a key, or of a state that is reached once.
 * @param onPause told before each pause
 * @throws what the last try threw
 */
export async function steadily<T>(ask: () => Promise<T>, onPause: () => void = () => undefined): Promise<T> {
  for (const pauseMs of PAUSES_MS) {
    try {
      return await ask();
    } catch (error) {
      if (!isPassing(error)) throw error;
      onPause();
      await backOrAfter(pauseMs);
    }
  }
  return ask();
}

/** As soon as the browser says that it is online, and no later than the pause. */
async function backOrAfter(pauseMs: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      globalThis.removeEventListener?.('online', done);
      resolve();
    };
    const timer = setTimeout(done, pauseMs);
    globalThis.addEventListener?.('online', done);
  });
}

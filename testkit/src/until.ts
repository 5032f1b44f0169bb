import { setTimeout as sleep } from 'node:timers/promises';

/** What was waited for did not come. */
export class NotInTimeError extends Error {
  readonly code = 'NOT_IN_TIME';
}

const LOOK_EVERY_MS = 50;

/**
 * Looks until something holds: for states that nobody announces, such as a row in a database of another process.
 *
 * The limit ends a hang and measures nothing: it counts looks, so that on a machine too busy to answer them it lies further off.
 * @param withinMs of wall time where looks cost nothing
 * @param look returns what was waited for, or null while it is not there
 * @param seen what to say about where it stood when time was up
 * @throws NotInTimeError
 */
export async function until<T>(what: string, withinMs: number, look: () => Promise<T | null>, seen: () => string = () => ''): Promise<T> {
  const begunMs = performance.now();
  for (let looksLeft = Math.ceil(withinMs / LOOK_EVERY_MS); ; looksLeft -= 1) {
    const found = await look();
    if (found !== null) return found;
    if (looksLeft <= 0) {
      const waitedS = Math.round((performance.now() - begunMs) / 1_000);
      throw new NotInTimeError(`${what}: not within ${waitedS} s ${seen()}`.trim());
    }
    await sleep(LOOK_EVERY_MS);
  }
}

import type { Log } from './log.ts';

/** Something that is done again and again beside everything else. */
export interface UpkeepWork {
  readonly what: string;
  /** Wall ms. */
  readonly everyMs: number;
  readonly work: () => Promise<unknown>;
}

export type Upkeep = { stop(): Promise<void> };

/**
 * Keeps the tables in order. One piece of work at a time; what fails is logged and tried again at its next turn, because nothing of it is
 * lost by waiting.
 */
export function startUpkeep(works: readonly UpkeepWork[], log: Log): Upkeep {
  let last: Promise<void> = Promise.resolve();
  const timers = works.map((each) =>
    setInterval(() => {
      last = attempt(last, each, log);
    }, each.everyMs),
  );
  return {
    async stop() {
      for (const timer of timers) clearInterval(timer);
      await last;
    },
  };
}

async function attempt(after: Promise<void>, { what, work }: UpkeepWork, log: Log): Promise<void> {
  await after;
  try {
    await work();
  } catch (cause) {
    log.warn({ err: cause, what }, 'a piece of upkeep failed; it is tried again');
  }
}

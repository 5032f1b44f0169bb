import { setImmediate as turn } from 'node:timers/promises';
import type { BatchStore, WriterBatch } from './writer-batch.ts';

/** What becomes of a batch once it is sent. */
export interface Outcome {
  committed(): void;
  /** It can never be written; called before whoever waits hears it. */
  failed(): void;
}

/**
 * Commits batches one after the other, each in its own transaction, and lets the next one be made meanwhile. One is at the database at
 * most: none is sent before all before it are committed, so nothing that fails leaves a hole, and what was made on top of it is dropped.
 */
export class CommitLine {
  readonly #store: BatchStore;
  #last: Promise<void> = Promise.resolve();
  #isBusy = false;

  constructor(store: BatchStore) {
    this.#store = store;
  }

  /** Whether a batch is at the database. */
  get isBusy(): boolean {
    return this.#isBusy;
  }

  /**
   * Writes a batch down at once, and resolves when it is sent.
   * @param batch null: nothing to write, `committed` still comes after what was taken before
   * @throws what the commit before it failed with: then this one is never sent
   */
  async take(batch: WriterBatch | null, outcome: Outcome): Promise<void> {
    const ready = batch === null ? null : await this.#store.prepare(batch);
    await this.#last;
    this.#isBusy = true;
    this.#last = this.#commit(ready?.commit, outcome);
    // Whoever takes the next one or waits hears it; until then nobody does, which must not end the process.
    this.#last.catch(() => undefined);
    // The pool hands its connection out a turn later: computing that went on now would hold up what was taken.
    if (ready !== null) await turn();
  }

  /** Resolves when everything taken is committed. @throws what a commit failed with */
  async settled(): Promise<void> {
    await this.#last;
  }

  async #commit(commit: (() => Promise<void>) | undefined, outcome: Outcome): Promise<void> {
    try {
      await commit?.();
    } catch (cause) {
      outcome.failed();
      throw cause;
    }
    this.#isBusy = false;
    outcome.committed();
  }
}

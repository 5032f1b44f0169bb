import { setImmediate as turn } from 'node:timers/promises';
import type { BatchStore, ReadyBatch, WriterBatch } from './writer-batch.ts';

/** What becomes of a batch once it is sent. */
export interface Outcome {
  committed(): void;
  /** It can never be written; called before whoever waits hears it. Not of what was sent behind one that failed. */
  failed(): void;
}

const DONE = Promise.resolve();

/**
 * Commits batches one after the other, each in its own transaction, and lets the next ones be made meanwhile. Two are at the database at
 * most: it takes up the second while the first's answer is on its way. Each names the one that it follows, so nothing that fails leaves
 * a hole, and what was made on top of it is dropped.
 */
export class CommitLine {
  readonly #store: BatchStore;
  /** End of the batch that was taken last, and of the one before it. */
  #last: Promise<void> = DONE;
  #beforeLast: Promise<void> = DONE;
  /** Batches at the database. */
  #sent = 0;
  /** What a commit failed with. */
  #failure: { readonly cause: unknown } | null = null;

  constructor(store: BatchStore) {
    this.#store = store;
  }

  /** Whether a batch is at the database. */
  get isBusy(): boolean {
    return this.#sent > 0;
  }

  /**
   * Writes a batch down at once, and resolves when it is sent.
   * @param batch null: nothing to write, `committed` still comes after what was taken before
   * @throws what a commit before it failed with: then this one is never sent
   */
  async take(batch: WriterBatch | null, outcome: Outcome): Promise<void> {
    const ready = batch === null ? null : await this.#store.prepare(batch);
    await this.#beforeLast;
    if (this.#failure) throw this.#failure.cause;
    this.#beforeLast = this.#last;
    this.#last = this.#commit(ready, outcome, this.#last);
    // Whoever takes the next one or waits hears it; until then nobody does, which must not end the process.
    this.#last.catch(() => undefined);
    // Computing that went on now would hold up what was taken.
    if (ready !== null) await turn();
  }

  /** Resolves when everything taken is committed. @throws what a commit failed with */
  async settled(): Promise<void> {
    await this.#last;
  }

  async #commit(ready: ReadyBatch | null, outcome: Outcome, before: Promise<void>): Promise<void> {
    this.#sent += 1;
    const end = ready?.commit(this.#sent > 1 ? before : null);
    end?.catch(() => undefined);
    await before;
    try {
      await end;
    } catch (cause) {
      this.#failure = { cause };
      outcome.failed();
      throw cause;
    }
    this.#sent -= 1;
    outcome.committed();
  }
}

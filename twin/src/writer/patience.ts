import { setTimeout as sleep } from 'node:timers/promises';
import { StatementFailedError } from '../db/one-trip.ts';
import type { Log } from '../log.ts';
import { StoreFailedError } from './store-failed.ts';

const PAUSE_MS_MIN = 50;
const PAUSE_MS_MAX = 2_000;
const PATIENCE_MS = 120_000;

export interface PatienceOptions {
  readonly log: Log;
  /** What is to be written, as it stands in the log: `batch 17`. */
  readonly what: string;
  /** From now on, wall ms; default two minutes. */
  readonly patienceMs?: number;
}

/**
 * How long, and how often, writing one thing is tried while the database fails in a way that may pass: pauses that double from 50 ms to
 * 2 s, so that a full disk is not asked without a break, and an end, so that somebody hears of it.
 */
export class Patience {
  readonly #log: Log;
  readonly #what: string;
  readonly #untilMs: number;
  #pauseMs = PAUSE_MS_MIN;
  #said: string | null = null;

  constructor({ log, what, patienceMs = PATIENCE_MS }: PatienceOptions) {
    this.#log = log;
    this.#what = what;
    this.#untilMs = performance.now() + patienceMs;
  }

  /** Waits after a failure that may pass; warns of it when it is not the one of last time. @throws StoreFailedError when it took too long */
  async wait(cause: unknown): Promise<void> {
    const reason = reasonOf(cause);
    if (reason !== this.#said)
      this.#log.warn({ err: cause }, `${this.#what} is not known to be committed; asking the database and trying again`);
    this.#said = reason;
    const leftMs = this.#untilMs - performance.now();
    if (leftMs <= 0) throw new StoreFailedError(`${this.#what} was tried for too long, the last time: ${reason}`, { cause });
    await sleep(Math.min(this.#pauseMs, leftMs));
    this.#pauseMs = Math.min(this.#pauseMs * 2, PAUSE_MS_MAX);
  }
}

function reasonOf(cause: unknown): string {
  if (cause instanceof StatementFailedError) return reasonOf(cause.cause);
  if (!(cause instanceof Error)) return String(cause);
  // An address that is tried both ways fails with an empty message.
  return cause.message || ('code' in cause ? String(cause.code) : cause.name);
}

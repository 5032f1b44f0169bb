import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { EngineName } from '@corridor/actors/network/engines';
import { violated } from '@corridor/protocols/assert';
import type { RunEnd, RunOrder, SeedReport, SeedResult } from './seed-worker.ts';

/** A run could not be brought to an end: a bug, or a file that cannot be written. */
export class RunFailedError extends Error {
  readonly code: string;
  readonly seed: number;
  constructor({ seed, code, message }: { seed: number; code: string | null; message: string }) {
    super(`SEED=${seed}: ${message}`);
    this.code = code ?? 'RUN_FAILED';
    this.seed = seed;
  }
}

const hasOutgrown = (cause: Error): boolean => 'code' in cause && cause.code === 'ERR_WORKER_OUT_OF_MEMORY';

/** The thread cannot say so itself any more. */
function outgrown(order: RunOrder | undefined): RunFailedError {
  return new RunFailedError({
    seed: order?.seed ?? violated('a thread without a run ran out of memory'),
    code: 'RUN_TOO_LARGE',
    message:
      'the run needs more memory than a thread has. A queue that grows without bound keeps every truck that waits: a smaller eventsMax ends such a run before; else fewer days or trucks need less',
  });
}

export interface RunsOptions {
  /** Runs done since the beginning of the batch, parts of running ones too. */
  onProgress?: (doneRuns: number) => void;
  onDone?: (seed: number, result: SeedResult) => void;
  /** Aborted: whatever is complete is given back at once. */
  signal?: AbortSignal;
}

/** Threads that make runs. A run depends on its scenario and seed only, never on the thread. */
export class RunPool implements AsyncDisposable {
  readonly #workers: Worker[] = [];
  readonly #engine: EngineName;
  readonly #threads: number;
  readonly #heapMb: number | undefined;

  /** @param threads default: the machine's   @param heapMb of each thread; default: what the runtime gives it */
  constructor({ engine, threads = availableParallelism(), heapMb }: { engine: EngineName; threads?: number; heapMb?: number }) {
    this.#engine = engine;
    this.#threads = threads;
    this.#heapMb = heapMb;
  }

  /**
   * One batch at a time.
   * @returns in the order of what was asked; null: it was not complete when the signal was given
   * @throws RunFailedError when one failed otherwise than by taking too many events: then the others go on
   */
  async run(orders: readonly RunOrder[], { onProgress, onDone, signal }: RunsOptions = {}): Promise<(RunEnd | null)[]> {
    const results: (RunEnd | null)[] = orders.map(() => null);
    const parts = new Map<Worker, number>();
    const busy = new Map<Worker, number>();
    let asked = 0;
    let done = 0;
    while (this.#workers.length < Math.min(this.#threads, orders.length)) this.#workers.push(this.#newWorker());
    const workers = [...this.#workers];
    const progress = () => onProgress?.(done + [...parts.values()].reduce((sum, part) => sum + part, 0));
    const listening: (() => void)[] = [];
    try {
      await new Promise<void>((resolve, reject) => {
        const abort = () => resolve();
        signal?.addEventListener('abort', abort);
        listening.push(() => signal?.removeEventListener('abort', abort));
        if (signal?.aborted || orders.length === 0) return resolve();
        const next = (worker: Worker) => {
          const order = orders[asked];
          if (order === undefined) return;
          busy.set(worker, asked);
          asked += 1;
          worker.postMessage(order, []);
        };
        for (const worker of workers) {
          const heard = (report: SeedReport) => {
            if (report.kind === 'failed') return reject(new RunFailedError(report));
            parts.set(worker, report.kind === 'progress' ? report.doneRatio : 0);
            if (report.kind !== 'progress') {
              results[busy.get(worker) ?? violated('a run that nobody asked for')] = report;
              done += 1;
              if (report.kind === 'done') onDone?.(report.result.run.seed, report.result);
            }
            progress();
            if (done === orders.length) resolve();
            else if (report.kind !== 'progress') next(worker);
          };
          const died = (cause: Error) => reject(hasOutgrown(cause) ? outgrown(orders[busy.get(worker) ?? -1]) : cause);
          worker.on('error', died).on('message', heard);
          listening.push(() => worker.off('error', died).off('message', heard));
          next(worker);
        }
      });
    } finally {
      for (const stop of listening) stop();
      // What still runs for a batch that has ended must not answer the next one.
      if (done < orders.length) await this[Symbol.asyncDispose]();
    }
    return results;
  }

  #newWorker(): Worker {
    return new Worker(new URL('./seed-worker.ts', import.meta.url), {
      workerData: { engine: this.#engine },
      ...(this.#heapMb === undefined ? {} : { resourceLimits: { maxOldGenerationSizeMb: this.#heapMb } }),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#workers.splice(0).map((worker) => worker.terminate()));
  }
}

import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { SeedReport, SeedResult, SeedWork } from './seed-worker.ts';

/** A run ended otherwise than by its horizon. */
export class RunFailedError extends Error {
  readonly code: string;
  readonly seed: number;
  constructor({ seed, code, message }: { seed: number; code: string | null; message: string }) {
    super(`SEED=${seed}: ${message}`);
    this.code = code ?? 'RUN_FAILED';
    this.seed = seed;
  }
}

export interface SeedsOptions extends SeedWork {
  seeds: readonly number[];
  /** Threads; default: the machine's. */
  threads?: number;
  /** Runs done, parts of running ones too. */
  onProgress?: (doneRuns: number) => void;
  onDone?: (seed: number) => void;
  /** Aborted: whatever is complete is given back at once. */
  signal?: AbortSignal;
}

/**
 * The runs of some seeds, on all cores, in the order of the seeds. A run depends on its scenario and seed only, never on the thread.
 * @throws RunFailedError when one failed
 */
export async function runSeeds({ seeds, threads, onProgress, onDone, signal, text, changes, engine }: SeedsOptions): Promise<SeedResult[]> {
  const waiting = [...seeds];
  const results = new Map<number, SeedResult>();
  const parts = new Map<Worker, number>();
  const workers = Array.from({ length: Math.min(threads ?? availableParallelism(), seeds.length) }, () =>
    newWorker({ text, changes, engine }),
  );
  const progress = () => onProgress?.(results.size + [...parts.values()].reduce((sum, part) => sum + part, 0));
  try {
    await new Promise<void>((resolve, reject) => {
      signal?.addEventListener('abort', () => resolve());
      if (signal?.aborted) resolve();
      const next = (worker: Worker) => {
        const seed = waiting.shift();
        if (seed !== undefined) worker.postMessage(seed, []);
        else if (results.size === seeds.length) resolve();
      };
      for (const worker of workers) {
        worker.on('error', reject);
        worker.on('message', (report: SeedReport) => {
          if (report.kind === 'failed') return reject(new RunFailedError(report));
          parts.set(worker, report.kind === 'progress' ? report.doneRatio : 0);
          if (report.kind === 'done') {
            results.set(report.result.run.seed, report.result);
            onDone?.(report.result.run.seed);
          }
          progress();
          if (report.kind === 'done') next(worker);
        });
        next(worker);
      }
    });
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return seeds.flatMap((seed) => results.get(seed) ?? []);
}

const newWorker = (work: SeedWork): Worker => new Worker(new URL('./seed-worker.ts', import.meta.url), { workerData: work });

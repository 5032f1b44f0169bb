import { randomUUID } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import type { Log } from '../log.ts';
import type { RerateReport, RerateTask } from './rerate-worker.ts';

export interface Rerating {
  readonly id: string;
  readonly span: RerateTask['span'];
  state: 'RUNNING' | 'DONE' | 'FAILED';
  done: number;
  total: number | null;
  result: Extract<RerateReport, { kind: 'result' }> | null;
}

/** Threads at once: each reads a whole period. */
const RUNNING_MAX = 1;
/** Results that are kept, in memory only: a re-rating can be made again. */
const KEPT_MAX = 16;

/** Re-ratings, each in a thread of its own, so that the network goes on undisturbed. */
export class RerateDesk {
  readonly #reratings = new Map<string, Rerating>();
  readonly #workers = new Set<Worker>();
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  /** @returns null when too many run already */
  begin(task: RerateTask): Rerating | null {
    if (this.#workers.size >= RUNNING_MAX) return null;
    const rerating: Rerating = { id: randomUUID(), span: task.span, state: 'RUNNING', done: 0, total: null, result: null };
    const worker = new Worker(new URL('rerate-worker.ts', import.meta.url), { workerData: task });
    this.#workers.add(worker);
    worker.on('message', (report: RerateReport) => {
      if (report.kind === 'result') rerating.result = report;
      else Object.assign(rerating, { done: report.done, total: report.total });
    });
    worker.on('error', (err) => this.#log.error({ err, rerating: rerating.id }, 'a re-rating failed'));
    worker.on('exit', () => {
      this.#workers.delete(worker);
      rerating.state = rerating.result === null ? 'FAILED' : 'DONE';
    });
    this.#reratings.set(rerating.id, rerating);
    const [oldest] = this.#reratings.keys();
    if (this.#reratings.size > KEPT_MAX && oldest !== undefined) this.#reratings.delete(oldest);
    return rerating;
  }

  find(id: string): Rerating | undefined {
    return this.#reratings.get(id);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#workers].map(async (worker) => worker.terminate()));
  }
}

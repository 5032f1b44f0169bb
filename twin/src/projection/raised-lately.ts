import type { AlarmConcern } from './alarm-view.ts';

/** Over this time alarms are counted to tell a flood, as ISA-18.2 does. */
export const RAISED_LATELY_MS = 600_000;
/** A flood of more than this is a flood all the same; nobody counts it. */
const COUNTED_MAX = 5_000;

type Raised = AlarmConcern & { readonly atMs: number };

/** Alarms that were raised in the last while, whatever became of them since. */
export class RaisedLately {
  #raised: Raised[] = [];

  add({ code, scope, scopeId, atMs }: Raised): void {
    this.#raised.push({ code, scope, scopeId, atMs });
    if (this.#raised.length > COUNTED_MAX) this.#raised.shift();
  }

  clear(): void {
    this.#raised = [];
  }

  /** Of the time before an instant; what is older is forgotten. */
  until(nowMs: number): readonly Raised[] {
    const fromMs = nowMs - RAISED_LATELY_MS;
    if (this.#raised.some(({ atMs }) => atMs <= fromMs)) this.#raised = this.#raised.filter(({ atMs }) => atMs > fromMs);
    return this.#raised;
  }
}

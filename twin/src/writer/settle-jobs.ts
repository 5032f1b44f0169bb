import { nameOf } from './input-name.ts';
import { InputFailedError, IntentUnansweredError } from './intent-answer.ts';
import type { Job } from './job.ts';
import type { WriterBatch } from './writer-batch.ts';

/** Acts whose answer somebody waits for, by intent. */
export type AskedIntents = Map<string, Extract<Job, { kind: 'intent' }>>;

/** Tells whoever waits for the jobs of a committed batch what came of them. */
export function settleJobs(jobs: readonly Job[], batch: WriterBatch, asking: AskedIntents): void {
  for (const effect of batch.step.effects) {
    if (effect.type !== 'intent.answered') continue;
    const job = asking.get(effect.intentId);
    if (!job) continue;
    asking.delete(effect.intentId);
    job.settle({ ok: effect.ok, code: effect.code, detail: effect.detail, orderId: effect.orderId });
  }
  const isPassedOver = batch.passedOver.length > 0;
  for (const job of jobs) {
    if (isPassedOver && 'fail' in job) {
      if (job.kind === 'intent') asking.delete(job.intentId);
      job.fail(new InputFailedError(nameOf(job).name));
      continue;
    }
    if (job.kind === 'register' || job.kind === 'forget') job.settle();
    // Every intent is answered in the step that it caused.
    if (job.kind === 'intent' && asking.delete(job.intentId)) job.fail(new IntentUnansweredError(job.intent.type));
  }
}

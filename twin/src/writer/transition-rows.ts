import { parseRef } from '@corridor/actors/network/entity-ref';
import { timeText } from './json-rows.ts';
import type { WriterBatch } from './writer-batch.ts';

/** What actors went through in a batch, in the order in which it happened. */
export function transitionRows({ step, batchNo }: WriterBatch) {
  return step.transitions.map(({ ref, atMs, from, to, event, by }, ordinal) => {
    const { kind, id } = parseRef(ref);
    return { machine: kind, id, at: timeText(atMs), batch_no: batchNo, ordinal, from_state: from, to_state: to, event, told_by: by };
  });
}

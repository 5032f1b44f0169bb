import type { EffectOf } from '@corridor/actors/network/effect';

/** What the network says to an intent. */
export type IntentAnswer = Pick<EffectOf<'intent.answered'>, 'ok' | 'code' | 'detail' | 'orderId'>;

/** The queue is full: the caller may try again. */
export class WriterBusyError extends Error {
  readonly code = 'WRITER_BUSY';
  constructor() {
    super('too much is waiting to be written; try again');
  }
}
/** The writer has stopped, in order or not. */
export class WriterStoppedError extends Error {
  readonly code = 'WRITER_STOPPED';
  constructor() {
    super('the writer has stopped');
  }
}

/** The network took an intent and did not answer it: a bug of ours. */
export class IntentUnansweredError extends Error {
  readonly code = 'INTENT_UNANSWERED';
  constructor(intent: string) {
    super(`${intent} was not answered`);
  }
}

/** The platform failed on this twice already: it is not tried again for a while. */
export class InputFailedError extends Error {
  readonly code = 'INPUT_FAILED';
  constructor(what: string) {
    super(`${what} was not done: the platform failed on it before`);
  }
}

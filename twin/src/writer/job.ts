import type { Input, Intent, SourceEvent } from '@corridor/actors/network/input';
import type { DueTimer } from '@corridor/actors/network/network';
import type { CommandReply } from '@corridor/protocols/cmd/command';
import type { IntentAnswer } from './intent-answer.ts';
import type { ReceivedEvent, Registered } from './writer-batch.ts';

interface Answered {
  readonly settle: () => void;
  readonly fail: (cause: Error) => void;
}

/** A command that was answered, or not in time. */
export interface AnsweredCommand {
  readonly commandId: string;
  readonly orderId: string | null;
  /** Gateway that it went to: `station:HH1`, `truck:T001`. */
  readonly source: string;
}

/** What waits in the writer's queue. */
export type Job =
  | { kind: 'event'; event: ReceivedEvent }
  | { kind: 'signal'; input: Extract<Input, { kind: 'signal' }> }
  | { kind: 'source'; id: string; event: (atMs: number) => SourceEvent }
  | { kind: 'reply'; command: AnsweredCommand; reply: CommandReply | 'TIMEOUT' }
  | {
      kind: 'intent';
      intentId: string;
      by: string;
      intent: Intent;
      /** Names the request among those of who asks; null: it has no name. */
      key: string | null;
      settle: (answer: IntentAnswer) => void;
      fail: (cause: Error) => void;
    }
  | ({ kind: 'register'; registered: Registered; add: () => void } & Answered)
  | ({ kind: 'forget'; source: string; by: string } & Answered)
  /** Only lets time go on. */
  | { kind: 'tick' };

/** What a batch is made of: jobs, and the timers that came due before them. */
export type Stepped = Exclude<Job, { kind: 'tick' }> | { kind: 'timer'; timer: DueTimer };

import type { EffectOf } from '@corridor/actors/network/effect';
import type { StepBatch } from '@corridor/actors/network/network';
import type { CommandReply } from '@corridor/protocols/cmd/command';
import type { Decoded } from '@corridor/protocols/decode';
import type { SourcePosition } from './sequencer.ts';
import type { CommandUpdate, ReceivedEvent, Registered, WriterBatch } from './writer-batch.ts';

/** Collects, while inputs are stepped, what has to be written beside the effects of the network. */
export class BatchInMaking {
  readonly positions = new Map<string, SourcePosition>();
  readonly registered: Registered[] = [];
  /** Commands that people gave. */
  readonly commands: EffectOf<'command.issued'>[] = [];
  readonly events: ReceivedEvent[] = [];
  /** Suspects that turned out to be harmless, if this is committed. */
  readonly cleared: ReceivedEvent[] = [];
  readonly #forgotten: string[] = [];
  readonly #commandUpdates: CommandUpdate[] = [];

  heard(event: ReceivedEvent): void {
    this.events.push(event);
    this.positions.set(event.source, { bootId: event.bootId, seq: event.seq });
  }

  forget(source: string): void {
    this.positions.delete(source);
    this.#forgotten.push(source);
  }

  /** Stage 1 of a command. */
  noteReply(commandId: string, reply: CommandReply | 'TIMEOUT', atMs: number): void {
    if (reply === 'TIMEOUT') this.#commandUpdates.push({ commandId, state: 'EXPIRED', detail: 'no answer', atMs });
    else {
      const state = reply.result === 'ACCEPTED' ? 'ACCEPTED' : 'REJECTED';
      this.#commandUpdates.push({ commandId, state, detail: reply.statusInfo?.reasonCode ?? reply.result, atMs });
    }
  }

  /** Stage 2 of a command, when the message is one. */
  noteResult({ subject, envelope }: Extract<Decoded, { ok: true }>, atMs: number): void {
    if (subject.lane !== 'res') return;
    const { result, statusInfo } = envelope.data as { result: string; statusInfo?: { reasonCode: string } };
    const state = result === 'ACCEPTED' ? 'DONE' : 'FAILED';
    this.#commandUpdates.push({ commandId: subject.commandId, state, detail: statusInfo?.reasonCode ?? result, atMs });
  }

  close(rest: { batchNo: number; scopeAtMs: number; driven: boolean; step: StepBatch; streamSeq: number }): WriterBatch {
    rest.step.effects.push(...this.commands);
    return {
      ...rest,
      evidence: this.events,
      cleared: this.cleared,
      positions: this.positions,
      forgottenSources: this.#forgotten,
      registered: this.registered,
      commandUpdates: this.#commandUpdates,
    };
  }
}

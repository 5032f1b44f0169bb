import { withdrawalKey } from '@corridor/actors/account/withdrawal.rules';
import type { Effect } from '@corridor/actors/network/effect';
import type { Network } from '@corridor/actors/network/network';
import type { StepBatch } from '@corridor/actors/network/step-batch';
import { assert } from '@corridor/protocols/assert';
import type { CommandReply } from '@corridor/protocols/cmd/command';
import type { Decoded } from '@corridor/protocols/decode';
import { splitSource } from '../commands/outlet.ts';
import { type InputName, nameOf } from './input-name.ts';
import { type AskedEntry, type AuditEntry, auditOf } from './intent-audit.ts';
import type { Job, Stepped } from './job.ts';
import { alarmOf, type PassedOver } from './passed-over.ts';
import type { SourcePosition } from './sequencer.ts';
import type { Verdict } from './suspects.ts';
import type { CommandUpdate, ReceivedEvent, Registered, WriterBatch } from './writer-batch.ts';

/** Collects, while inputs are stepped, what has to be written beside the effects of the network. */
export class BatchInMaking {
  readonly positions = new Map<string, SourcePosition>();
  readonly registered: Registered[] = [];
  /** Commands that people gave. */
  readonly commandUpdates: CommandUpdate[] = [];
  readonly passedOver: PassedOver[] = [];
  readonly #inputs: Stepped[] = [];
  readonly #events: ReceivedEvent[] = [];
  readonly #forgotten: string[] = [];
  readonly #audits: (AskedEntry & { intentId: string | null; key: string | null })[] = [];
  readonly #requestedBy = new Map<string, string>();
  #ticks = 0;
  #isAlone = false;
  #stepping: Stepped | null = null;
  readonly #cleared: InputName[] = [];

  /** Whether there is nothing to write. */
  get isEmpty(): boolean {
    return this.inputs === 0;
  }

  get inputs(): number {
    return this.#inputs.length + this.#ticks;
  }

  /** Whether its one input must have no other beside it. */
  get isAlone(): boolean {
    return this.#isAlone;
  }

  begin(input: Stepped, verdict: Verdict): void {
    this.#inputs.push(input);
    this.#stepping = input;
    this.#isAlone = verdict !== 'take';
    // It is known as harmless, if this is committed.
    if (verdict === 'alone') this.#cleared.push(nameOf(input));
  }

  tick(): void {
    this.#ticks += 1;
  }

  stepped(): void {
    this.#stepping = null;
  }

  /** What may be at fault when something failed: the input under way, or any of them when all had been stepped. */
  blamed(): InputName[] {
    return (this.#stepping === null ? this.#inputs : [this.#stepping]).map(nameOf);
  }

  heard(event: ReceivedEvent): void {
    this.#events.push(event);
    this.positions.set(event.source, { bootId: event.bootId, seq: event.seq });
  }

  /** The place of a source in both its lanes goes, which is an act of a person on its gateway. */
  forget({ source, by }: Extract<Job, { kind: 'forget' }>, before: SourcePosition | null, atMs: number): void {
    this.positions.delete(source);
    this.#forgotten.push(source);
    const { kind: entityKind, id: entityId } = splitSource(source);
    const act = { atMs, userId: by, action: 'credentials.revoke', entityKind, entityId, before, after: { begins: 'anew' } };
    this.#audits.push({ ...act, intentId: null, key: null });
  }

  /** Who asked for what: the network's effects name only whose it is. */
  noteRequest({ intent, by, intentId, key }: Extract<Job, { kind: 'intent' }>, atMs: number, network: Pick<Network, 'view'>): void {
    const audit = auditOf(intent, by, atMs, network);
    if (audit !== null) this.#audits.push({ ...audit, intentId, key });
    if (intent.type === 'payment.topUp') this.#requestedBy.set(`topup:${intent.principalId}:${intent.key}`, by);
    if (intent.type === 'payment.collected') this.#requestedBy.set(intent.paymentId, by);
    if (intent.type === 'payment.withdrawn') this.#requestedBy.set(withdrawalKey(intent.principalId, intent.key), by);
    if (intent.type === 'payment.paidOut') this.#requestedBy.set(`payout:${intent.key}`, by);
  }

  /** Stage 1 of a command. */
  noteReply(commandId: string, reply: CommandReply | 'TIMEOUT', atMs: number): void {
    if (reply === 'TIMEOUT') this.commandUpdates.push({ commandId, state: 'EXPIRED', detail: 'no answer', atMs });
    else {
      const state = reply.result === 'ACCEPTED' ? 'ACCEPTED' : 'REJECTED';
      this.commandUpdates.push({ commandId, state, detail: reply.statusInfo?.reasonCode ?? reply.result, atMs });
    }
  }

  /** Stage 2 of a command, when the message is one. */
  noteResult({ subject, envelope }: Extract<Decoded, { ok: true }>, atMs: number): void {
    if (subject.lane !== 'res') return;
    const { result, statusInfo } = envelope.data as { result: string; statusInfo?: { reasonCode: string } };
    const state = result === 'ACCEPTED' ? 'DONE' : 'FAILED';
    this.commandUpdates.push({ commandId: subject.commandId, state, detail: statusInfo?.reasonCode ?? result, atMs });
  }

  close(rest: { batchNo: number; scopeAtMs: number; driven: boolean; step: StepBatch; streamSeq: number }): WriterBatch {
    rest.step.effects.push(...this.passedOver.map((passed) => alarmOf(passed, rest.scopeAtMs)));
    return {
      ...rest,
      evidence: this.#events,
      cleared: this.#cleared,
      passedOver: this.passedOver,
      positions: this.positions,
      forgottenSources: this.#forgotten,
      registered: this.registered,
      commandUpdates: this.commandUpdates,
      requestedBy: this.#requestedBy,
      audits: this.#auditsWith(rest.step.effects),
    };
  }

  #auditsWith(effects: readonly Effect[]): AuditEntry[] {
    const answers = new Map(effects.flatMap((effect) => (effect.type === 'intent.answered' ? [[effect.intentId, effect]] : [])));
    return this.#audits.map(({ intentId, key, ...asked }) => {
      // What is no intent is nobody's to refuse.
      if (intentId === null) return { ...asked, requestId: key, outcome: 'DONE', code: 'DONE' };
      const answer = answers.get(intentId);
      assert(answer !== undefined, `${asked.action} of ${asked.entityId} was not answered in its step`);
      return { ...asked, requestId: key, outcome: answer.ok ? 'DONE' : 'REFUSED', code: answer.code };
    });
  }
}

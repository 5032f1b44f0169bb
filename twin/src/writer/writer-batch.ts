import type { StepBatch } from '@corridor/actors/network/step-batch';
import type { Decoded } from '@corridor/protocols/decode';
import type { PackDefinition, StationDefinition, TruckDefinition } from '@corridor/protocols/network-file';
import type { InputName } from './input-name.ts';
import type { AuditEntry } from './intent-audit.ts';
import type { PassedOver } from './passed-over.ts';
import type { SourcePosition } from './sequencer.ts';

/** A message of the EVT stream as it was received. */
export interface ReceivedEvent {
  /** `station:HH1`, `truck:T001`. */
  readonly source: string;
  readonly bootId: number;
  readonly seq: number;
  readonly streamSeq: number;
  readonly subject: string;
  /** null when it did not decode: its number is used up all the same. */
  readonly decoded: Extract<Decoded, { ok: true }> | null;
  /** The message as it came, JSON text; null when it is none. */
  readonly text: string | null;
  /** When it happened, scope ms, corrected for the clock of its source. */
  readonly eventAtMs: number;
  readonly skewed: boolean;
  readonly receivedWallMs: number;
  /** When it reached the stream, scope ms: its place among the timers, however late we read it. */
  readonly reachedAtMs: number;
  /** Why it was refused; null when it was not. */
  readonly refusal: string | null;
}

/** A new asset with its definition, as its row keeps it. */
export type Registered =
  | { readonly asset: 'station'; readonly definition: StationDefinition }
  | { readonly asset: 'pack'; readonly definition: PackDefinition }
  | { readonly asset: 'truck'; readonly definition: TruckDefinition };

export type CommandState = 'PENDING' | 'ACCEPTED' | 'REJECTED' | 'DONE' | 'FAILED' | 'EXPIRED';

/** What became of a command. */
export interface CommandUpdate {
  readonly commandId: string;
  readonly state: CommandState;
  /** Reason or result as the gateway put it. */
  readonly detail: string | null;
  readonly atMs: number;
}

/** Everything that one transaction writes. */
export interface WriterBatch {
  /** Counts the batches; also the fence against a second writer. */
  readonly batchNo: number;
  readonly scopeAtMs: number;
  /** Whether somebody drives the scope's clock. */
  readonly driven: boolean;
  readonly step: StepBatch;
  readonly evidence: readonly ReceivedEvent[];
  /** Inputs on which an earlier process failed and that went well this time. */
  readonly cleared: readonly InputName[];
  readonly passedOver: readonly PassedOver[];
  /** New positions of the sources that were heard. */
  readonly positions: ReadonlyMap<string, SourcePosition>;
  readonly forgottenSources: readonly string[];
  /** The stream is taken up to here. */
  readonly streamSeq: number;
  readonly registered: readonly Registered[];
  readonly commandUpdates: readonly CommandUpdate[];
  /** Key of a transfer that brought money in -> who asked for it. */
  readonly requestedBy: ReadonlyMap<string, string>;
  readonly audits: readonly AuditEntry[];
}

/** A batch that is written down as statements. */
export interface ReadyBatch {
  /**
   * Sends it at once, and writes it in one transaction with synchronous commit. When the outcome of a commit is unknown it asks the
   * database and tries again; it returns only when the batch is committed.
   * @param before end of the batch that it follows, while that is at the database; what that fails with, this one fails with too
   * @throws StoreFailedError when the batch can never be written, or another writer wrote: end the process
   */
  commit(this: void, before: Promise<void> | null): Promise<void>;
}

/** Where batches become durable. */
export interface BatchStore {
  /** Writes a batch down, without asking the database anything. */
  prepare(batch: WriterBatch): Promise<ReadyBatch>;
}

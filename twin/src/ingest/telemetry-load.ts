import type { Decoded } from '@corridor/protocols/decode';
import type { LaneChanges } from '../completeness/lane-book.ts';
import { ValueOutOfRangeError } from '../db/copy-encoder.ts';
import { readingsOf, TelemetryBatch, type TelemetryMessage } from '../db/telemetry-batch.ts';
import type { StreamMessage } from './event-intake.ts';

type Telemetry = Extract<Decoded, { ok: true }>;

/** A telemetry message on its way to the tables. */
export interface LoadedMessage {
  readonly message: StreamMessage;
  readonly decoded: Telemetry;
  readonly telemetry: TelemetryMessage;
  /** Its rows may be in the tables already. */
  readonly isAgain: boolean;
}

/** One reading that its table cannot hold. */
export interface RefusedReading {
  readonly message: StreamMessage;
  readonly index: number;
  readonly reason: string;
}

/** Telemetry that is written in one transaction. */
export class TelemetryLoad {
  readonly #platformId: string;
  readonly fresh: TelemetryBatch;
  /** What may be in the tables already. */
  readonly again: TelemetryBatch;
  #messages: LoadedMessage[] = [];
  /** Stream is taken up to here; 0: nothing was taken. */
  streamSeq = 0;
  oldestStoredWallMs = Number.POSITIVE_INFINITY;
  /** What its messages, and those of the lane of events so far, tell of their numbers. */
  lanes: LaneChanges | null = null;

  constructor(platformId: string) {
    this.#platformId = platformId;
    this.fresh = new TelemetryBatch(platformId);
    this.again = new TelemetryBatch(platformId);
  }

  get rows(): number {
    return this.fresh.rows + this.again.rows;
  }

  get messages(): readonly LoadedMessage[] {
    return this.#messages;
  }

  /** @returns its readings that no table can hold; the others are in */
  add(loaded: LoadedMessage): RefusedReading[] {
    this.#messages.push(loaded);
    this.oldestStoredWallMs = Math.min(this.oldestStoredWallMs, loaded.message.storedWallMs);
    const batch = loaded.isAgain ? this.again : this.fresh;
    try {
      batch.add(loaded.telemetry);
      return [];
    } catch (cause) {
      if (!(cause instanceof ValueOutOfRangeError)) throw cause;
    }
    return indexes(loaded).flatMap((index) => addOne(batch, loaded, index));
  }

  /** Single readings, as they have to be told apart when the database refuses one of them. */
  readings(): Reading[] {
    const scratch = new TelemetryBatch(this.#platformId);
    return this.#messages.flatMap((loaded) => {
      const readings = indexes(loaded).flatMap((index) => (addOne(scratch, loaded, index).length === 0 ? [{ loaded, index }] : []));
      scratch.clear();
      return readings;
    });
  }

  clear(): void {
    this.fresh.clear();
    this.again.clear();
    this.#messages = [];
    this.streamSeq = 0;
    this.lanes = null;
    this.oldestStoredWallMs = Number.POSITIVE_INFINITY;
  }
}

/** One row. */
export interface Reading {
  readonly loaded: LoadedMessage;
  readonly index: number;
}

/** Some readings of a load as batches of their own. */
export function batchesOf(platformId: string, readings: readonly Reading[]): { fresh: TelemetryBatch; again: TelemetryBatch } {
  const [fresh, again] = [new TelemetryBatch(platformId), new TelemetryBatch(platformId)];
  for (const { loaded, index } of readings) (loaded.isAgain ? again : fresh).add(loaded.telemetry, index);
  return { fresh, again };
}

const indexes = ({ telemetry }: LoadedMessage): number[] => Array.from({ length: readingsOf(telemetry) }, (_, index) => index);

function addOne(batch: TelemetryBatch, { telemetry, message }: LoadedMessage, index: number): RefusedReading[] {
  try {
    batch.add(telemetry, index);
    return [];
  } catch (cause) {
    if (!(cause instanceof ValueOutOfRangeError)) throw cause;
    return [{ message, index, reason: cause.message }];
  }
}

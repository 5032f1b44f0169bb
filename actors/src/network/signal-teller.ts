import type { SignalEvent } from './actor-event.ts';
import { type EntityRef, refOf } from './entity-ref.ts';
import type { SignalKind } from './signal-columns.ts';
import type { SignalRows, TextPool } from './signal-rows.ts';
import { levelOf, type Threshold } from './threshold.ts';

/** Tells an actor what it cares about; the host puts it into its queue of inputs. */
export type SignalSink = (to: EntityRef, event: SignalEvent) => void;

/** A row's `sides`: two levels of three bits, each stored plus one so that 0 is unknown, and one bit "announced". */
export const SIDE_BITS = { first: 0, second: 3 } as const;
const LEVEL_MASK = 0b111;
const ANNOUNCED = 0b0100_0000;
/** What fits into three bits with "unknown". */
export const THRESHOLDS_MAX = 6;

export interface Crossable {
  kind: SignalKind;
  signal: string;
  shift: (typeof SIDE_BITS)[keyof typeof SIDE_BITS];
}

/** Compares new values with what actors were told, and tells the difference. */
export class SignalTeller {
  readonly #pool: TextPool;

  constructor(pool: TextPool) {
    this.#pool = pool;
  }

  isAnnounced(rows: SignalRows<string, string>, row: number): boolean {
    return ((rows.sides[row] ?? 0) & ANNOUNCED) !== 0;
  }

  announce(rows: SignalRows<string, string>, row: number): void {
    rows.sides[row] = (rows.sides[row] ?? 0) | ANNOUNCED;
  }

  /** A text that actors follow; told when it is new, or was not told since the start. Announces the row. */
  change(
    rows: SignalRows<string, string>,
    row: number,
    of: { column: number; kind: SignalKind; signal: string },
    value: string,
    atMs: number,
    emit: SignalSink,
  ): void {
    const at = rows.textAt(row, of.column);
    const code = this.#pool.codeOf(value);
    if (rows.texts[at] === code && this.isAnnounced(rows, row)) return;
    rows.texts[at] = code;
    this.announce(rows, row);
    emit(refOf(of.kind, rows.idOf(row)), { type: 'signal.changed', atMs, signal: of.signal, value });
  }

  /** One event for a report, however many thresholds it passes; the first report says where the value stands. */
  cross(
    rows: SignalRows<string, string>,
    row: number,
    of: Crossable,
    thresholds: readonly Threshold[],
    value: number,
    atMs: number,
    emit: SignalSink,
  ): void {
    if (Number.isNaN(value)) return;
    const sides = rows.sides[row] ?? 0;
    const before = ((sides >> of.shift) & LEVEL_MASK) - 1;
    const level = levelOf(thresholds, value, Math.max(0, before));
    if (level === before) return;
    rows.sides[row] = (sides & ~(LEVEL_MASK << of.shift)) | ((level + 1) << of.shift);
    const isAbove = before < 0 ? level === thresholds.length : level > before;
    emit(refOf(of.kind, rows.idOf(row)), { type: 'signal.crossed', atMs, signal: of.signal, side: isAbove ? 'ABOVE' : 'BELOW', value });
  }
}

import { yuanText } from '../ledger/decimal-text.ts';
import { fen } from '../ledger/fen.ts';
import type { BillLine } from '../order/bill.ts';
import { perCase } from '../rating/mode-charge.ts';
import type { CorrectionDraft } from './correction.ts';

/** How a line of a bill is changed. */
export interface LineChange {
  readonly lineNo: number;
  /** Signed: what is added to the amount of the line. */
  readonly deltaFen: bigint;
}

/** A bill as it stands, as far as a dispute may change it. */
export interface DisputedBill {
  readonly lines: readonly BillLine[];
  /** By line, what corrections added to it before. */
  readonly correctedFen: ReadonlyMap<number, bigint>;
  /** What has to stand of all lines together; null: no bound, since the bill of a swap may end with a credit. */
  readonly floorFen: bigint | null;
}

export const LINE_CHANGE_REFUSALS = [
  'LINE_UNKNOWN',
  'LINE_REPEATED',
  'CORRECTION_EMPTY',
  'CORRECTION_ABOVE_LINE',
  'CORRECTION_ABOVE_PAID',
] as const;
export type LineChangeRefusal = (typeof LINE_CHANGE_REFUSALS)[number];
export type LineChanges = { ok: true; drafts: readonly CorrectionDraft[] } | { ok: false; reason: LineChangeRefusal; detail: string };

/**
 * Credit lines of a dispute that is upheld. A line may be taken back, in part or whole, never turned into its opposite: what was
 * corrected of it before counts. Of a bill with a floor no more is given back than was paid: a penalty that a waiver took back is not
 * paid out besides.
 */
export function disputeCorrectionLines(
  { lines, correctedFen, floorFen }: DisputedBill,
  changes: readonly LineChange[],
  reason: string,
): LineChanges {
  const refuse = (code: LineChangeRefusal, detail: string) => ({ ok: false, reason: code, detail }) as const;
  const asked = changes.filter(({ deltaFen }) => deltaFen !== 0n);
  if (asked.length === 0) return refuse('CORRECTION_EMPTY', 'it changes no line');
  if (new Set(asked.map(({ lineNo }) => lineNo)).size !== asked.length) return refuse('LINE_REPEATED', 'each line is changed once');
  const drafts: CorrectionDraft[] = [];
  for (const { lineNo, deltaFen } of asked) {
    const line = lines.find((each) => each.lineNo === lineNo);
    if (line === undefined) return refuse('LINE_UNKNOWN', `the bill has no line ${lineNo}`);
    const beforeFen = line.amountFen + (correctedFen.get(lineNo) ?? 0n);
    const afterFen = beforeFen + deltaFen;
    const isTowardsZero = beforeFen > 0n ? deltaFen < 0n && afterFen >= 0n : beforeFen < 0n && deltaFen > 0n && afterFen <= 0n;
    if (!isTowardsZero) {
      return refuse(
        'CORRECTION_ABOVE_LINE',
        `line ${lineNo} stands at ${yuanText(beforeFen)} yuan: ${yuanText(deltaFen)} is more than can be taken back`,
      );
    }
    const { lineNo: _, ...rest } = line;
    drafts.push({
      ...rest,
      ...perCase(fen(deltaFen)),
      ofLineNo: lineNo,
      description: `Correction of line ${lineNo}, ${line.description}`,
      derivation: `${yuanText(beforeFen)} + (${yuanText(deltaFen)}) = ${yuanText(afterFen)} yuan; ${reason}`,
    });
  }
  const standsFen = lines.reduce((sum, { lineNo, amountFen }) => sum + amountFen + (correctedFen.get(lineNo) ?? 0n), 0n);
  const deltaFen = drafts.reduce((sum, { amountFen }) => sum + amountFen, 0n);
  if (floorFen !== null && standsFen + deltaFen < floorFen) {
    return refuse(
      'CORRECTION_ABOVE_PAID',
      `of the bill ${yuanText(standsFen)} yuan stand: ${yuanText(deltaFen)} is more than was paid for it`,
    );
  }
  return { ok: true, drafts };
}

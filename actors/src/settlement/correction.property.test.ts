import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { fen } from '../ledger/fen.ts';
import { LedgerBook } from '../ledger/ledger-book.ts';
import type { BillLine } from '../order/bill.ts';
import { type Correction, type CorrectionDraft, correctionOf, correctionTransfers } from './correction.ts';
import { disputeCorrectionLines } from './dispute-correction.ts';
import { isMismatch, meterCorrectionLines } from './meter-correction.ts';

const PRICE = 350_000_000n;
const commission = { ELECTRICITY: 50, SERVICE: 500, BATTERY_RENT: 300, SWAP_HANDLING: 500, PENALTY: 0 };
const wh = fc.bigInt(0n, 400_000n);
/** A bill in which everything may be credited or charged. */
const bill = fc.record({ outWh: wh, inWh: wh, handlingFen: fc.bigInt(0n, 4_000n) }).map(({ outWh, inWh, handlingFen }): BillLine[] => {
  const energy = (
    lineNo: number,
    component: BillLine['component'],
    leg: BillLine['leg'],
    quantity: bigint,
    beneficiaryId: string,
  ): BillLine => ({
    lineNo,
    component,
    leg,
    quantity,
    beneficiaryId,
    description: '',
    derivation: '',
    period: null,
    unit: 'Wh',
    taxRateBasisPoints: 600,
    packId: component === 'SERVICE' ? null : `P-${leg}`,
    unitPriceNanoYuan: PRICE,
    amountFen: fen(roundedFen(quantity * PRICE)),
  });
  return [
    energy(1, 'ELECTRICITY', 'OUT', outWh, 'SO1'),
    energy(2, 'ELECTRICITY', 'IN', -inWh, 'SO1'),
    energy(3, 'SERVICE', 'NONE', outWh - inWh, 'SO1'),
    energy(4, 'BATTERY_RENT', 'OUT', outWh, 'BO2'),
    energy(5, 'BATTERY_RENT', 'IN', -inWh, 'BO1'),
    {
      ...energy(6, 'SWAP_HANDLING', 'NONE', 1n, 'SO1'),
      unit: 'swap',
      unitPriceNanoYuan: handlingFen * 10_000_000n,
      amountFen: fen(handlingFen),
    },
  ];
});
const step = fc.oneof(
  fc.record({
    kind: fc.constant('dispute' as const),
    changes: fc.array(fc.record({ lineNo: fc.integer({ min: 0, max: 7 }), percent: fc.integer({ min: -10, max: 120 }) }), { maxLength: 4 }),
  }),
  fc.record({ kind: fc.constant('meter' as const), meteredWh: fc.nat(450_000), billedWh: fc.nat(400_000) }),
);

it('keeps every line on its side of zero over many disputes of an order, and a meter between them, and every transfer balanced', () => {
  fc.assert(
    fc.property(bill, fc.array(step, { minLength: 1, maxLength: 12 }), (lines, steps) => {
      const corrected = new Map<number, bigint>();
      const book = new LedgerBook((accountId) => (accountId === 'PF_clearing' ? fen(0n) : null));
      const nets = new Map<string, bigint>();
      let [paidFen, isMetered] = [0n, false];
      for (const [index, each] of steps.entries()) {
        const drafts =
          each.kind === 'dispute' ? disputed(lines, each.changes, corrected) : isMetered ? null : metered(lines, each, corrected);
        if (drafts === null) continue;
        isMetered ||= each.kind === 'meter';
        const correction = booked(`dispute:D${index}`, drafts);
        for (const { ofLineNo, amountFen } of correction.lines) corrected.set(ofLineNo, (corrected.get(ofLineNo) ?? 0n) + amountFen);
        book.postAll(correctionTransfers(correction, 'PF'));
        for (const { principalId, netFen } of correction.shares) nets.set(principalId, (nets.get(principalId) ?? 0n) + netFen);
        paidFen += correction.payableFen;
        for (const { lineNo, amountFen, component, leg } of lines) {
          const standsFen = amountFen + (corrected.get(lineNo) ?? 0n);
          // Service is on net energy: the meter may turn it. Nothing else may come to be its opposite.
          if (component !== 'SERVICE') expect(leg === 'IN' ? standsFen <= 0n : standsFen >= 0n).toBe(true);
        }
      }
      expect(book.findings()).toEqual([]);
      expect(book.balance('PF_clearing')).toBe(0n);
      expect(book.balance('C1_prepaid')).toBe(0n - paidFen);
      for (const [principalId, netFen] of nets) expect(book.balance(`${principalId}_income`)).toBe(netFen);
    }),
  );
});

const PER_KWH = { billing: undefined, packageGrant: null, netWh: 0n };
type Corrected = ReadonlyMap<number, bigint>;

function disputed(
  lines: readonly BillLine[],
  changes: readonly { lineNo: number; percent: number }[],
  corrected: Corrected,
): readonly CorrectionDraft[] | null {
  const asked = changes.map(({ lineNo, percent }) => {
    const amountFen: bigint = lines.find((line) => line.lineNo === lineNo)?.amountFen ?? 100n;
    return { lineNo, deltaFen: (0n - amountFen * BigInt(percent)) / 100n };
  });
  const found = disputeCorrectionLines({ lines, correctedFen: corrected, floorFen: null }, asked, 'why');
  return found.ok ? found.drafts : null;
}

function metered(
  lines: readonly BillLine[],
  { meteredWh, billedWh }: { meteredWh: number; billedWh: number },
  corrected: Corrected,
): readonly CorrectionDraft[] | null {
  const difference = { orderId: 'O1', meteredWh, billedWh, nominalWh: 400_000 };
  return isMismatch(difference) ? meterCorrectionLines(lines, difference, PER_KWH, corrected) : null;
}

const booked = (correctionId: string, drafts: readonly CorrectionDraft[]): Correction =>
  correctionOf(
    { correctionId, orderId: 'O1', chargeId: null, carrierId: 'C1', cause: 'DISPUTE', disputeId: correctionId, reason: 'why', by: 'x' },
    drafts,
    { platformId: 'PF', commission },
  );

/** Half up on the magnitude. */
function roundedFen(scaled: bigint): bigint {
  const size = scaled < 0n ? -scaled : scaled;
  const rounded = (size + 5_000_000_000n) / 10_000_000_000n;
  return scaled < 0n ? -rounded : rounded;
}

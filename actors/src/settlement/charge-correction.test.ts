import { expect, it } from 'vitest';
import { AccountRun, aCharge, accountEvents } from '../account/account-run.fixture.ts';
import { chargeOf } from '../charge/charge.ts';
import { fen } from '../ledger/fen.ts';
import { NOON_MS } from '../order/order.fixture.ts';
import type { DraftLine } from '../rating/bill-line.ts';
import { perCase } from '../rating/mode-charge.ts';
import { type Correction, correctionOf } from './correction.ts';
import { disputeCorrectionLines } from './dispute-correction.ts';

const terms = { platformId: 'PF', commission: { ELECTRICITY: 0, SERVICE: 0, BATTERY_RENT: 0, SWAP_HANDLING: 0, PENALTY: 1_000 } };
const line = (component: 'PENALTY' | 'WAIVER', amountFen: bigint): DraftLine => ({
  component,
  leg: 'NONE',
  description: component,
  ...perCase(fen(amountFen)),
  taxRateBasisPoints: 600,
  beneficiaryId: 'SO1',
  period: null,
  packId: null,
  derivation: () => component,
});
const noShow = (...lines: DraftLine[]) =>
  chargeOf({ ...aCharge(), chargeId: 'no-show:O1', kind: 'NO_SHOW', basis: { ratedAtMs: NOON_MS, stayedMs: null } }, lines, terms);

/** @returns the refusal, or what is taken back by line */
function taken(charge: ReturnType<typeof noShow>, changes: { lineNo: number; deltaFen: bigint }[], before = new Map<number, bigint>()) {
  const found = disputeCorrectionLines({ lines: charge.lines, correctedFen: before, floorFen: 0n }, changes, 'why');
  return found.ok ? found.drafts.map(({ ofLineNo, amountFen }) => [ofLineNo, amountFen]) : found.reason;
}

it('gives back of a charge what its station got and what the platform took of that, to who paid it', () => {
  const charge = noShow(line('PENALTY', 5_000n));
  const found = disputeCorrectionLines(
    { lines: charge.lines, correctedFen: new Map(), floorFen: 0n },
    [{ lineNo: 1, deltaFen: -5_000n }],
    'why',
  );
  if (!found.ok) throw new Error(found.detail);
  const about = {
    correctionId: 'dispute:D1',
    orderId: null,
    chargeId: charge.chargeId,
    carrierId: 'C1',
    cause: 'DISPUTE',
    disputeId: 'D1',
  } as const;
  const correction: Correction = correctionOf({ ...about, reason: 'why', by: 'ops' }, found.drafts, terms);
  expect(
    correction.shares.map(({ principalId, grossFen, commissionFen, netFen }) => [principalId, grossFen, commissionFen, netFen]),
  ).toEqual([
    ['SO1', -5_000n, 500n, -4_500n],
    ['PF', 0n, -500n, -500n],
  ]);
  const asked = { ...accountEvents['account.correctionRequested'], correction };
  const charged = { ...accountEvents['account.chargeRequested'], charge };
  const run = new AccountRun().send(accountEvents['account.toppedUp'], charged, asked, asked);
  expect(run.codes).toEqual(['TOPPED_UP', 'CHARGED', 'CORRECTED', 'CORRECTION_EXISTS']);
  for (const [account, balanceFen] of [
    ['C1_prepaid', 100_000n],
    ['SO1_income', 0n],
    ['PF_income', 0n],
    ['PF_clearing', 0n],
  ] as const)
    expect([account, run.ledger.balance(account)]).toEqual([account, balanceFen]);
  // Transfers of an order are those of its own bill.
  expect([...run.ledger.transfers()].map(({ orderId }) => orderId)).toEqual(Array.from({ length: 7 }, () => null));
});

it('refuses more than a line has, and more than was paid', () => {
  const penalty = noShow(line('PENALTY', 5_000n));
  expect(taken(penalty, [{ lineNo: 1, deltaFen: -5_001n }])).toBe('CORRECTION_ABOVE_LINE');
  expect(taken(penalty, [{ lineNo: 1, deltaFen: -3_001n }], new Map([[1, -2_000n]]))).toBe('CORRECTION_ABOVE_LINE');
  // What was waived was not paid; the waiver may be taken back, and then the penalty, or both at once.
  const waived = noShow(line('PENALTY', 5_000n), line('WAIVER', -5_000n));
  expect(taken(waived, [{ lineNo: 1, deltaFen: -1n }])).toBe('CORRECTION_ABOVE_PAID');
  expect(taken(waived, [{ lineNo: 2, deltaFen: 5_000n }])).toEqual([[2, 5_000n]]);
  expect(taken(waived, [{ lineNo: 1, deltaFen: -4_000n }], new Map([[2, 4_000n]]))).toEqual([[1, -4_000n]]);
  expect(taken(waived, [{ lineNo: 1, deltaFen: -4_001n }], new Map([[2, 4_000n]]))).toBe('CORRECTION_ABOVE_PAID');
  const both = [
    { lineNo: 1, deltaFen: -5_000n },
    { lineNo: 2, deltaFen: 5_000n },
  ];
  expect(taken(waived, both)).toEqual(both.map(({ lineNo, deltaFen }) => [lineNo, deltaFen]));
});

import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { AccountRun, aCharge, accountEvents } from '../account/account-run.fixture.ts';
import { chargeOf } from '../charge/charge.ts';
import { fen } from '../ledger/fen.ts';
import type { DraftLine } from '../rating/bill-line.ts';
import { perCase } from '../rating/mode-charge.ts';
import { correctionOf } from './correction.ts';
import { disputeCorrectionLines } from './dispute-correction.ts';

const line = (component: DraftLine['component'], beneficiaryId: string, amountFen: bigint): DraftLine => ({
  component,
  leg: 'NONE',
  description: '',
  ...perCase(fen(amountFen)),
  taxRateBasisPoints: 600,
  beneficiaryId,
  period: null,
  packId: null,
  derivation: () => '',
});
const amount = fc.bigInt({ min: 1n, max: 40_000n });
/** A rent, a penalty, or one that a waiver took back in part or whole. */
const drawnCharge = fc.record({
  lines: fc.oneof(
    amount.map((fee) => [line('MODE_ADJUSTMENT', 'BO1', fee)]),
    amount.map((penalty) => [line('PENALTY', 'SO1', penalty)]),
    fc
      .tuple(amount, fc.integer({ min: 1, max: 100 }))
      .map(([penalty, percent]) => [line('PENALTY', 'SO1', penalty), line('WAIVER', 'SO1', -(penalty * BigInt(percent)) / 100n)]),
  ),
  penaltyBasisPoints: fc.integer({ min: 0, max: 10_000 }),
});
const drawnDispute = fc.record({
  changes: fc.array(fc.record({ lineNo: fc.integer({ min: 1, max: 3 }), percent: fc.integer({ min: -20, max: 120 }) }), {
    minLength: 1,
    maxLength: 3,
  }),
  times: fc.integer({ min: 1, max: 3 }),
});

it('keeps every fen over any charges and disputes of them, gives back no more than was paid, and books nothing twice', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(drawnCharge, fc.array(drawnDispute, { maxLength: 6 })), { minLength: 1, maxLength: 3 }), (drawn) => {
      const run = new AccountRun().send(accountEvents['account.toppedUp']);
      const toppedUpFen = run.books.prepaidFen;
      const nets = new Map<string, bigint>();
      const earn = (shares: readonly { principalId: string; netFen: bigint }[]) => {
        for (const { principalId, netFen } of shares) nets.set(principalId, (nets.get(principalId) ?? 0n) + netFen);
      };
      let paidFen = 0n;
      for (const [index, [{ lines, penaltyBasisPoints }, disputes]] of drawn.entries()) {
        const commission = { ELECTRICITY: 0, SERVICE: 0, BATTERY_RENT: 0, SWAP_HANDLING: 0, PENALTY: penaltyBasisPoints };
        const terms = { platformId: 'PF', commission };
        const charge = chargeOf({ ...aCharge(), chargeId: `no-show:O${index}`, kind: 'NO_SHOW' }, lines, terms);
        const asked = { ...accountEvents['account.chargeRequested'], charge };
        run.send(asked, asked);
        if (run.codes.at(-2) === 'NO_CREDIT') continue;
        earn(charge.shares);
        paidFen += charge.payableFen;
        const corrected = new Map<number, bigint>();
        const standsFen = () => charge.lines.reduce((sum, { lineNo, amountFen }) => sum + amountFen + (corrected.get(lineNo) ?? 0n), 0n);
        for (const [no, { changes, times }] of disputes.entries()) {
          const deltas = changes.map(({ lineNo, percent }) => {
            const stands = (charge.lines[lineNo - 1]?.amountFen ?? 100n) + (corrected.get(lineNo) ?? 0n);
            return { lineNo, deltaFen: -(stands * BigInt(percent)) / 100n };
          });
          const found = disputeCorrectionLines({ lines: charge.lines, correctedFen: corrected, floorFen: 0n }, deltas, 'why');
          if (!found.ok) continue;
          const disputeId = `D${index}-${no}`;
          const of = {
            orderId: null,
            chargeId: charge.chargeId,
            carrierId: 'C1',
            cause: 'DISPUTE',
            disputeId,
            reason: 'why',
            by: 'x',
          } as const;
          const correction = correctionOf({ ...of, correctionId: `dispute:${disputeId}` }, found.drafts, terms);
          const event = { ...accountEvents['account.correctionRequested'], correction };
          const before = [...run.ledger.transfers()].length;
          run.send(event);
          if (run.codes.at(-1) === 'NO_CREDIT') {
            expect([...run.ledger.transfers()]).toHaveLength(before);
            continue;
          }
          expect(run.codes.at(-1)).toBe('CORRECTED');
          const booked = [...run.ledger.transfers()].length;
          for (let again = 1; again < times; again += 1) run.send(event);
          expect([...run.ledger.transfers()]).toHaveLength(booked);
          for (const { ofLineNo, amountFen } of correction.lines) corrected.set(ofLineNo, (corrected.get(ofLineNo) ?? 0n) + amountFen);
          earn(correction.shares);
          paidFen += correction.payableFen;
          for (const { lineNo, amountFen } of charge.lines) {
            const stands = amountFen + (corrected.get(lineNo) ?? 0n);
            expect(amountFen > 0n ? stands >= 0n && stands <= amountFen : stands <= 0n && stands >= amountFen).toBe(true);
          }
          expect(standsFen()).toBeGreaterThanOrEqual(0n);
        }
      }
      expect(run.ledger.findings()).toEqual([]);
      expect(run.ledger.balance('PF_clearing')).toBe(0n);
      expect(run.ledger.balance('C1_prepaid')).toBe(toppedUpFen - paidFen);
      expect(run.books.prepaidFen).toBe(toppedUpFen - paidFen);
      for (const [principalId, netFen] of nets)
        expect([principalId, run.ledger.balance(`${principalId}_income`)]).toEqual([principalId, netFen]);
    }),
  );
});

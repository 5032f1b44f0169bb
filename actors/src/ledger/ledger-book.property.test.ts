import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { fen } from './fen.ts';
import { floorOfAccount, LedgerBook, type PostResult } from './ledger-book.ts';
import type { Transfer } from './transfer.ts';

const transfer = (over: Partial<Transfer>): Transfer => ({
  key: 'topup:1',
  kind: 'TOP_UP',
  debitAccountId: 'RAIL_sandbox',
  creditAccountId: 'C1_prepaid',
  amountFen: fen(10_000n),
  orderId: null,
  ...over,
});

it.each<[PostResult, Partial<Transfer>]>([
  ['exists', {}],
  ['exists_with_different_accounts', { creditAccountId: 'C2_prepaid', amountFen: fen(0n) }],
  ['exists_with_different_amount', { amountFen: fen(-1n) }],
  ['accounts_are_the_same', { key: 'b', creditAccountId: 'RAIL_sandbox', amountFen: fen(0n) }],
  ['amount_is_not_positive', { key: 'b', debitAccountId: 'C1_prepaid', creditAccountId: 'C1_held', amountFen: fen(0n) }],
  ['exceeds_credits', { key: 'b', debitAccountId: 'C1_prepaid', creditAccountId: 'C1_held', amountFen: fen(10_001n) }],
  ['posted', { key: 'b', debitAccountId: 'C1_prepaid', creditAccountId: 'C1_held', amountFen: fen(10_000n) }],
])('answers %s in its order of precedence', (result, over) => {
  const book = new LedgerBook();
  expect(book.post(transfer({}))).toBe('posted');
  expect(book.post(transfer(over))).toBe(result);
  expect(book.findings()).toEqual([]);
});

it('lets income be owed and carriers not', () => {
  expect(floorOfAccount('BO1_income')).toBeNull();
  expect(floorOfAccount('RAIL_sandbox')).toBeNull();
  expect(['C1_prepaid', 'C1_held', 'C1_deposit', 'PF_clearing'].map(floorOfAccount)).toEqual([0n, 0n, 0n, 0n]);
});

it('sums to zero, keeps its floors and can be derived again, whatever is posted', () => {
  const account = fc.constantFrom('RAIL_sandbox', 'C1_prepaid', 'C1_held', 'PF_clearing', 'SO1_income');
  const any = fc.record({
    key: fc.integer({ min: 0, max: 40 }).map((n) => `k${n}`),
    kind: fc.constantFrom('TOP_UP', 'HOLD', 'RELEASE', 'SWAP_EXPENSE' as const),
    debitAccountId: account,
    creditAccountId: account,
    amountFen: fc.bigInt(-10n, 1_000n).map(fen),
    orderId: fc.constant(null),
  });
  fc.assert(
    fc.property(fc.array(any, { maxLength: 60 }), (transfers) => {
      const book = new LedgerBook();
      const posted = transfers.filter((one) => book.post(one) === 'posted');
      expect(book.findings()).toEqual([]);
      expect([...book.transfers()]).toEqual(posted);
      for (const one of posted) expect(book.post(one)).toBe('exists');
      expect([...book.transfers()].length).toBe(posted.length);
    }),
  );
});

it('ends the run on a transfer of ours that is not possible', () => {
  const book = new LedgerBook();
  expect(() => book.postAll([transfer({ debitAccountId: 'C1_prepaid', creditAccountId: 'C1_held' })])).toThrow('exceeds_credits');
});

import { expect, it } from 'vitest';
import { type Books, emptyBooks } from '../account/hold.rules.ts';
import type { CarrierPackage } from '../account/package.rules.ts';
import { fen, ZERO_FEN } from '../ledger/fen.ts';
import { startCorridor } from '../network/corridor.fixture.ts';
import { leavingRefusal, type RosterView } from './leaving.rules.ts';

const usedUp: CarrierPackage = {
  packageId: 'K1',
  offerId: 'KWH',
  issuerId: 'PF',
  unit: 'Wh',
  quantity: 0n,
  amountFen: ZERO_FEN,
  expiresAtMs: 0,
  grants: [],
};

const { reference } = startCorridor();
/** A carrier that has nothing but its account. */
function network(books: Books): RosterView {
  return { reference, view: (ref) => (ref === 'account:C9' ? { value: null, context: { books } } : undefined), refs: () => [] };
}

it('lets a carrier go that has used its packages up, and none to which something is left of one', () => {
  const after = (books: Partial<Books>) => leavingRefusal(network({ ...emptyBooks, ...books }), 'PRINCIPAL', 'C9')?.code ?? null;
  expect(after({})).toBeNull();
  expect(after({ packages: [usedUp, { ...usedUp, packageId: 'K2' }] })).toBeNull();
  for (const left of [{ quantity: 1n }, { amountFen: fen(1n) }, { grants: [{ orderId: 'O1', quantity: 0n, amountFen: ZERO_FEN }] }])
    expect(after({ packages: [usedUp, { ...usedUp, ...left }] }), Object.keys(left).join()).toBe('BALANCE_LEFT');
  expect(after({ prepaidFen: fen(1n) })).toBe('BALANCE_LEFT');
});

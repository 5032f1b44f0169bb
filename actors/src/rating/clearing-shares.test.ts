import { expect, it } from 'vitest';
import { fen } from '../ledger/fen.ts';
import { clearingShares } from './clearing-shares.ts';
import { isIncentiveEarned } from './incentive-lines.ts';
import { UNKNOWN_USAGE } from './swap-usage.ts';
import { terms } from './worked-example.fixture.ts';

it('gives the commission of a penalty back with its waiver', () => {
  const of = { beneficiaryId: 'BO1', packId: 'P1' };
  const commission = { ...terms.commission, PENALTY: 1_000 };
  const shares = clearingShares(
    [
      { component: 'PENALTY', amountFen: fen(5_005n), ...of },
      { component: 'WAIVER', amountFen: fen(-5_005n), ...of },
    ],
    { commission, platformId: 'PF' },
  );
  expect(shares.map(({ principalId, grossFen, commissionFen, netFen }) => [principalId, grossFen, commissionFen, netFen])).toEqual([
    ['BO1', 0n, 0n, 0n],
    ['PF', 0n, 0n, 0n],
  ]);
});

it.each([
  ['2025-07-14T23:59:59+08:00', false],
  ['2025-07-15T00:00:00+08:00', true],
  ['2025-07-16T23:59:59+08:00', true],
  ['2025-07-17T00:00:00+08:00', false],
])('earns an incentive from its first local day to the end of its last: %s', (at, isEarned) => {
  const incentive = {
    id: 'IN',
    name: 'Two days',
    nameZh: '两天',
    validFrom: '2025-07-15',
    validUntil: '2025-07-16',
    when: {},
    discount: { fenPerSwap: '100' },
    funderId: 'PF',
  };
  expect(isIncentiveEarned(incentive, { ...terms, atMs: Date.parse(at) }, UNKNOWN_USAGE)).toBe(isEarned);
});

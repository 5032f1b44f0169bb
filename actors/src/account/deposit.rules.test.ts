import { expect, it } from 'vitest';
import { depositTermsOf } from './deposit.rules.ts';

it('A14 takes the terms of the contract, or the defaults', () => {
  expect(depositTermsOf({}, 'PF')).toEqual({
    depositNanoYuanPerKwh: 1_200_000_000n,
    chargeNanoYuanPerKwh: 1_050_000_000n,
    beneficiaryId: 'PF',
  });
  const energyDeposit = { joinNanoYuanPerKwh: '2', leaveNanoYuanPerKwh: '1' };
  expect(depositTermsOf({ energyDeposit }, 'BO1')).toEqual({ depositNanoYuanPerKwh: 2n, chargeNanoYuanPerKwh: 1n, beneficiaryId: 'BO1' });
});

import { expect, it } from 'vitest';
import { hashOfMoneyTab, MONEY_TABS, moneyTabFromHash, moneyTabsOf } from './money-place.ts';

it('finds each part again by its link, and leaves links of the scene alone', () => {
  for (const tab of MONEY_TABS) expect(moneyTabFromHash(hashOfMoneyTab(tab))).toBe(tab);
  expect(moneyTabFromHash('#/money/never-heard-of')).toBe('account');
  for (const other of ['', '#', '#truck/T001', '#/moneybag']) expect(moneyTabFromHash(other)).toBeNull();
});

it('offers a role what the twin answers it', () => {
  const own = ['account', 'orders', 'clearing', 'statements', 'payments', 'disputes', 'agreements'];
  expect(moneyTabsOf(['CARRIER'])).toEqual([...own, 'top-up']);
  expect(moneyTabsOf(['BATTERY_OWNER'])).toEqual(own);
  expect(moneyTabsOf(['PLATFORM_OPERATOR'])).toEqual([...MONEY_TABS]);
  expect(moneyTabsOf(['DRIVER'])).toEqual(['orders']);
  expect(moneyTabsOf(['VIEWER'])).toEqual([]);
});

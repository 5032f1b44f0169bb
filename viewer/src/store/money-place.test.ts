import { expect, it } from 'vitest';
import { hashOfMoneyTab, MONEY_TABS, moneyPlaceFromHash, moneyTabsOf } from './money-place.ts';

it('finds each part again by its link, and leaves links of the scene alone', () => {
  for (const tab of MONEY_TABS) expect(moneyPlaceFromHash(hashOfMoneyTab(tab))).toEqual({ tab, itemId: null });
  expect(moneyPlaceFromHash('#/money/never-heard-of')).toEqual({ tab: 'account', itemId: null });
  expect(moneyPlaceFromHash('#/money/orders?x=1')).toEqual({ tab: 'orders', itemId: null });
  for (const other of ['', '#', '#truck/T001', '#/moneybag']) expect(moneyPlaceFromHash(other)).toBeNull();
});

it('opens a charge and a statement by their links', () => {
  for (const tab of ['charges', 'statements'] as const)
    for (const itemId of ['no-show:O-1', 'rent:CT C/1:T1:2026-11', '%'])
      expect(moneyPlaceFromHash(hashOfMoneyTab(tab, itemId))).toEqual({ tab, itemId });
  expect(moneyPlaceFromHash('#/money/charges/%')).toEqual({ tab: 'charges', itemId: null });
  expect(moneyPlaceFromHash('#/money/orders/O-1')).toEqual({ tab: 'orders', itemId: null });
});

it('offers a role what the twin answers it', () => {
  const own = ['account', 'orders', 'packages', 'charges', 'clearing', 'statements', 'payments', 'disputes', 'agreements', 'registrations'];
  expect(moneyTabsOf(['CARRIER'])).toEqual([...own, 'top-up']);
  expect(moneyTabsOf(['BATTERY_OWNER'])).toEqual(own);
  expect(moneyTabsOf(['STATION_OPERATOR'])).toEqual(own.filter((tab) => tab !== 'packages'));
  expect(moneyTabsOf(['PLATFORM_OPERATOR'])).toEqual([...MONEY_TABS]);
  expect(moneyTabsOf(['DRIVER'])).toEqual(['orders']);
  expect(moneyTabsOf(['VIEWER'])).toEqual([]);
});

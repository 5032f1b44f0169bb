export const MONEY_TABS = [
  'account',
  'orders',
  'clearing',
  'statements',
  'payments',
  'disputes',
  'agreements',
  're-rate',
  'abnormal',
  'reconciliation',
  'top-up',
] as const;
export type MoneyTab = (typeof MONEY_TABS)[number];

/** `#/money`, `#/money/orders`: which part of the money view a link means; null when it means the scene. */
export function moneyTabFromHash(hash: string): MoneyTab | null {
  const match = /^#\/money(?:\/([a-z-]+))?$/.exec(hash);
  if (match === null) return null;
  return MONEY_TABS.find((tab) => tab === match[1]) ?? 'account';
}

export function hashOfMoneyTab(tab: MoneyTab): string {
  return tab === 'account' ? '#/money' : `#/money/${tab}`;
}

/** Parts a person has: drivers and visitors have no account, who may pay in is asked to, and the platform looks after the rest. */
export function moneyTabsOf(roles: readonly string[]): MoneyTab[] {
  if (roles.includes('PLATFORM_OPERATOR')) return [...MONEY_TABS];
  const pays = roles.includes('CARRIER');
  if (!pays && !roles.includes('STATION_OPERATOR') && !roles.includes('BATTERY_OWNER')) return roles.includes('DRIVER') ? ['orders'] : [];
  const own: MoneyTab[] = ['account', 'orders', 'clearing', 'statements', 'payments', 'disputes', 'agreements'];
  return pays ? [...own, 'top-up'] : own;
}

export const MONEY_TABS = ['account', 'orders', 'statements', 'top-up'] as const;
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

/** Parts a person has: drivers and visitors have no account, and only who may pay in is asked to. */
export function moneyTabsOf(roles: readonly string[]): MoneyTab[] {
  const pays = roles.includes('CARRIER') || roles.includes('PLATFORM_OPERATOR');
  const holdsMoney = pays || roles.includes('STATION_OPERATOR') || roles.includes('BATTERY_OWNER');
  if (!holdsMoney) return roles.includes('DRIVER') ? ['orders'] : [];
  return pays ? [...MONEY_TABS] : ['account', 'orders', 'statements'];
}

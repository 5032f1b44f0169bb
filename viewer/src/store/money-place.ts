export const MONEY_TABS = [
  'account',
  'orders',
  'packages',
  'charges',
  'clearing',
  'statements',
  'payments',
  'disputes',
  'agreements',
  'registrations',
  're-rate',
  'abnormal',
  'reconciliation',
  'top-up',
] as const;
export type MoneyTab = (typeof MONEY_TABS)[number];

/** Parts in which one thing may be opened by a link. */
const OPENED_AT: readonly MoneyTab[] = ['charges', 'statements'];

/** Parts that show one thing, or what is being written: how they are narrowed is not kept. */
const KEEPS_NOTHING: readonly MoneyTab[] = ['packages', 'statements', 're-rate', 'abnormal', 'reconciliation', 'top-up'];

/** Whether what stands behind the `?` of an address belongs to what is shown: filters and opened rows of a list. */
export const keepsQuery = ({ tab, itemId }: MoneyPlace): boolean => itemId === null && !KEEPS_NOTHING.includes(tab);

/** A part of the money view, and what is opened in it; null: its list. */
export interface MoneyPlace {
  tab: MoneyTab;
  itemId: string | null;
}

/** `#/money`, `#/money/orders`, `#/money/charges/<id>`: which part of the money view a link means; null when it means the scene. */
export function moneyPlaceFromHash(hash: string): MoneyPlace | null {
  const match = /^#\/money(?:\/([a-z-]+)(?:\/([^/?]+))?)?(?:\?.*)?$/s.exec(hash);
  if (match === null) return null;
  const tab = MONEY_TABS.find((one) => one === match[1]) ?? 'account';
  return { tab, itemId: OPENED_AT.includes(tab) ? textOf(match[2]) : null };
}

/** null: there is none, or it is not what this page encoded. */
function textOf(encoded: string | undefined): string | null {
  try {
    return encoded === undefined ? null : decodeURIComponent(encoded);
  } catch {
    // A link that was cut in the middle opens the list.
    return null;
  }
}

export function hashOfMoneyTab(tab: MoneyTab, itemId: string | null = null): string {
  if (tab === 'account') return '#/money';
  return itemId === null ? `#/money/${tab}` : `#/money/${tab}/${encodeURIComponent(itemId)}`;
}

/** Parts a person has: drivers and visitors have no account, who may pay in is asked to, and the platform looks after the rest. */
export function moneyTabsOf(roles: readonly string[]): MoneyTab[] {
  if (roles.includes('PLATFORM_OPERATOR')) return [...MONEY_TABS];
  const pays = roles.includes('CARRIER');
  const owns = roles.includes('BATTERY_OWNER');
  if (!pays && !owns && !roles.includes('STATION_OPERATOR')) return roles.includes('DRIVER') ? ['orders'] : [];
  // Packages are sold by whoever a contract names, and used by carriers: stations only swap.
  const parts: MoneyTab[] = pays || owns ? ['packages', 'charges'] : ['charges'];
  const own: MoneyTab[] = ['account', 'orders', ...parts, 'clearing', 'statements', 'payments', 'disputes', 'agreements', 'registrations'];
  return pays ? [...own, 'top-up'] : own;
}

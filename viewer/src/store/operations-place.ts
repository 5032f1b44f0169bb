export const OPERATIONS_TABS = ['alarms', 'alarm-history', 'alarm-figures'] as const;
export type OperationsTab = (typeof OPERATIONS_TABS)[number];

/** `#/operations`, `#/operations/alarm-history`: which part of the operations page a link means; null when it means another page. */
export function operationsTabFromHash(hash: string): OperationsTab | null {
  const match = /^#\/operations(?:\/([a-z-]+))?$/.exec(hash);
  if (match === null) return null;
  return OPERATIONS_TABS.find((one) => one === match[1]) ?? OPERATIONS_TABS[0];
}

export const hashOfOperations = (tab: OperationsTab): string => `#/operations/${tab}`;

/** Parts a person has: a driver has a page of his own, and a visitor sees nothing that has to be done. */
export function operationsTabsOf(roles: readonly string[]): readonly OperationsTab[] {
  const acts = ['PLATFORM_OPERATOR', 'STATION_OPERATOR', 'BATTERY_OWNER', 'CARRIER'];
  return roles.some((role) => acts.includes(role)) ? OPERATIONS_TABS : [];
}

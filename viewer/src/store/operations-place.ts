export const OPERATIONS_TABS = ['alarms', 'queue', 'commands', 'messages', 'alarm-history', 'alarm-figures'] as const;
export type OperationsTab = (typeof OPERATIONS_TABS)[number];

/** `#/operations`, `#/operations/alarm-history`: which part of the operations page a link means; null when it means another page. */
export function operationsTabFromHash(hash: string): OperationsTab | null {
  const match = /^#\/operations(?:\/([a-z-]+))?(?:\?.*)?$/s.exec(hash);
  if (match === null) return null;
  return OPERATIONS_TABS.find((one) => one === match[1]) ?? OPERATIONS_TABS[0];
}

export const hashOfOperations = (tab: OperationsTab): string => `#/operations/${tab}`;

const ALARM_TABS: readonly OperationsTab[] = ['alarms', 'messages', 'alarm-history', 'alarm-figures'];

/** Parts a person has: a driver has a page of his own, a visitor nothing to do, and who has no station no queue. */
export function operationsTabsOf(roles: readonly string[]): readonly OperationsTab[] {
  if (roles.includes('PLATFORM_OPERATOR') || roles.includes('STATION_OPERATOR')) return OPERATIONS_TABS;
  if (roles.includes('CARRIER')) return OPERATIONS_TABS.filter((tab) => tab === 'commands' || ALARM_TABS.includes(tab));
  return roles.includes('BATTERY_OWNER') ? ALARM_TABS : [];
}

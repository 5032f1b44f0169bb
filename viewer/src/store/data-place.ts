import { EQUIPMENT_KINDS } from '@corridor/protocols/http/equipment';

export const DATA_TABS = [...EQUIPMENT_KINDS, 'gateways'] as const;
export type DataTab = (typeof DATA_TABS)[number];

/** `#/data`, `#/data/slot`: which part of the data console a link means; null when it means another page. */
export function dataTabFromHash(hash: string): DataTab | null {
  const match = /^#\/data(?:\/([a-z]+))?(?:\?.*)?$/s.exec(hash);
  if (match === null) return null;
  return DATA_TABS.find((one) => one === match[1]) ?? DATA_TABS[0];
}

export const hashOfData = (tab: DataTab): string => `#/data/${tab}`;

/** Parts a person has: who has equipment sees it; to a carrier that is what his trucks carry, and how well they are heard. */
export function dataTabsOf(roles: readonly string[]): readonly DataTab[] {
  if (roles.includes('PLATFORM_OPERATOR')) return DATA_TABS;
  if (roles.includes('STATION_OPERATOR')) return ['pack', 'slot', 'meter', 'truck', 'gateways'];
  if (roles.includes('BATTERY_OWNER')) return ['pack', 'slot', 'truck'];
  if (roles.includes('CARRIER')) return ['truck', 'pack', 'gateways'];
  return [];
}

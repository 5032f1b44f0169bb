import { expect, it } from 'vitest';
import { DATA_TABS, dataTabFromHash, dataTabsOf, hashOfData } from './data-place.ts';

it('knows its parts by their links, and no other page', () => {
  for (const tab of DATA_TABS) expect(dataTabFromHash(hashOfData(tab))).toBe(tab);
  expect(dataTabFromHash('#/data')).toBe('pack');
  expect(dataTabFromHash('#/data/elsewhere')).toBe('pack');
  for (const hash of ['', '#/money', '#/database', '#/data/pack/1']) expect(dataTabFromHash(hash)).toBeNull();
});

it('has parts for whoever has equipment', () => {
  expect(dataTabsOf(['PLATFORM_OPERATOR'])).toEqual(DATA_TABS);
  expect(dataTabsOf(['BATTERY_OWNER'])).not.toContain('meter');
  expect(dataTabsOf(['DRIVER'])).toEqual([]);
  expect(dataTabsOf([])).toEqual([]);
});

import { DATA_TABS } from './data-place.ts';
import { keepsQuery, MONEY_TABS, moneyPlaceFromHash } from './money-place.ts';
import { OPERATIONS_TABS } from './operations-place.ts';
import { queryOfHash } from './place-query.ts';

const PARTS: Readonly<Record<string, readonly string[]>> = { money: MONEY_TABS, operations: OPERATIONS_TABS, data: DATA_TABS };

/**
 * What of the address of a page says nothing there: `operations/queues` of `#/operations/queues?open=HH1`, a part that its page
 * does not have, so that another is shown; of a page of money that keeps nothing behind a `?`, what stands there. null: nothing.
 */
export function strangePartOf(hash: string): string | null {
  const match = /^#\/(money|operations|data)\/([^/?]+)/.exec(hash);
  const [, page, part] = match ?? [];
  if (page !== undefined && part !== undefined && PARTS[page]?.includes(part) !== true) return `${page}/${part}`;
  const place = moneyPlaceFromHash(hash);
  return place === null || keepsQuery(place) || queryOfHash(hash) === '' ? null : queryOfHash(hash);
}

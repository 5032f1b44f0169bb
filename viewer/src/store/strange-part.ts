import { DATA_TABS } from './data-place.ts';
import { MONEY_TABS } from './money-place.ts';
import { OPERATIONS_TABS } from './operations-place.ts';

const PARTS: Readonly<Record<string, readonly string[]>> = { money: MONEY_TABS, operations: OPERATIONS_TABS, data: DATA_TABS };

/** `operations/queues` of `#/operations/queues?open=HH1`: a part that its page does not have, so that another is shown; null: there is none. */
export function strangePartOf(hash: string): string | null {
  const match = /^#\/(money|operations|data)\/([^/?]+)/.exec(hash);
  const [, page, part] = match ?? [];
  if (page === undefined || part === undefined || PARTS[page]?.includes(part) === true) return null;
  return `${page}/${part}`;
}

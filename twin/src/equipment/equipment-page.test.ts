import type { EquipmentRow } from '@corridor/protocols/http/equipment';
import { equipmentRow } from '@corridor/testkit/equipment-row';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type EquipmentOrder, type EquipmentPlace, placeOf, rowsAfter, sieved } from './equipment-page.ts';

const idsOf = (rows: readonly EquipmentRow[]) => rows.map(({ id }) => id);

it('sorts what is unknown to the end either way, and numbers in names as numbers', () => {
  const rows = [equipmentRow('P10', { socPercent: 5 }), equipmentRow('P9'), equipmentRow('P2', { socPercent: 80 })];
  const ids = (column: 'id' | 'socPercent', isDescending: boolean) =>
    idsOf(rowsAfter(rows, { column, isDescending }, { after: null, limit: 10 }));
  expect(ids('id', false)).toEqual(['P2', 'P9', 'P10']);
  expect(ids('socPercent', false)).toEqual(['P10', 'P2', 'P9']);
  expect(ids('socPercent', true)).toEqual(['P2', 'P10', 'P9']);
});

it('finds by name, place, owner and flag', () => {
  const rows = [equipmentRow('P1', { q: ['SOC_JUMP'] }), equipmentRow('P2', { presence: 'OFFLINE', place: { kind: 'TRUCK', id: 'T007' } })];
  const nothing = { text: null, presence: null, isFlagged: false };
  const find = (text: string) => idsOf(sieved(rows, { ...nothing, text }, () => ['Battery bank', '电池银行']));
  expect(find(' t007 ')).toEqual(['P2']);
  expect(find('bank')).toEqual(['P1', 'P2']);
  expect(find('电池')).toEqual(['P1', 'P2']);
  expect(find('soc_jump')).toEqual(['P1']);
  expect(idsOf(sieved(rows, { ...nothing, presence: 'OFFLINE' }, () => []))).toEqual(['P2']);
  expect(idsOf(sieved(rows, { ...nothing, isFlagged: true }, () => []))).toEqual(['P1']);
});

it('E1 pages put together are the whole list, each row once, whatever it is sorted by', () => {
  const rowsOfTest = fc.uniqueArray(
    fc.record({ n: fc.nat(40), socPercent: fc.option(fc.nat(4)), state: fc.constantFrom('idle', 'charging', 'zone10', 'zone9') }),
    { selector: ({ n }) => n, maxLength: 40 },
  );
  const orders = fc.record({ column: fc.constantFrom('id', 'socPercent', 'state', 'place'), isDescending: fc.boolean() });
  fc.assert(
    fc.property(rowsOfTest, orders, fc.integer({ min: 1, max: 7 }), (drawn, order: EquipmentOrder, limit) => {
      const rows = drawn.map(({ n, ...fields }) => equipmentRow(`P${n}`, fields));
      const whole = idsOf(rowsAfter(rows, order, { after: null, limit: rows.length }));
      const read: string[] = [];
      for (let after: EquipmentPlace | null = null; ; ) {
        const page = rowsAfter(rows, order, { after, limit });
        read.push(...idsOf(page));
        const last = page.at(-1);
        if (last === undefined) break;
        after = placeOf(last, order.column);
      }
      expect(read).toEqual(whole);
      expect(whole.toSorted()).toEqual(idsOf(rows).toSorted());
    }),
  );
});

it('E2 a page is what sorting the whole list would give, rows beside each other in the order they came in', () => {
  const rowsOfTest = fc.array(
    fc.record({ n: fc.nat(30), digits: fc.constantFrom('', '0'), socPercent: fc.option(fc.nat(4)), reportedAt: fc.option(fc.nat(3)) }),
    { maxLength: 40 },
  );
  const columns = fc.constantFrom('id', 'socPercent', 'reportedAt');
  fc.assert(
    fc.property(rowsOfTest, columns, fc.boolean(), fc.integer({ min: 1, max: 50 }), (drawn, column, isDescending, limit) => {
      const rows = drawn.map(({ n, digits, socPercent, reportedAt }) =>
        equipmentRow(`P${digits}${n}`, { socPercent, reportedAt: reportedAt === null ? null : new Date(reportedAt).toISOString() }),
      );
      const collator = new Intl.Collator('en', { numeric: true });
      const sorted = rows.toSorted((one, other) => {
        const byId = collator.compare(one.id, other.id);
        const [a, b] = [one[column], other[column]];
        if (column === 'id') return isDescending ? -byId : byId;
        if (a === null || b === null) return a === b ? byId : a === null ? 1 : -1;
        return a === b ? byId : (a < b ? -1 : 1) * (isDescending ? -1 : 1);
      });
      expect(rowsAfter(rows, { column, isDescending }, { after: null, limit })).toEqual(sorted.slice(0, limit));
    }),
  );
});

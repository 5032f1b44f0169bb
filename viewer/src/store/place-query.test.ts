import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dataTabFromHash, hashOfData } from './data-place.ts';
import { hashOfOperations, operationsTabFromHash } from './operations-place.ts';
import {
  anyText,
  flag,
  isSomewhereElse,
  localDay,
  oneOf,
  openedRows,
  placeOf,
  queryOf,
  queryOfHash,
  rowsAway,
  rowsOf,
  rowsToggled,
} from './place-query.ts';

const FIELDS = {
  text: anyText,
  presence: oneOf(['', 'STALE', 'OFFLINE'], ''),
  flagged: flag,
  sort: oneOf(['id', 'powerW'], 'id'),
  from: localDay,
  open: openedRows,
};
const place = fc.record({
  text: fc.string({ maxLength: 200, unit: 'binary' }).filter((text) => text.isWellFormed()),
  presence: fc.constantFrom('', 'STALE', 'OFFLINE'),
  flagged: fc.constantFrom('', '1'),
  sort: fc.constantFrom('id', 'powerW'),
  from: fc
    .option(fc.date({ min: new Date('2000-01-01'), max: new Date('2099-01-01'), noInvalidDate: true }), { nil: null })
    .map((day) => (day === null ? '' : day.toISOString().slice(0, 10))),
  open: fc.array(fc.stringMatching(/^[A-Za-z0-9_.:/-]{1,12}$/)).map((ids) => ids.join(',')),
});

describe('what the address of a page says of what it shows', () => {
  it('means, printed, what it meant', () => {
    fc.assert(
      fc.property(place, (asked) => {
        const hash = `${hashOfData('slot')}?${queryOf(asked, FIELDS)}`;
        expect(placeOf(queryOfHash(hash), FIELDS)).toEqual({ asked, wrong: [] });
        expect(dataTabFromHash(hash)).toBe('slot');
      }),
    );
  });

  it('takes whatever stands there, and names what says nothing', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (query) => void placeOf(query, FIELDS)));
    const { asked, wrong } = placeOf('sort=colour&presence=STALE&who=me&from=2026-02-30&flagged=yes', FIELDS);
    expect(asked).toEqual({ text: '', presence: 'STALE', flagged: '', sort: 'id', from: '', open: '' });
    expect(wrong).toEqual(['sort=colour', 'who=me', 'from=2026-02-30', 'flagged=yes']);
  });

  it('says nothing of what holds without it', () => {
    expect(queryOf(placeOf('', FIELDS).asked, FIELDS)).toBe('');
    expect([queryOfHash('#/data/slot'), queryOfHash('#/data/slot?')]).toEqual(['', '']);
  });

  it('belongs to its page', () => {
    expect(operationsTabFromHash(`${hashOfOperations('commands')}?state=DONE`)).toBe('commands');
    expect(operationsTabFromHash('#/operations?x=1')).toBe('alarms');
    expect(dataTabFromHash('#/data?x=1')).toBe('pack');
  });

  it('is somewhere to go back to when a row is opened, not when a list is narrowed', () => {
    expect(isSomewhereElse('#/data/slot?sort=id', '#/data/slot?presence=STALE')).toBe(false);
    expect(isSomewhereElse('#/data/slot', '#/data/slot?open=HH1-1')).toBe(true);
    expect(isSomewhereElse('#/data/slot?open=HH1-1', '#/data/pack?open=HH1-1')).toBe(true);
  });

  it('opens and closes rows', () => {
    expect(rowsToggled(rowsToggled('', 'a/2026-11-22T01:00:00Z'), 'b')).toBe('a/2026-11-22T01:00:00Z,b');
    expect(rowsToggled('a,b', 'a')).toBe('b');
    expect(rowsOf('')).toEqual([]);
  });

  it('misses an opened row only where all rows are known', () => {
    expect(rowsAway('a,b', ['a'], false)).toEqual({ missing: ['b'], unread: [] });
    expect(rowsAway('a,b', ['a'], true)).toEqual({ missing: [], unread: ['b'] });
    expect(rowsAway('a,b', null, false)).toEqual({ missing: [], unread: [] });
  });
});

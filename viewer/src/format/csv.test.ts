import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fenOfEntry } from './amount-entry.ts';
import { csvOf, yuanCell } from './csv.ts';
import { instantOfDay } from './time.ts';

it('quotes what would break a row, and keeps text from becoming a formula while amounts stay figures', () => {
  expect(
    csvOf([
      ['a', 'b,c', 'say "x"'],
      ['=1+1', '-12.50', '-x'],
    ]),
  ).toBe('\uFEFFa,"b,c","say ""x"""\r\n\'=1+1,-12.50,\'-x\r\n');
});

it('writes any fen as yuan that an entry reads back to the fen', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: 999_999_999_999n }), (fen) => {
      expect(fenOfEntry(yuanCell(fen.toString()))).toBe(fen.toString());
      expect(yuanCell((-fen).toString())).toBe(`-${yuanCell(fen.toString())}`);
    }),
  );
  expect(yuanCell(null)).toBe('');
});

it('takes an amount as people write it and nothing else', () => {
  expect(fenOfEntry(' ¥20,000 ')).toBe('2000000');
  expect(fenOfEntry('88.5')).toBe('8850');
  for (const wrong of ['', '0', '0.00', '-1', '1.234', '1e3', '12345678901', '1.2.3', 'abc', '.5']) expect(fenOfEntry(wrong)).toBeNull();
});

it('begins a local day at its midnight in the corridor', () => {
  expect(instantOfDay('2026-11-22')).toBe('2026-11-21T16:00:00.000Z');
  expect(instantOfDay('2026-11-22', 1)).toBe('2026-11-22T16:00:00.000Z');
  expect(instantOfDay('')).toBe('');
});

import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { expect, it } from 'vitest';
import { NOT_BLANK, ReasonText, reasonOf } from './reason-text.ts';

it('takes a reason of two characters without the blanks around them, as it is kept', () => {
  const reason = Compile(ReasonText('why'));
  for (const text of ['   ', '', ' a ', '\n\t \n', ' 坏 ', ' '.repeat(400), 'x'.repeat(401)]) expect(reason.Check(text), text).toBe(false);
  for (const text of ['ab', '欠费', ' a c\n', '坏了吗', 'a\nb']) expect(reason.Check(text), text).toBe(true);
  expect(reasonOf(' its latch \n')).toBe('its latch');
});

it('takes a short text, and no row of blanks', () => {
  const text = Compile(Type.String({ pattern: NOT_BLANK }));
  expect(['x', ' x ', '', ' ', '\n\t'].map((each) => text.Check(each))).toEqual([true, true, false, false, false]);
});

import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeContext, encodeContext } from './snapshot-codec.ts';

const leaf = fc.oneof(
  fc.string(),
  fc.boolean(),
  fc.constant(null),
  fc.bigInt(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Object.is(value, -0)),
);
const { context } = fc.letrec((tie) => ({
  context: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.array(tie('context')),
    fc.dictionary(
      fc.string().filter((key) => !key.startsWith('$') && key !== '__proto__'),
      tie('context'),
      { noNullPrototype: true },
    ),
  ),
}));

it('brings a context through JSON unchanged', () => {
  fc.assert(
    fc.property(context, (value) => {
      expect(decodeContext(JSON.parse(JSON.stringify(encodeContext(value))))).toEqual(value);
    }),
  );
});

it.each([
  ['NaN', { energyWh: Number.NaN }],
  ['a Map', { stock: new Map() }],
  ['undefined', { packId: undefined }],
  ['a function', { act: () => 1 }],
])('refuses %s, which JSON would lose silently', (_, value) => {
  expect(() => encodeContext(value)).toThrow('in the context of an actor');
});

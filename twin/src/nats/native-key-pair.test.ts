import { createAccount, createUser, fromPublic } from '@nats-io/nkeys';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { nativeKeyPair } from './native-key-pair.ts';

it('signs as the library does, byte for byte, so that a server cannot tell them apart', () => {
  const pairs = [createUser(), createAccount()];
  fc.assert(
    fc.property(fc.constantFrom(...pairs), fc.uint8Array({ maxLength: 500 }), (pair, input) => {
      const native = nativeKeyPair(pair);
      expect(native.sign(input)).toEqual(pair.sign(input));
      expect(native.getPublicKey()).toBe(pair.getPublicKey());
      expect(fromPublic(native.getPublicKey()).verify(input, native.sign(input))).toBe(true);
    }),
    { numRuns: 20 },
  );
});

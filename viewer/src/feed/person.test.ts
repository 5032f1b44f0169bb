import { expect, it } from 'vitest';
import { personOf } from './person.ts';

const tokenOf = (claims: object): string => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.sig`;

it('reads who it is from the claims, also with Han letters', () => {
  const person = personOf(tokenOf({ sub: 'u1', name: '韦岚', roles: ['PLATFORM_OPERATOR'], principalId: 'PF', exp: 1_800_000_000 }));
  expect(person).toEqual({
    userId: 'u1',
    name: '韦岚',
    roles: ['PLATFORM_OPERATOR'],
    principalId: 'PF',
    issuedAtMs: null,
    expiresAtMs: 1_800_000_000_000,
  });
});

it('shows an opaque token as an unknown person', () => {
  for (const token of ['opaque', 'a.%%%.c', `a.${Buffer.from('7').toString('base64url')}.c`]) {
    expect(personOf(token)).toEqual({ userId: '', name: '—', roles: [], principalId: null, issuedAtMs: null, expiresAtMs: null });
  }
});

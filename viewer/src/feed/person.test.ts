import { expect, it } from 'vitest';
import { personOf } from './person.ts';

const tokenOf = (claims: object): string => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.sig`;

it('reads who it is from the claims, also with Han letters', () => {
  const person = personOf(tokenOf({ sub: 'u1', name: '韦岚', roles: ['PLATFORM_OPERATOR'], principal_id: 'PF', exp: 1_800_000_000 }));
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

it('reads roles and company where the twin says that they stand, as deep as that is, and nowhere else', () => {
  const names = { roles: 'realm_access.roles', principal: 'https://corridor.example/principal' };
  const token = tokenOf({ sub: 'u1', roles: ['admin'], realm_access: { roles: ['CARRIER'] }, [names.principal]: 'C1', principal_id: 'C2' });
  expect(personOf(token, names)).toMatchObject({ roles: ['CARRIER'], principalId: 'C1' });
  expect(personOf(token)).toMatchObject({ roles: ['admin'], principalId: 'C2' });
  for (const roles of ['realm_access', 'realm_access.roles.0', 'toString', 'constructor.name']) {
    expect(personOf(token, { ...names, roles }).roles).toEqual([]);
  }
});

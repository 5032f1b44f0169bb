import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { temporaryFolder } from '@corridor/testkit/temporary-folder';
import { createLocalJWKSet, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { LOOPBACK } from '../embedded/free-port.ts';
import { type DemoUser, demoUsers } from './demo-user.ts';
import { createEmbeddedIssuer } from './embedded-issuer.ts';
import { createTokenVerifier, remoteKeys, type TokenRules } from './token-verifier.ts';

const carrier: DemoUser = {
  userId: 'demo-C1',
  name: 'Carrier 1',
  nameZh: '承运商一',
  roles: ['CARRIER'],
  principalId: 'C1',
  driverId: null,
  scopes: [],
};
const { nameZh: _, ...carrierAsCaller } = carrier;
const rules: TokenRules = {
  issuer: 'https://id.example/',
  audience: 'corridor',
  rolesClaim: 'realm_access.roles',
  principalClaim: 'https://corridor.example/principal',
  driverClaim: 'driver_id',
  scopesClaim: 'scope',
};

async function provider() {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'RS256' }] };
  const token = (claims: Record<string, unknown>, change: { issuer?: string; audience?: string; expires?: string } = {}) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid: 'k1' })
      .setSubject('u1')
      .setIssuer(change.issuer ?? rules.issuer)
      .setAudience(change.audience ?? rules.audience)
      .setExpirationTime(change.expires ?? '5m')
      .sign(privateKey);
  return { jwks, token };
}

describe('embedded issuer', () => {
  it('signs demo users and services in, and knows its tokens again after a restart', async () => {
    using folder = temporaryFolder();
    const options = { dir: folder.path, isProduction: false, users: [carrier] };
    const before = await createEmbeddedIssuer(options);
    const token = await before.issueDemoToken('demo-C1');
    const after = await createEmbeddedIssuer(options);
    expect(await after.verifyToken(token ?? '')).toMatchObject(carrierAsCaller);
    expect(await before.issueDemoToken('demo-C9')).toBeNull();
    expect(await after.verifyToken(await before.issueServiceToken({ name: 'traffic', scopes: ['network:read'] }))).toMatchObject({
      userId: 'service-traffic',
      roles: ['SERVICE'],
      scopes: ['network:read'],
    });
    expect(statSync(join(folder.path, 'auth-key.json')).mode & 0o777).toBe(0o600);
    expect(JSON.stringify(after.jwks)).not.toContain('"d"');
  });

  it('is refused in production, and refuses tokens of another key', async () => {
    using one = temporaryFolder();
    using two = temporaryFolder();
    await expect(createEmbeddedIssuer({ dir: one.path, isProduction: true, users: [] })).rejects.toMatchObject({
      code: 'EMBEDDED_ISSUER_REFUSED',
    });
    const ours = await createEmbeddedIssuer({ dir: one.path, isProduction: false, users: [carrier] });
    const theirs = await createEmbeddedIssuer({ dir: two.path, isProduction: false, users: [carrier] });
    await expect(ours.verifyToken((await theirs.issueDemoToken('demo-C1')) ?? '')).rejects.toMatchObject({ code: 'TOKEN_REFUSED' });
  });

  it('says so when its key file is damaged', async () => {
    using folder = temporaryFolder();
    writeFileSync(join(folder.path, 'auth-key.json'), '{"kty":');
    await expect(createEmbeddedIssuer({ dir: folder.path, isProduction: false, users: [] })).rejects.toMatchObject({
      code: 'SIGNING_KEY_DAMAGED',
    });
    expect(readFileSync(join(folder.path, 'auth-key.json'), 'utf8')).toBe('{"kty":');
  });

  it('has a user of every principal and a driver of every carrier', () => {
    const principals = [
      { id: 'PF', kind: 'PLATFORM' as const, name: 'Platform', nameZh: '平台' },
      { id: 'C1', kind: 'CARRIER' as const, name: 'Carrier', nameZh: '承运商' },
    ];
    const driver = {
      id: 'D1',
      name: 'Driver',
      carrierId: 'C1',
      idToken: { idToken: 'x', type: 'ISO14443' as const },
      truckIds: [],
      certifiedUntil: '2030-01-01',
    };
    expect(
      demoUsers(principals, [driver]).map(({ userId, nameZh, roles, principalId }) => [userId, ...roles, principalId, nameZh]),
    ).toEqual([
      ['demo-PF', 'PLATFORM_OPERATOR', 'PF', '平台'],
      ['demo-PF-2', 'PLATFORM_OPERATOR', 'PF', '平台（复核人）'],
      ['demo-C1', 'CARRIER', 'C1', '承运商'],
      ['demo-C1-2', 'CARRIER', 'C1', '承运商（复核人）'],
      ['demo-D1', 'DRIVER', 'C1', '承运商司机'],
      ['demo-D-NEW', 'DRIVER', 'C1', '承运商新司机'],
      ['demo-guest', 'VIEWER', null, '访客'],
    ]);
  });
});

describe('token verifier', () => {
  it('reads roles and principal from the claims a provider has', async () => {
    const { jwks, token } = await provider();
    const verify = createTokenVerifier(createLocalJWKSet(jwks), rules);
    const claims = { name: 'Ms Li', realm_access: { roles: ['CARRIER', 'uma_authorization'] }, 'https://corridor.example/principal': 'C2' };
    const { countsUntilMs, ...caller } = await verify(await token(claims));
    expect(caller).toEqual({
      userId: 'u1',
      name: 'Ms Li',
      roles: ['CARRIER'],
      principalId: 'C2',
      driverId: null,
      scopes: [],
    });
    // Five minutes, and half a minute that clocks may differ by.
    expect(Math.abs(countsUntilMs - Date.now() - 330_000)).toBeLessThan(60_000);
    expect(await verify(await token({}))).toMatchObject({
      userId: 'u1',
      name: 'u1',
      roles: [],
      principalId: null,
      driverId: null,
      scopes: [],
    });
  });

  it('takes scopes as one text or as a list, and none that it does not know', async () => {
    const { jwks, token } = await provider();
    const verify = createTokenVerifier(createLocalJWKSet(jwks), rules);
    for (const [scope, scopes] of [
      ['openid network:read  gateways:enrol', ['network:read', 'gateways:enrol']],
      [['payments:top-up', 7], ['payments:top-up']],
      [{ 'network:read': true }, []],
      ['NETWORK:READ network:readx', []],
    ] as const) {
      expect((await verify(await token({ scope }))).scopes).toEqual(scopes);
    }
  });

  it.each([
    ['another issuer', { issuer: 'https://evil.example/' }],
    ['another audience', { audience: 'other' }],
    ['an expired token', { expires: '-5m' }],
  ])('refuses %s', async (_what, change) => {
    const { jwks, token } = await provider();
    await expect(createTokenVerifier(createLocalJWKSet(jwks), rules)(await token({}, change))).rejects.toMatchObject({
      code: 'TOKEN_REFUSED',
    });
  });

  it.each(['', 'nul\u0000', 'half \ud800', 'x'.repeat(257)])('refuses a subject that cannot be written down: %j', async (subject) => {
    using folder = temporaryFolder();
    const issuer = await createEmbeddedIssuer({ dir: folder.path, isProduction: false, users: [{ ...carrier, userId: subject }] });
    await expect(issuer.verifyToken((await issuer.issueDemoToken(subject)) ?? '')).rejects.toMatchObject({ code: 'TOKEN_REFUSED' });
  });

  it('refuses what is no token, what is not signed, and what is signed with a shared secret', async () => {
    const { jwks } = await provider();
    const verify = createTokenVerifier(createLocalJWKSet(jwks), rules);
    const shared = await new SignJWT({})
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject('u1')
      .setExpirationTime('5m')
      .sign(new TextEncoder().encode('x'.repeat(32)));
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{"sub":"u1"}').toString('base64url')}.`;
    for (const token of ['', 'abc', 'a.b.c', shared, none]) await expect(verify(token)).rejects.toMatchObject({ code: 'TOKEN_REFUSED' });
  });

  it('fetches the keys of a provider, and tells its absence from a bad token', async () => {
    const { jwks, token } = await provider();
    let isUp = true;
    const server = createServer((_request, response) => {
      response.writeHead(isUp ? 200 : 500, { 'content-type': 'application/json' }).end(JSON.stringify(jwks));
    });
    const listening = Promise.withResolvers<void>();
    server.listen(0, LOOPBACK, () => listening.resolve());
    await listening.promise;
    const address = server.address();
    const url = `http://${LOOPBACK}:${typeof address === 'object' && address !== null ? address.port : 0}/keys`;
    try {
      expect(await createTokenVerifier(remoteKeys(url), rules)(await token({}))).toMatchObject({ userId: 'u1' });
      isUp = false;
      await expect(createTokenVerifier(remoteKeys(url), rules)(await token({}))).rejects.toMatchObject({ code: 'KEYS_UNAVAILABLE' });
    } finally {
      server.closeAllConnections();
      server.close();
    }
    await expect(createTokenVerifier(remoteKeys(url), rules)(await token({}))).rejects.toMatchObject({ code: 'KEYS_UNAVAILABLE' });
  });
});

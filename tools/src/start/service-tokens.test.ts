import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEmbeddedIssuer } from '@corridor/twin/auth/embedded-issuer';
import { readConfig } from '@corridor/twin/config';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openServiceTokens } from './service-tokens.ts';

const HOUR_MS = 3_600_000;
let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'service-tokens-'));
  mkdirSync(join(dir, 'credentials'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));
const inFile = (name: string) => readFileSync(join(dir, 'credentials', name), 'utf8');

it('gives each service what it needs, in files of this account only', async () => {
  const tokens = await openServiceTokens({ config: readConfig({}), dataDir: dir, nowMs: () => 0 });
  const issuer = await createEmbeddedIssuer({ dir, isProduction: false, users: [] });
  const scopesOf = async (token: string) => (await issuer.verifyToken(token)).scopes;
  expect(await scopesOf(await tokens.current())).toEqual(['network:read']);
  expect(await scopesOf(inFile('traffic.token'))).toEqual(['network:read', 'accounts:read', 'gateways:enrol', 'payments:top-up']);
  expect(await scopesOf(inFile('service.token'))).toEqual(['network:read', 'gateways:enrol', 'trucks:register']);
  for (const name of ['traffic.token', 'service.token']) expect(statSync(join(dir, 'credentials', name)).mode & 0o777).toBe(0o600);
});

it('renews them while it runs, and after a clock that was set back', async () => {
  let nowMs = 10 * HOUR_MS;
  const tokens = await openServiceTokens({ config: readConfig({}), dataDir: dir, nowMs: () => nowMs });
  const seen = [inFile('traffic.token')];
  const look = async (atMs: number) => {
    nowMs = atMs;
    await tokens.current();
    seen.push(inFile('traffic.token'));
  };
  await look(10.9 * HOUR_MS);
  expect(seen[1]).toBe(seen[0]);
  await look(11 * HOUR_MS);
  expect(seen[2]).not.toBe(seen[1]);
  await look(HOUR_MS);
  expect(seen[3]).not.toBe(seen[2]);
});

it('takes the token of a provider as it is now, and says where one is missing', async () => {
  const config = readConfig({ JWKS_URL: 'http://127.0.0.1:9/keys', JWT_ISSUER: 'x' });
  await expect(openServiceTokens({ config, dataDir: dir, nowMs: () => 0 })).rejects.toMatchObject({
    code: 'START',
    message: expect.stringContaining('service.token'),
  });
  writeFileSync(join(dir, 'credentials', 'service.token'), 'one\n');
  const tokens = await openServiceTokens({ config, dataDir: dir, nowMs: () => 0 });
  expect(await tokens.current()).toBe('one');
  writeFileSync(tokens.trafficFile, 'two');
  expect(await tokens.current()).toBe('two');
});

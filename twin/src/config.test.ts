import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig, readTwinConfig } from './config.ts';

const production = {
  NODE_ENV: 'production',
  NATS_URL: 'tls://nats.example:4222',
  NATS_CREDS: '/run/secrets/twin.creds',
  DATABASE_URL: 'postgres://corridor:Zs8-long-and-random@db.example/corridor',
  JWKS_URL: 'https://id.example/keys',
  JWT_ISSUER: 'https://id.example/',
};

function mistakesOf(env: NodeJS.ProcessEnv): readonly string[] {
  try {
    readConfig(env);
    return [];
  } catch (cause) {
    if (cause instanceof ConfigError) return cause.mistakes;
    throw cause;
  }
}

describe('config', () => {
  it('reads where the pages of control rooms are, and says which part is none', () => {
    const { stationPages } = readConfig({ STATION_PAGE_URLS: ' HH1=http://127.0.0.1:8100  HH2=https://hh2.example/page ' });
    expect([...stationPages]).toEqual([
      ['HH1', 'http://127.0.0.1:8100'],
      ['HH2', 'https://hh2.example/page'],
    ]);
    for (const wrong of ['HH1', 'HH1=javascript:alert(1)', 'H H=http://x', 'HH1=http://a HH1=http://b', '=http://x'])
      expect(() => readConfig({ STATION_PAGE_URLS: wrong }), wrong).toThrow(/STATION_PAGE_URLS/);
  });

  it('has a default for everything outside production', () => {
    expect(readConfig({ PORT: '', DATABASE_URL: '' })).toMatchObject({
      port: 8080,
      host: '127.0.0.1',
      dataDir: '.data',
      natsUrl: null,
      databaseUrl: null,
      scope: 'live',
      speedFactor: 10,
      hasTraffic: true,
      auth: { kind: 'embedded' },
      logLevel: 'info',
    });
  });

  it('says each mistake in one line', () => {
    expect(mistakesOf({ PORT: 'eighty', SPEED: '1000', SCOPE: 'test', LOG_LEVEL: 'loud', JWKS_URL: 'https://id.example/keys' })).toEqual([
      'PORT=eighty: must be a number from 1 to 65535',
      'SPEED=1000: must be a number from 1 to 100',
      expect.stringMatching(/^LOG_LEVEL=loud: must be one of trace, /),
      'SCOPE=test: must be live or sim-<runId>',
      'JWKS_URL and JWT_ISSUER: both or neither',
    ]);
  });

  it('leaves the traffic simulator out on demand; then nobody can drive the clock', () => {
    expect(readConfig({ TRAFFIC: 'off' })).toMatchObject({ hasTraffic: false });
    expect(mistakesOf({ TRAFFIC: 'no' })).toEqual(['TRAFFIC=no: must be one of on, off']);
    expect(mistakesOf({ TRAFFIC: 'off', SPEED: '5' })).toEqual([expect.stringMatching(/^SPEED=5: without the traffic simulator/)]);
  });

  it('repeats no password', () => {
    expect(mistakesOf({ DATABASE_URL: 'mysql://root:hunter2@db' }).join()).not.toContain('hunter2');
  });

  it('takes a complete production environment', () => {
    expect(readConfig(production)).toMatchObject({
      isProduction: true,
      host: '0.0.0.0',
      auth: { kind: 'oidc', audience: 'corridor-twin' },
    });
  });

  it.each([
    ['no OIDC provider', { JWKS_URL: '', JWT_ISSUER: '' }, /JWKS_URL is missing/],
    ['keys over http', { JWKS_URL: 'http://id.example/keys' }, /https/],
    ['no credentials for NATS', { NATS_CREDS: '' }, /NATS_CREDS is missing/],
    ['an embedded database', { DATABASE_URL: '' }, /DATABASE_URL is missing/],
    ['a default password', { DATABASE_URL: 'postgres://postgres:postgres@db/corridor' }, /password/],
    ['no password', { DATABASE_URL: 'postgres://postgres@db/corridor' }, /password/],
    ['another speed than 1', { SPEED: '10' }, /SPEED=10/],
  ])('production refuses %s', (_what, change, mistake) => {
    expect(mistakesOf({ ...production, ...change })).toEqual([expect.stringMatching(mistake)]);
  });

  it('the twin by itself needs addresses', () => {
    expect(() => readTwinConfig({})).toThrow(/^NATS_URL is missing.*\nDATABASE_URL is missing/);
  });
});

import { isScope } from '@corridor/protocols/subject';
import { type Static, type TSchema, Type } from 'typebox';
import { Errors } from 'typebox/value';
import { LOG_LEVELS, type LogLevel } from './log.ts';
import { RAIL_ENVIRONMENT, type RailConfig, railConfigOf, railMistakes } from './rail/rail-config.ts';
import { stationPagesIn } from './station-pages.ts';

const port = (description: string) => Type.Optional(Type.Integer({ minimum: 1, maximum: 65_535, description }));
const text = (description: string, pattern = '^.+$') => Type.Optional(Type.String({ pattern, description }));
const perMinute = (description: string) =>
  Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000, description: `${description}; a minute, 0: no limit` }));
const httpUrl = '^https?://[^\\s]+$';

/** Everything that the processes read from their environment, with the values they take. */
const Environment = Type.Object({
  NODE_ENV: Type.Optional(Type.Enum(['production', 'development', 'test'])),
  PORT: port('HTTP and WebSocket; default 8080'),
  HOST: text('interface to listen on; default 127.0.0.1, in production 0.0.0.0', '^[A-Za-z0-9.:_-]+$'),
  DATA_DIR: text('folder of everything that is kept; default .data'),
  NATS_URL: text('nats:// or tls:// address; none: an embedded server', '^(nats|tls|ws|wss)://[^\\s]+$'),
  NATS_CREDS: text('creds file of the twin at NATS_URL'),
  NATS_KEYS: text("file of the operator's keys, by which gateways are enrolled"),
  DATABASE_URL: text('postgres:// address; none: an embedded server', '^postgres(ql)?://[^\\s]+$'),
  SCOPE: text('live, or sim-<runId>; default live'),
  SPEED: Type.Optional(Type.Number({ minimum: 1, maximum: 100, description: 'factor of the traffic simulator; default 10' })),
  TRAFFIC: Type.Optional(Type.Enum(['on', 'off'], { description: 'off: no traffic simulator, for gateways of your own; default on' })),
  NETWORK_FILE: text('network file to register when the database is empty'),
  JWKS_URL: text('key set of the OIDC provider; none: the embedded issuer', httpUrl),
  JWT_ISSUER: text('`iss` that tokens must name; needed with JWKS_URL'),
  JWT_AUDIENCE: text('`aud` that tokens must name; default corridor-twin'),
  JWT_ROLES_CLAIM: text('claim with the roles, dotted when nested; default roles', '^[A-Za-z0-9_.:/-]+$'),
  JWT_DRIVER_CLAIM: text('claim with the number of the driver; default driver_id', '^[A-Za-z0-9_.:/-]+$'),
  JWT_PRINCIPAL_CLAIM: text("claim with the caller's principal; default principal_id", '^[A-Za-z0-9_.:/-]+$'),
  JWT_SCOPES_CLAIM: text("claim with a service's scopes; default scope", '^[A-Za-z0-9_.:/-]+$'),
  OIDC_CLIENT_ID: text('client of the viewer at the OIDC provider; default: JWT_AUDIENCE'),
  RATE_SIGN_IN: perMinute('sign-ins of demo users from one address; default 60'),
  RATE_ENROL: perMinute('credentials that one caller issues or revokes; default 600'),
  RATE_WRITE: perMinute('other writes of one caller; default 600'),
  STATION_PAGE_URLS: text('where the pages of control rooms are, `HH1=http://… HH2=…`; told to the platform and whose station it is'),
  CERTIFIER_URL: text('address of the certifier of people, vehicles and companies; none: certified by hand', httpUrl),
  IDENTITY_KEYS: text('file of the keys that seal identity data, newest first; default DATA_DIR/identity.keys, in production none'),
  ...RAIL_ENVIRONMENT,
  LOG_LEVEL: Type.Optional(Type.Enum([...LOG_LEVELS])),
});
type Environment = Static<typeof Environment>;

/** Every variable that is read, for people: a line each, with what it is and which values it takes. */
export function settingLines(): string[] {
  const settings = Object.entries<TSchema>(Environment.properties);
  const width = Math.max(...settings.map(([name]) => name.length));
  return settings.map(([name, schema]) => {
    const values = 'enum' in schema && Array.isArray(schema.enum) ? schema.enum.join(', ') : '';
    const what = 'description' in schema && typeof schema.description === 'string' ? schema.description : '';
    return `  ${name.padEnd(width)}  ${[values, what].filter((part) => part !== '').join(': ')}`;
  });
}

export type AuthConfig =
  | { kind: 'embedded' }
  | {
      kind: 'oidc';
      jwksUrl: string;
      issuer: string;
      audience: string;
      rolesClaim: string;
      principalClaim: string;
      driverClaim: string;
      scopesClaim: string;
      /** null: the viewer takes the audience. */
      clientId: string | null;
    };

/** Requests a wall minute; 0: no limit. */
export type RateLimits = { signIn: number; enrol: number; write: number };

export type Config = {
  isProduction: boolean;
  port: number;
  host: string;
  dataDir: string;
  /** null: start a server of our own. */
  natsUrl: string | null;
  natsCredsFile: string | null;
  natsKeysFile: string | null;
  /** null: start a server of our own. */
  databaseUrl: string | null;
  scope: string;
  speedFactor: number;
  /** Whether `npm start` brings the traffic simulator; without it the scope runs at wall time. */
  hasTraffic: boolean;
  networkFile: string | null;
  auth: AuthConfig;
  /** null: nothing is paid in or out. */
  rail: RailConfig | null;
  /** null: the platform's operators certify by hand. */
  certifierUrl: string | null;
  /** null: see `openIdentityVault`. */
  identityKeysFile: string | null;
  /** By station: where the page of its control room is. */
  stationPages: ReadonlyMap<string, string>;
  rateLimits: RateLimits;
  logLevel: LogLevel;
};

/** Config of a process that starts no servers: the addresses are there. */
export type TwinConfig = Config & { natsUrl: string; databaseUrl: string };

export const AUDIENCE = 'corridor-twin';

/** The environment does not make sense; one line per mistake. */
export class ConfigError extends Error {
  readonly code = 'CONFIG_INVALID';
  readonly mistakes: readonly string[];
  constructor(mistakes: readonly string[]) {
    super(mistakes.join('\n'));
    this.mistakes = mistakes;
  }
}

/** @throws ConfigError */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const { values, mistakes } = readEnvironment(env);
  const isProduction = values.NODE_ENV === 'production';
  const scope = values.SCOPE ?? 'live';
  if (!isScope(scope)) mistakes.push(`SCOPE=${scope}: must be live or sim-<runId>`);
  if ((values.JWKS_URL === undefined) !== (values.JWT_ISSUER === undefined)) mistakes.push('JWKS_URL and JWT_ISSUER: both or neither');
  if (values.TRAFFIC === 'off' && values.SPEED !== undefined && values.SPEED !== 1)
    mistakes.push(`SPEED=${values.SPEED}: without the traffic simulator (TRAFFIC=off) nobody drives the clock, time runs as it does`);
  if (isProduction) mistakes.push(...refusedInProduction(values));
  mistakes.push(...railMistakes(values, isProduction));
  const stationPages = stationPagesIn(values.STATION_PAGE_URLS ?? '');
  if ('wrong' in stationPages) mistakes.push(`STATION_PAGE_URLS: ${stationPages.wrong} is no <station>=<http address>`);
  if ('wrong' in stationPages || mistakes.length > 0) throw new ConfigError(mistakes);
  return {
    stationPages,
    isProduction,
    port: values.PORT ?? 8080,
    host: values.HOST ?? (isProduction ? '0.0.0.0' : '127.0.0.1'),
    dataDir: values.DATA_DIR ?? '.data',
    natsUrl: values.NATS_URL ?? null,
    natsCredsFile: values.NATS_CREDS ?? null,
    natsKeysFile: values.NATS_KEYS ?? null,
    databaseUrl: values.DATABASE_URL ?? null,
    scope,
    speedFactor: values.SPEED ?? 10,
    hasTraffic: values.TRAFFIC !== 'off',
    networkFile: values.NETWORK_FILE ?? null,
    auth: authOf(values),
    rail: railConfigOf(values),
    certifierUrl: values.CERTIFIER_URL ?? null,
    identityKeysFile: values.IDENTITY_KEYS ?? null,
    rateLimits: { signIn: values.RATE_SIGN_IN ?? 60, enrol: values.RATE_ENROL ?? 600, write: values.RATE_WRITE ?? 600 },
    logLevel: values.LOG_LEVEL ?? 'info',
  };
}

/** @throws ConfigError when an address is missing too */
export function readTwinConfig(env: NodeJS.ProcessEnv): TwinConfig {
  const config = readConfig(env);
  const { natsUrl, databaseUrl } = config;
  if (natsUrl === null || databaseUrl === null) {
    const missing = [natsUrl === null ? 'NATS_URL' : '', databaseUrl === null ? 'DATABASE_URL' : ''].filter((name) => name !== '');
    throw new ConfigError(
      missing.map((name) => `${name} is missing: "npm start" gives the twin servers of its own, by itself it needs addresses`),
    );
  }
  return { ...config, natsUrl, databaseUrl };
}

function refusedInProduction(values: Environment): string[] {
  const mistakes: string[] = [];
  if (values.JWKS_URL === undefined) mistakes.push('JWKS_URL is missing: production takes no demo users, name the OIDC provider');
  if (values.JWKS_URL?.startsWith('http:') === true)
    mistakes.push('JWKS_URL must be https in production: whoever can change the keys can be anybody');
  if (values.NATS_URL === undefined) mistakes.push('NATS_URL is missing: production starts no server of its own');
  if (values.NATS_CREDS === undefined) mistakes.push('NATS_CREDS is missing: production connects with credentials only');
  if (values.DATABASE_URL === undefined) mistakes.push('DATABASE_URL is missing: production starts no server of its own');
  else if (DEFAULT_PASSWORDS.has(passwordIn(values.DATABASE_URL)))
    mistakes.push('DATABASE_URL holds no password, or one that everybody tries first: set one of your own');
  if (values.SPEED !== undefined && values.SPEED !== 1) mistakes.push(`SPEED=${values.SPEED}: in production time runs as it does`);
  if (values.CERTIFIER_URL?.startsWith('http:') === true) mistakes.push('CERTIFIER_URL must be https in production');
  return mistakes;
}

const DEFAULT_PASSWORDS: ReadonlySet<string> = new Set([
  '',
  'postgres',
  'password',
  'corridor',
  'changeme',
  'change-me',
  'secret',
  'admin',
]);

function passwordIn(url: string): string {
  const parsed = URL.parse(url);
  return parsed === null ? '' : decodeURIComponent(parsed.password).toLowerCase();
}

function authOf(values: Environment): AuthConfig {
  if (values.JWKS_URL === undefined || values.JWT_ISSUER === undefined) return { kind: 'embedded' };
  return {
    kind: 'oidc',
    jwksUrl: values.JWKS_URL,
    issuer: values.JWT_ISSUER,
    audience: values.JWT_AUDIENCE ?? AUDIENCE,
    rolesClaim: values.JWT_ROLES_CLAIM ?? 'roles',
    principalClaim: values.JWT_PRINCIPAL_CLAIM ?? 'principal_id',
    driverClaim: values.JWT_DRIVER_CLAIM ?? 'driver_id',
    scopesClaim: values.JWT_SCOPES_CLAIM ?? 'scope',
    clientId: values.OIDC_CLIENT_ID ?? null,
  };
}

const NUMBER = /^-?\d+(\.\d+)?$/;
const SECRETS: ReadonlySet<string> = new Set(['DATABASE_URL', 'NATS_URL']);

/** Empty means unset, as in a compose file that passes everything on. */
function readEnvironment(env: NodeJS.ProcessEnv): { values: Environment; mistakes: string[] } {
  const values: Record<string, string | number> = {};
  const mistakes: string[] = [];
  for (const [name, schema] of Object.entries<TSchema>(Environment.properties)) {
    const given = env[name];
    if (given === undefined || given === '') continue;
    const isNumeric = 'type' in schema && (schema.type === 'integer' || schema.type === 'number');
    const value = isNumeric && NUMBER.test(given) ? Number(given) : given;
    const [error] = Errors(schema, value);
    if (error === undefined) values[name] = value;
    // An address may hold a password: it is not repeated.
    else mistakes.push(`${name}${SECRETS.has(name) ? '' : `=${given}`}: ${expectation(schema, error.message)}`);
  }
  return { values, mistakes };
}

function expectation(schema: TSchema, fallback: string): string {
  if ('enum' in schema && Array.isArray(schema.enum)) return `must be one of ${schema.enum.join(', ')}`;
  if ('minimum' in schema && 'maximum' in schema) return `must be a number from ${String(schema.minimum)} to ${String(schema.maximum)}`;
  if ('description' in schema && typeof schema.description === 'string') return `does not fit (${schema.description})`;
  return fallback;
}

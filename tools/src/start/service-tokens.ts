import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPLAY_SCOPES, TRAFFIC_SCOPES } from '@corridor/twin/auth/caller';
import { createEmbeddedIssuer, type EmbeddedIssuer } from '@corridor/twin/auth/embedded-issuer';
import type { Config } from '@corridor/twin/config';
import { StartError } from './start-error.ts';

/** Tokens by which the services of `npm start` use the API; kept in files that only this account reads. */
export interface ServiceTokens {
  /** Of the traffic simulator, which reads it anew for each request. */
  readonly trafficFile: string;
  /** Token of the status line; renews all of them when they have lived long enough. */
  current(): Promise<string>;
}

/** A stolen token is of no use for long, and a machine that slept a night finds a new one on waking. */
const LIFE = '12h';
const RENEW_AFTER_MS = 3_600_000;

export interface ServiceTokensOptions {
  config: Pick<Config, 'auth' | 'isProduction'>;
  /** Holds the issuer's key, and the folder `credentials`. */
  dataDir: string;
  /** Wall ms. */
  nowMs: () => number;
}

/** @throws StartError when a provider signs tokens and none was put where it is looked for */
export async function openServiceTokens({ config, dataDir, nowMs }: ServiceTokensOptions): Promise<ServiceTokens> {
  const folder = join(dataDir, 'credentials');
  const serviceFile = join(folder, 'service.token');
  if (config.auth.kind === 'oidc') return givenToken(serviceFile);
  const issuer = await createEmbeddedIssuer({ dir: dataDir, isProduction: config.isProduction, users: [] });
  const trafficFile = join(folder, 'traffic.token');
  let status = '';
  let renewedAtMs = Number.NEGATIVE_INFINITY;
  const tokens: ServiceTokens = {
    trafficFile,
    async current() {
      if (Math.abs(nowMs() - renewedAtMs) < RENEW_AFTER_MS) return status;
      replaceFile(trafficFile, await tokenFor(issuer, 'traffic', TRAFFIC_SCOPES));
      // For programs that are started by hand beside this one: the replay.
      replaceFile(serviceFile, await tokenFor(issuer, 'replay', REPLAY_SCOPES));
      status = await tokenFor(issuer, 'status', ['network:read']);
      renewedAtMs = nowMs();
      return status;
    },
  };
  await tokens.current();
  return tokens;
}

const tokenFor = (issuer: EmbeddedIssuer, name: string, scopes: Parameters<EmbeddedIssuer['issueServiceToken']>[0]['scopes']) =>
  issuer.issueServiceToken({ name, scopes, life: LIFE });

/** Whoever put it there renews it. */
function givenToken(file: string): ServiceTokens {
  if (!existsSync(file)) {
    const scopes = [...new Set([...TRAFFIC_SCOPES, ...REPLAY_SCOPES])].join(' ');
    throw new StartError(
      `With JWKS_URL set, put a token with the role SERVICE and the scopes "${scopes}" into ${file}: the simulator enrols its gateways with it.`,
    );
  }
  return { trafficFile: file, current: async () => readFileSync(file, 'utf8').trim() };
}

/** Renamed into place: who reads it meanwhile reads the old one or the new one. */
function replaceFile(file: string, text: string): void {
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

import { existsSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Config } from '@corridor/twin/config';
import { assertPortFree } from '@corridor/twin/embedded/free-port';
import { makeFolder } from '@corridor/twin/embedded/make-folder';
import { type NatsServer, startNatsServer } from '@corridor/twin/embedded/nats-server';
import { type PostgresServer, startPostgres } from '@corridor/twin/embedded/postgres';
import { type Claim, claimFolder } from '@corridor/twin/embedded/run-record';
import { silentLog } from '@corridor/twin/log';
import { type Credentials, issueService, type ServiceRole } from '@corridor/twin/nats/enrolment';
import { readOperatorKeys } from '@corridor/twin/nats/operator-keys';
import { planSandboxRail } from './sandbox-rail.ts';
import { openServiceTokens, type ServiceTokens } from './service-tokens.ts';
import { StartError } from './start-error.ts';
import { stationPageUrls } from './station-page-urls.ts';
import { fetchKpis, isReady, type StatusLine, statusText } from './status-line.ts';
import { SupervisedChild } from './supervised-child.ts';
import { buildViewer } from './viewer-build.ts';

export interface CorridorOptions {
  config: Config;
  root: URL;
  line: StatusLine;
}

interface Servers {
  databaseUrl: string;
  natsUrl: string;
  natsKeysFile: string | null;
  natsCredsFile: string | null;
}

/** What a batch is made of outlives a young generation of the usual size, and would be copied twice; the image starts it so too. */
const TWIN_FLAGS = ['--max-semi-space-size=64'];
const STATUS_MS = 1_000;
/** On a pipe the status is written this often. */
const STATUS_PIPE_MS = 60_000;
const LOG_BYTES_MAX = 20_000_000;
const READY_LOOK_MS = 200;

/** Everything of `npm start`: servers, twin, traffic; started in order, stopped in the opposite one. */
export class Corridor {
  readonly #options: CorridorOptions;
  readonly #dataDir: string;
  readonly #stops: (() => Promise<void>)[] = [];
  readonly #children: SupervisedChild[] = [];
  readonly #givenUp = Promise.withResolvers<string>();
  #stopping: Promise<void> | null = null;
  #claim: Claim | null = null;

  constructor(options: CorridorOptions) {
    this.#options = options;
    this.#dataDir = resolve(options.config.dataDir);
  }

  /** @returns why it cannot go on, in one line; does not return while all is well */
  async run(): Promise<string> {
    const { config, line } = this.#options;
    this.#makeFolders();
    this.#claim = await claimFolder({ dir: this.#dataDir, file: join(this.#dataDir, 'start.json'), orphanSignals: [], onOrphan: () => {} });
    await assertPortFree('HTTP', config.port);
    await buildViewer(fileURLToPath(this.#options.root), () => line.say('Building the viewer …'));
    const servers = await this.#startServers();
    if (this.#stopping) return '';
    const api = `http://127.0.0.1:${config.port}`;
    // For programs that are started by hand beside this one: where it listens.
    writeFileSync(join(this.#dataDir, 'credentials', 'service.url'), `${api}\n`);
    const tokens = await openServiceTokens({ config, dataDir: this.#dataDir, nowMs: Date.now });
    const rail = await planSandboxRail(config, this.#dataDir);
    if (rail !== null)
      this.#child({ name: 'rail', script: 'simulator/src/rail/main.ts', saysUp: true }, rail.args, { LOG_LEVEL: config.logLevel });
    this.#startTwin(servers, rail?.twinEnvironment ?? {});
    const given = await Promise.race([this.#ready(api), this.#givenUp.promise]);
    if (given !== null) return given;
    this.#sayAddresses(api, servers);
    if (config.hasTraffic) this.#startTraffic(api, servers, tokens);
    this.#watch(api, tokens);
    return this.#givenUp.promise;
  }

  async stop(): Promise<void> {
    this.#stopping ??= this.#stopAll();
    await this.#stopping;
  }

  /** Ends the processes of ours at once, when nobody waits for the order; the servers' own watches end those. */
  kill(): void {
    for (const child of this.#children) child.kill();
  }

  async #stopAll(): Promise<void> {
    for (const stop of this.#stops.toReversed()) await stop();
    this.#claim?.release();
  }

  #makeFolders(): void {
    try {
      // Passed through by the account of the database, which has its own folder in it; what is secret lies in closed folders and files.
      makeFolder(this.#dataDir, 0o711);
      makeFolder(join(this.#dataDir, 'logs'), 0o700);
      makeFolder(join(this.#dataDir, 'credentials'), 0o700);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : 'unknown';
      throw new StartError(`The data folder ${this.#dataDir} cannot be made (${reason}): choose another one with DATA_DIR.`);
    }
  }

  async #startServers(): Promise<Servers> {
    const { config, line } = this.#options;
    const log = silentLog();
    let postgres: PostgresServer | null = null;
    let nats: NatsServer | null = null;
    if (config.databaseUrl === null) {
      line.say('Starting PostgreSQL …');
      postgres = await startPostgres({ dir: join(this.#dataDir, 'postgres'), log });
      this.#keep(postgres, 'PostgreSQL');
      if (postgres.isMoved) line.say(`The database's account cannot reach ${this.#dataDir}: the database is kept in ${postgres.dir}.`);
      if (postgres.abandoned.length > 0)
        line.say(`Begun anew, because the data folder names no database; an earlier one is left in ${postgres.abandoned.join(', ')}.`);
    }
    if (config.natsUrl === null) {
      line.say('Starting nats-server …');
      nats = await startNatsServer({ dir: join(this.#dataDir, 'nats'), scope: config.scope, log });
      this.#keep(nats, 'nats-server');
    }
    const natsKeysFile = nats?.keysFile ?? config.natsKeysFile;
    return {
      databaseUrl: postgres?.url ?? config.databaseUrl ?? '',
      natsUrl: nats?.url ?? config.natsUrl ?? '',
      natsKeysFile,
      natsCredsFile: config.natsCredsFile ?? (await this.#serviceCreds(natsKeysFile, 'twin', 'twin')),
    };
  }

  #keep(server: PostgresServer | NatsServer, name: string): void {
    this.#stops.push(async () => server.stop());
    server.exited.then(
      ({ exitCode, signal }) => {
        if (!this.#stopping)
          this.#givenUp.resolve(
            `${name} ended by itself (${signal ?? `exit code ${exitCode}`}): start again; data that was committed is safe.`,
          );
        return undefined;
      },
      () => undefined,
    );
  }

  /** Credentials of a part of our own, made anew at each start. */
  async #serviceCreds(keysFile: string | null, name: string, role: ServiceRole): Promise<string> {
    const keys = keysFile === null ? null : readOperatorKeys(keysFile);
    if (keys === null)
      throw new StartError('With NATS_URL set, NATS_KEYS must name the file of the keys that sign credentials for that server.');
    const credentials: Credentials = await issueService(keys, { scope: this.#options.config.scope, name, role });
    const file = join(this.#dataDir, 'credentials', `${name}.creds`);
    writeFileSync(file, credentials.creds, { mode: 0o600 });
    return file;
  }

  #startTwin(servers: Servers, railEnvironment: NodeJS.ProcessEnv): void {
    const { config } = this.#options;
    this.#child({ name: 'twin', script: 'twin/src/main.ts', saysUp: true, nodeFlags: TWIN_FLAGS }, [], {
      ...railEnvironment,
      DATA_DIR: this.#dataDir,
      PORT: String(config.port),
      DATABASE_URL: servers.databaseUrl,
      NATS_URL: servers.natsUrl,
      NATS_CREDS: servers.natsCredsFile ?? '',
      NATS_KEYS: servers.natsKeysFile ?? '',
      SPEED: '',
      STATION_PAGE_URLS: process.env['STATION_PAGE_URLS'] ?? stationPageUrls(config.networkFile, process.env['STATION_PAGES']),
    });
  }

  async #ready(api: string): Promise<null> {
    while (!(await isReady(api)) && !this.#stopping) await new Promise((resolve) => setTimeout(resolve, READY_LOOK_MS));
    return null;
  }

  #startTraffic(api: string, servers: Servers, tokens: ServiceTokens): void {
    const { config } = this.#options;
    this.#serviceCreds(servers.natsKeysFile, 'clock', 'clock').then(
      (creds) => {
        const args = ['--api', api, '--nats', servers.natsUrl, '--factor', String(config.speedFactor), '--scope', config.scope];
        const files = ['--creds', creds, '--token-file', tokens.trafficFile];
        const network = config.networkFile === null ? [] : ['--network', config.networkFile];
        const dir = ['--data-dir', join(this.#dataDir, 'traffic')];
        if (!this.#stopping)
          this.#child(
            { name: 'traffic', script: 'simulator/src/traffic/main.ts', saysUp: false },
            [...args, ...files, ...network, ...dir],
            { LOG_LEVEL: config.logLevel },
          );
        return undefined;
      },
      (cause: unknown) => this.#givenUp.resolve(cause instanceof Error ? cause.message : String(cause)),
    );
  }

  #child(
    { name, script, saysUp, nodeFlags = [] }: { name: string; script: string; saysUp: boolean; nodeFlags?: readonly string[] },
    args: readonly string[],
    env: NodeJS.ProcessEnv,
  ): void {
    const { line } = this.#options;
    const logFile = join(this.#dataDir, 'logs', `${name}.log`);
    if (existsSync(logFile) && statSync(logFile).size > LOG_BYTES_MAX) renameSync(logFile, `${logFile}.1`);
    const child = new SupervisedChild({
      name,
      saysUp,
      nodeFlags,
      script: fileURLToPath(new URL(script, this.#options.root)),
      args,
      env: { ...process.env, ...env },
      logFile,
      onRestart: (why) => line.say(why),
      onGivenUp: (why) => this.#givenUp.resolve(why),
    });
    child.start();
    this.#children.push(child);
    this.#stops.push(async () => child.stop());
  }

  #sayAddresses(api: string, servers: Servers): void {
    const { config, line } = this.#options;
    line.say('');
    line.say(`  Viewer     ${api}/`);
    line.say(`  HTTP API   ${api}/docs      (OpenAPI ${api}/openapi.json)`);
    line.say(`  Gateways   ${api}/asyncapi.json      (NATS ${servers.natsUrl})`);
    line.say(`  Data       ${this.#dataDir}      (logs in logs/)`);
    const time = config.hasTraffic
      ? `Time runs ${config.speedFactor} times as fast.`
      : 'No traffic: the stations wait for gateways of yours.';
    line.say(`  ${time} Ctrl-C stops everything.`);
    line.say('');
  }

  #watch(api: string, tokens: ServiceTokens): void {
    const { line } = this.#options;
    let saidMs = 0;
    let busy = false;
    const show = async () => {
      const text = statusText(await fetchKpis(api, await tokens.current()), '');
      if (this.#stopping) return;
      line.show(text);
      if (process.stdout.isTTY || performance.now() - saidMs < STATUS_PIPE_MS) return;
      saidMs = performance.now();
      line.say(text);
    };
    const timer = setInterval(() => {
      if (busy) return;
      busy = true;
      show()
        .catch((cause: unknown) => line.say(`the status cannot be shown: ${cause instanceof Error ? cause.message : String(cause)}`))
        .finally(() => {
          busy = false;
        });
    }, STATUS_MS);
    this.#stops.push(async () => clearInterval(timer));
  }
}

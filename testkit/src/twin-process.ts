import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { SERVICE_SCOPES } from '@corridor/twin/auth/caller';
import { createEmbeddedIssuer } from '@corridor/twin/auth/embedded-issuer';
import { freePort } from '@corridor/twin/embedded/free-port';
import { makeFolder } from '@corridor/twin/embedded/make-folder';
import type { TestNats } from './test-nats.ts';

const MAIN = fileURLToPath(new URL('../../twin/src/main.ts', import.meta.url));
const READY_LOOK_MS = 50;

/** The twin as a process of its own, to be killed. */
export class TwinProcess {
  readonly url: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #dataDir: string;
  #child: ChildProcess | null = null;
  #output = '';

  private constructor(url: string, dataDir: string, env: NodeJS.ProcessEnv) {
    this.url = url;
    this.#dataDir = dataDir;
    this.#env = env;
  }

  static async create(options: { nats: TestNats; databaseUrl: string; dataDir: string; env?: NodeJS.ProcessEnv }): Promise<TwinProcess> {
    const { nats, databaseUrl, dataDir } = options;
    makeFolder(dataDir);
    const credsFile = join(dataDir, 'twin.creds');
    writeFileSync(credsFile, (await nats.credentials.issueService('twin')).creds, { mode: 0o600 });
    const port = await freePort();
    return new TwinProcess(`http://127.0.0.1:${port}`, dataDir, {
      ...process.env,
      NODE_ENV: 'test',
      PORT: String(port),
      DATA_DIR: dataDir,
      NATS_URL: nats.url,
      NATS_CREDS: credsFile,
      NATS_KEYS: nats.keysFile,
      DATABASE_URL: databaseUrl,
      LOG_LEVEL: 'info',
      ...options.env,
    });
  }

  /** What it wrote to its standard error. */
  get output(): string {
    return this.#output;
  }

  get running(): boolean {
    return this.#child !== null && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  start(): void {
    // The channel tells it when we are killed.
    const child = fork(MAIN, [], { env: this.#env, execArgv: [], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    child.stderr?.setEncoding('utf8');
    child.stderr?.on('data', (text: string) => {
      this.#output = (this.#output + text).slice(-100_000);
    });
    this.#child = child;
  }

  /** @throws Error with its output when it ends before it is ready */
  async ready(): Promise<void> {
    while (!(await this.#answers())) {
      if (!this.running) throw new Error(`the twin ended: ${this.#output}`);
      await sleep(READY_LOOK_MS);
    }
  }

  /** Stops it in its tracks, as a suspended machine would. */
  suspend(): void {
    this.#child?.kill('SIGSTOP');
  }

  resume(): void {
    this.#child?.kill('SIGCONT');
  }

  async kill9(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** @returns its exit code */
  async stop(): Promise<number | null> {
    return this.#end('SIGTERM');
  }

  /** Resolves with the exit code when it ends by itself. */
  async exited(): Promise<number | null> {
    const child = this.#child;
    if (!child || !this.running) return child?.exitCode ?? null;
    await once(child, 'close');
    return child.exitCode;
  }

  /** A bearer token of a service. */
  async token(): Promise<string> {
    const issuer = await createEmbeddedIssuer({ dir: this.#dataDir, isProduction: false, users: [] });
    return issuer.issueServiceToken({ name: 'test', scopes: SERVICE_SCOPES });
  }

  async #end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#child;
    if (!child || !this.running) return child?.exitCode ?? null;
    const closed = once(child, 'close');
    child.kill(signal);
    await closed;
    return child.exitCode;
  }

  async #answers(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/readyz`)).ok;
    } catch {
      return false; // not listening yet
    }
  }
}

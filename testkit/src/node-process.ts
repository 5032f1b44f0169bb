import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** How a process ended. */
export interface ProcessEnd {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** The process ended before it did what was waited for. */
export class ProcessEndedError extends Error {
  readonly code = 'PROCESS_ENDED';
  constructor(name: string, { code, signal }: ProcessEnd, output: string) {
    super(`${name} ended (${signal ?? `exit code ${code}`}) before it was asked to: ${output.trim().split('\n').slice(-12).join('\n')}`);
  }
}

export interface NodeProcessOptions {
  readonly name: string;
  /** A program of the repository: `new URL('./x.ts', import.meta.url)`. */
  readonly script: URL;
  readonly args?: readonly string[];
  readonly nodeFlags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const TAIL_CHARS = 16_000;
const STOP_MS = 20_000;

/**
 * A program of ours in a process of its own, which can really be killed. It holds a channel to us: when we are killed it
 * is told, so that nothing runs on.
 */
export class NodeProcess {
  readonly name: string;
  readonly #options: NodeProcessOptions;
  #child: ChildProcess | null = null;
  #ended: Promise<ProcessEnd> = Promise.resolve({ code: 0, signal: null });
  #isAsked = false;
  #output = '';
  readonly #inbox: unknown[] = [];
  readonly #readers: { resolve: (message: unknown) => void; reject: (cause: Error) => void }[] = [];

  constructor(options: NodeProcessOptions) {
    this.name = options.name;
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  get isRunning(): boolean {
    return this.#child !== null && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** The last of what it wrote since its start. */
  get output(): string {
    return this.#output;
  }

  /** Settles when the process that runs now has ended. */
  get ended(): Promise<ProcessEnd> {
    return this.#ended;
  }

  start(): void {
    if (this.isRunning) throw new Error(`${this.name} runs already`);
    const { script, args = [], nodeFlags = [], env = {} } = this.#options;
    this.#output = '';
    this.#isAsked = false;
    const child = fork(fileURLToPath(script), [...args], {
      execArgv: ['--disable-warning=ExperimentalWarning', ...nodeFlags],
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8');
      stream?.on('data', (text: string) => {
        this.#output = (this.#output + text).slice(-TAIL_CHARS);
      });
    }
    child.on('message', (message) => {
      const reader = this.#readers.shift();
      if (reader) reader.resolve(message);
      else this.#inbox.push(message);
    });
    child.on('error', (cause) => {
      this.#output += `\n${cause.message}`;
    });
    const { promise, resolve } = Promise.withResolvers<ProcessEnd>();
    this.#ended = promise;
    child.once('close', (code, signal) => {
      resolve({ code, signal });
      for (const reader of this.#readers.splice(0)) reader.reject(new ProcessEndedError(this.name, { code, signal }, this.#output));
    });
  }

  /** The next message it sends over its channel. @throws ProcessEndedError */
  async message(): Promise<unknown> {
    if (this.#inbox.length > 0) return this.#inbox.shift();
    if (!this.isRunning) throw new ProcessEndedError(this.name, await this.#ended, this.#output);
    return new Promise((resolve, reject) => this.#readers.push({ resolve, reject }));
  }

  send(message: object): void {
    this.#child?.send(message);
  }

  /** As a power cut ends it. */
  async kill9(): Promise<void> {
    this.#isAsked = true;
    if (this.isRunning) this.#child?.kill('SIGKILL');
    await this.#ended;
  }

  /** Asks it to end, and kills it when it does not. */
  async stop(): Promise<ProcessEnd> {
    this.#isAsked = true;
    if (this.isRunning) this.#child?.kill('SIGTERM');
    const killer = setTimeout(() => this.#child?.kill('SIGKILL'), STOP_MS);
    const end = await this.#ended;
    clearTimeout(killer);
    return end;
  }

  /** @throws ProcessEndedError when it ended without being asked to */
  async assertRunning(): Promise<void> {
    if (!this.isRunning && !this.#isAsked) throw new ProcessEndedError(this.name, await this.#ended, this.#output);
  }
}

import { type ChildProcess, fork } from 'node:child_process';
import { createWriteStream, type WriteStream } from 'node:fs';
import { signalProcess } from '@corridor/twin/embedded/process-identity';

export interface ChildOptions {
  /** As the status line calls it. */
  readonly name: string;
  readonly script: string;
  readonly args: readonly string[];
  /** Of Node itself, beside those that this process has. */
  readonly nodeFlags?: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** What it writes goes here. */
  readonly logFile: string;
  /** Told when it ended without being asked to, before it is started again. */
  readonly onRestart: (why: string) => void;
  /** It says `{type: 'up'}` when it is up; ending before that with a line for people, or again and again, it is not started again. */
  readonly saysUp: boolean;
  /** It cannot run, and starting it again will not help. */
  readonly onGivenUp: (line: string) => void;
}

/** Exit code of a child whose configuration is at fault (sysexits EX_CONFIG): it is not started again. */
export const EXIT_CONFIG = 78;
const BACKOFF_MS = [250, 500, 1_000, 2_000, 5_000, 10_000];
/** Running this long counts as having started well. */
const SETTLED_MS = 30_000;
/** A child that does not end by itself is killed, wall ms. */
const STOP_MS = 15_000;
/** One that never came up is started this often: what hinders it does not pass. */
const NEVER_UP_STARTS_MAX = 4;
const TAIL_CHARS = 4_000;

/**
 * A child process that is started again when it dies. It hears of our own end through the IPC channel, so that nothing
 * runs on when this process is killed.
 */
export class SupervisedChild {
  readonly #options: ChildOptions;
  readonly #log: WriteStream;
  #process: ChildProcess | null = null;
  #stopping = false;
  #wasUp = false;
  #failures = 0;
  #restarts = 0;
  #tail = '';
  #timer: NodeJS.Timeout | null = null;

  constructor(options: ChildOptions) {
    this.#options = options;
    this.#log = createWriteStream(options.logFile, { flags: 'a' });
  }

  get restarts(): number {
    return this.#restarts;
  }

  start(): void {
    const { script, args, nodeFlags = [], env } = this.#options;
    const startedMs = performance.now();
    this.#tail = '';
    // In a process group of its own: Ctrl-C is for us, and we end our children in order.
    const child = fork(script, [...args], {
      env,
      execArgv: [...process.execArgv, ...nodeFlags],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true,
    });
    this.#process = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8');
      stream?.on('data', (text: string) => {
        this.#log.write(text);
        this.#tail = (this.#tail + text).slice(-TAIL_CHARS);
      });
    }
    child.on('message', (message: unknown) => {
      if (isUp(message)) this.#wasUp = true;
    });
    child.on('error', (cause) => {
      this.#tail += `\n${cause.message}`;
    });
    child.on('close', (code, signal) => this.#ended({ code, signal, ranMs: performance.now() - startedMs }));
  }

  /** Asks it to end, and kills it when it does not. */
  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.#timer) clearTimeout(this.#timer);
    const child = this.#process;
    if (child) {
      const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
      child.kill('SIGTERM');
      const killer = setTimeout(() => this.kill(), STOP_MS);
      await closed;
      clearTimeout(killer);
    }
    await new Promise<void>((resolve) => this.#log.end(() => resolve()));
  }

  /** Ends it at once, with what it started in its group; it is not started again. */
  kill(): void {
    this.#stopping = true;
    if (this.#timer) clearTimeout(this.#timer);
    const child = this.#process;
    // One that ended may have left its number to another process.
    if (child?.pid !== undefined && child.exitCode === null && child.signalCode === null) signalProcess(-child.pid, 'SIGKILL');
  }

  #ended({ code, signal, ranMs }: { code: number | null; signal: NodeJS.Signals | null; ranMs: number }): void {
    this.#process = null;
    if (this.#stopping) return;
    const line = lastPlainLine(this.#tail);
    if (code === EXIT_CONFIG || (this.#options.saysUp && !this.#wasUp && line !== null)) {
      this.#options.onGivenUp(line ?? `${this.#options.name} cannot start; see ${this.#options.logFile}.`);
      return;
    }
    this.#failures = ranMs > SETTLED_MS ? 0 : this.#failures + 1;
    if (this.#options.saysUp && !this.#wasUp && this.#failures >= NEVER_UP_STARTS_MAX) {
      this.#options.onGivenUp(
        `${this.#options.name} cannot start (${lastError(this.#tail) ?? signal ?? `exit code ${code}`}): see ${this.#options.logFile}.`,
      );
      return;
    }
    this.#restarts += 1;
    const waitMs = BACKOFF_MS[Math.min(this.#failures, BACKOFF_MS.length - 1)] ?? 0;
    this.#options.onRestart(
      `${this.#options.name} ended (${signal ?? `exit code ${code}`}); starting it again, see ${this.#options.logFile}`,
    );
    this.#timer = setTimeout(() => this.start(), waitMs);
  }
}

function isUp(message: unknown): boolean {
  return typeof message === 'object' && message !== null && 'type' in message && message.type === 'up';
}

/** The last line that is meant for people: the log's own lines are JSON. */
function lastPlainLine(text: string): string | null {
  return (
    text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '' && !line.startsWith('{'))
      .at(-1) ?? null
  );
}

/** What the last line of the log says of an error: in JSON, as `pino` writes it; the line itself may have been cut. */
function lastError(text: string): string | null {
  const message = [...text.matchAll(/"err":\{"type":"[^"]*","message":"((?:[^"\\]|\\.)*)"/g)].at(-1)?.[1];
  return message === undefined
    ? null
    : (String(JSON.parse(`"${message}"`))
        .split('\n', 1)[0]
        ?.slice(0, 300) ?? null);
}

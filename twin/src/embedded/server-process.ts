import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { stopWhenWeEnd } from './orphan-watch.ts';
import { signalProcess } from './process-identity.ts';

export type Exit = { exitCode: number | null; signal: NodeJS.Signals | null };

/** A server of ours that is up. */
export type ServerProcess = {
  readonly pid: number;
  /** Settles when the process ends, for whatever reason. */
  readonly exited: Promise<Exit>;
  isRunning(): boolean;
  /** Sends the stop signals in turn until the process has ended. */
  stop(): Promise<void>;
  /** As a power cut would end it. For tests that kill. */
  kill9(): Promise<void>;
};

/** The server ended before it was ready, or was not ready in time. `output` holds the last lines it wrote. */
export class ServerNotReadyError extends Error {
  readonly code = 'SERVER_NOT_READY';
  readonly output: readonly string[];
  constructor(options: { name: string; output: readonly string[]; exit: Exit | null; cause?: unknown }) {
    const how = options.exit === null ? 'was not ready in time' : `ended with ${options.exit.signal ?? options.exit.exitCode}`;
    super(`${options.name} ${how}: ${options.output.at(-1) ?? 'it wrote nothing'}`, { cause: options.cause });
    this.output = options.output;
  }
}

export type ServerSpec = {
  name: string;
  command: string;
  args: readonly string[];
  uid?: number;
  gid?: number;
  env: Readonly<Record<string, string | undefined>>;
  /** The server is ready when a line of its stderr matches. */
  readyLine: RegExp;
  readyWithinMs: number;
  onLine(line: string): void;
  /** Called once the process exists, before it is ready. */
  onSpawn(pid: number): void;
  stopSignals: readonly { signal: NodeJS.Signals; waitMs: number }[];
};

const OUTPUT_LINES_KEPT = 60;

/** Servers to stop when this process ends without having stopped them: an uncaught error, `process.exit`. */
const running = new Map<number, NodeJS.Signals>();
process.once('exit', () => {
  for (const [pid, signal] of running) signalProcess(pid, signal);
});

/**
 * Starts a server in a process group of its own, so that Ctrl-C in a terminal reaches us and not it: we stop it last. It ends with us,
 * also when we are killed.
 * @throws ServerNotReadyError
 */
export async function startServerProcess(spec: ServerSpec): Promise<ServerProcess> {
  const child = spawn(spec.command, spec.args, {
    cwd: '/',
    env: { ...spec.env },
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
    ...(spec.uid === undefined ? {} : { uid: spec.uid }),
    ...(spec.gid === undefined ? {} : { gid: spec.gid }),
  });
  const closed = endOf(child, 'close');
  const output: string[] = [];
  const ready = Promise.withResolvers<void>();
  createInterface({ input: child.stderr }).on('line', (line) => {
    output.push(line);
    if (output.length > OUTPUT_LINES_KEPT) output.shift();
    spec.onLine(line);
    if (spec.readyLine.test(line)) ready.resolve();
  });
  const spawned = Promise.withResolvers<void>();
  child.once('spawn', () => spawned.resolve());
  child.once('error', (cause) => spawned.reject(new ServerNotReadyError({ name: spec.name, output: [cause.message], exit: null, cause })));
  await spawned.promise;
  const { pid } = child;
  if (pid === undefined) throw new ServerNotReadyError({ name: spec.name, output, exit: null });
  const server = handleOf(child, pid, spec);
  spec.onSpawn(pid);
  await untilReady({ spec, server, output, ready: ready.promise, closed });
  return server;
}

/** `close` comes after the last line of stderr was read; `exit` may come before it, and while children still hold stderr. */
function endOf(child: ChildProcess, event: 'exit' | 'close'): Promise<Exit> {
  const { promise, resolve } = Promise.withResolvers<Exit>();
  child.once(event, (exitCode: number | null, signal: NodeJS.Signals | null) => resolve({ exitCode, signal }));
  return promise;
}

function handleOf(child: ChildProcess, pid: number, spec: ServerSpec): ServerProcess {
  const exited = endOf(child, 'exit');
  running.set(pid, spec.stopSignals[0]?.signal ?? 'SIGKILL');
  const endWatch = stopWhenWeEnd(
    pid,
    spec.stopSignals.map(({ signal }) => signal),
  );
  child.once('exit', () => {
    running.delete(pid);
    endWatch();
  });
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  return {
    pid,
    exited,
    isRunning,
    async stop() {
      for (const { signal, waitMs } of spec.stopSignals) {
        if (!isRunning()) break;
        signalProcess(pid, signal);
        if (await settlesWithin(exited, waitMs)) break;
      }
      if (isRunning()) signalProcess(pid, 'SIGKILL');
      await exited;
    },
    async kill9() {
      if (isRunning()) signalProcess(pid, 'SIGKILL');
      await exited;
    },
  };
}

async function settlesWithin(promise: Promise<unknown>, waitMs: number): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), waitMs);
  const settled = await Promise.race([promise.then(() => true), late.promise]);
  clearTimeout(timer);
  return settled;
}

async function untilReady(options: {
  spec: ServerSpec;
  server: ServerProcess;
  output: string[];
  ready: Promise<void>;
  closed: Promise<Exit>;
}): Promise<void> {
  const { spec, server, output } = options;
  const late = Promise.withResolvers<'late'>();
  const timer = setTimeout(() => late.resolve('late'), spec.readyWithinMs);
  const first = await Promise.race([options.ready.then(() => 'ready' as const), options.closed, late.promise]);
  clearTimeout(timer);
  if (first === 'ready') return;
  if (first === 'late') {
    await server.stop();
    throw new ServerNotReadyError({ name: spec.name, output, exit: null });
  }
  throw new ServerNotReadyError({ name: spec.name, output, exit: first });
}

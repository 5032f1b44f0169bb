import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '@corridor/twin/embedded/free-port';
import { Command } from 'commander';

/**
 * Starts the whole corridor as a person does, in a data folder and on a port of its own: `/readyz` answers, the first swap is
 * billed, Ctrl-C ends it with a good exit code, and nothing is left running. Exit code 1 with one line when not.
 */
new Command('npm run smoke --')
  .description(
    'Starts the whole corridor as a person does, waits for its first bill and stops it; leaves nothing behind. It takes some minutes.',
  )
  .parse();
const READY_WITHIN_MS = 60_000;
const BILLED_WITHIN_MS = 180_000;
const STOPPED_WITHIN_MS = 30_000;
const ENDED_WITHIN_MS = 10_000;
const POLL_MS = 250;
const LOG_LINES_SHOWN = 40;

class SmokeError extends Error {
  readonly code = 'SMOKE_FAILED';
}

async function textOf(url: string): Promise<string | null> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    return response.ok ? await response.text() : null;
  } catch {
    // Refused or slow while it starts: the caller asks again until its own time is up.
    return null;
  }
}

async function until(what: string, withinMs: number, child: ChildProcess, holds: () => Promise<boolean>): Promise<number> {
  const startedAt = performance.now();
  while (performance.now() - startedAt < withinMs) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new SmokeError(`npm start ended (exit ${child.exitCode}) before ${what}`);
    if (await holds()) return Math.round(performance.now() - startedAt);
    await sleep(POLL_MS);
  }
  throw new SmokeError(`${what}: not within ${withinMs / 1000} s`);
}

/** Value of `corridor_orders_total` over the states that come after the bill. */
function billedOrders(metrics: string): number {
  const lines = metrics.matchAll(/^corridor_orders_total\{[^}]*state="(?:BILLED|CLEARED)"[^}]*\} (\S+)$/gm);
  return Math.max(0, ...[...lines].map(([, value]) => Number(value)));
}

/** Processes that still have the data folder on their command line or in their environment. */
function leftOver(folder: string): string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid) && Number(pid) !== process.pid)
    .flatMap((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        const environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
        return line.includes(folder) || environment.includes(folder) ? [`${pid} ${line.replaceAll('\0', ' ').slice(0, 120)}`] : [];
      } catch {
        // It ended between the listing and the reading, or is not ours to read.
        return [];
      }
    });
}

/** What still runs after that time: a process that is told of our end needs a moment. */
async function leftOverFor(ms: number, folder: string): Promise<string[]> {
  const startedAt = performance.now();
  for (;;) {
    const left = leftOver(folder);
    if (left.length === 0 || performance.now() - startedAt > ms) return left;
    await sleep(POLL_MS);
  }
}

function logFiles(folder: string): string[] {
  const logs = join(folder, 'logs');
  return readdirSync(logs).flatMap((file) => readFileSync(join(logs, file), 'utf8').split('\n'));
}

function errorLines(lines: readonly string[]): string[] {
  return lines.filter((line) => /"level":(50|60|"error"|"fatal")|\bERROR\b|\bFATAL\b|Unhandled|InvariantError/.test(line));
}

/** npm either hands on the exit code of the program or ends itself by the signal, depending on its version: the program's own last line tells. */
async function stop(child: ChildProcess, log: readonly string[]): Promise<void> {
  const ended = once(child, 'close');
  if (child.pid === undefined) throw new SmokeError('npm start has no process id');
  process.kill(-child.pid, 'SIGINT');
  await Promise.race([ended, sleep(STOPPED_WITHIN_MS, null, { ref: false })]);
  if (child.exitCode === null && child.signalCode === null)
    throw new SmokeError(`Ctrl-C: still running after ${STOPPED_WITHIN_MS / 1000} s`);
  if (child.exitCode !== 0 && child.exitCode !== 130 && child.signalCode !== 'SIGINT')
    throw new SmokeError(`Ctrl-C: exit ${child.exitCode ?? child.signalCode}`);
  if (!log.some((line) => line.startsWith('Stopped.'))) throw new SmokeError('Ctrl-C: ended before it had stopped in order');
}

async function smoke(folder: string, log: string[]): Promise<void> {
  const port = await freePort();
  const child = spawn('npm', ['start'], {
    detached: true,
    env: { ...process.env, PORT: String(port), DATA_DIR: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      log.push(...text.split('\n').filter((line) => line !== ''));
      log.splice(0, log.length - 2_000);
    });
  }
  try {
    const url = `http://127.0.0.1:${port}`;
    const readyMs = await until('/readyz', READY_WITHIN_MS, child, async () => (await textOf(`${url}/readyz`)) !== null);
    const billedMs = await until(
      'the first bill',
      BILLED_WITHIN_MS,
      child,
      async () => billedOrders((await textOf(`${url}/metrics`)) ?? '') > 0,
    );
    await stop(child, log);
    const left = await leftOverFor(ENDED_WITHIN_MS, folder);
    if (left.length > 0) throw new SmokeError(`left running: ${left.join('; ')}`);
    const errors = errorLines([...log, ...logFiles(folder)]);
    if (errors.length > 0) throw new SmokeError(`error lines: ${errors.slice(0, 3).join(' | ')}`);
    process.stdout.write(`smoke: ready after ${readyMs} ms, first bill after another ${billedMs} ms, stopped cleanly\n`);
  } finally {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) process.kill(-child.pid, 'SIGKILL');
  }
}

const folder = mkdtempSync(join(tmpdir(), 'corridor-smoke-'));
/** The database may run as another user: it has to get in. */
chmodSync(folder, 0o755);
const log: string[] = [];
try {
  await smoke(folder, log);
} catch (cause) {
  if (!(cause instanceof SmokeError)) throw cause;
  process.stderr.write(`${log.slice(-LOG_LINES_SHOWN).join('\n')}\nsmoke: ${cause.message}\n`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

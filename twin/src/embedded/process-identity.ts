import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * A pid alone does not name a process: pids are used again, in containers within seconds. Together with the instant
 * its process started it does. A zombie counts as gone.
 * @returns null when no such process runs
 */
export function processIdentity(pid: number): string | null {
  if (process.platform === 'linux') return linuxIdentity(pid);
  const ps = spawnSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' });
  const text = ps.status === 0 ? ps.stdout.trim() : '';
  return text === '' || text.startsWith('Z') ? null : text.replace(/^\S+\s+/, '');
}

function linuxIdentity(pid: number): string | null {
  const stat = readOrNull(`/proc/${pid}/stat`);
  if (stat === null) return null;
  // The command name stands in parentheses and may hold spaces; the fields behind it are plain.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const state = fields[0];
  const startTicks = fields[19];
  if (state === 'Z' || state === 'X' || startTicks === undefined) return null;
  return `${readOrNull('/proc/sys/kernel/random/boot_id')?.trim() ?? ''}:${startTicks}`;
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ESRCH')) return null;
    throw cause;
  }
}

/**
 * Pids whose working directory is `dir`: PostgreSQL's postmaster and backends stand in their data directory. Linux
 * only; elsewhere empty.
 */
export function processesIn(dir: string): number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && workingDirectoryOf(pid) === dir && processIdentity(pid) !== null);
}

function workingDirectoryOf(pid: number): string | null {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return null; // ended meanwhile, or another user's: in both cases not a server of ours
  }
}

/** Waits until `isDone`, looking every 20 ms. @returns false when `timeoutMs` passed first */
export async function waitUntil(isDone: () => boolean, timeoutMs: number): Promise<boolean> {
  const endAt = performance.now() + timeoutMs;
  while (!isDone()) {
    if (performance.now() > endAt) return false;
    await sleep(20);
  }
  return true;
}

/** Sends a signal to a process that may be gone already. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ESRCH')) throw cause;
  }
}

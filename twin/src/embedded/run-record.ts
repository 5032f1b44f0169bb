import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { type Static, Type } from 'typebox';
import { Check } from 'typebox/value';
import { processIdentity, signalProcess, waitUntil } from './process-identity.ts';
import { DataDirInUseError, DataDirNotUsableError } from './server-errors.ts';

const Process = Type.Object({ pid: Type.Integer({ minimum: 1 }), identity: Type.String() });
type Process = Static<typeof Process>;
/** Who runs a server on a folder: the process that started it, and the server itself once it is there. */
const RunRecord = Type.Object({ owner: Process, server: Type.Union([Process, Type.Null()]) });
type RunRecord = Static<typeof RunRecord>;

export type Claim = { recordServer: (pid: number) => void; release: () => void };

const isRunning = (entry: Process) => processIdentity(entry.pid) === entry.identity;

function describe(pid: number): Process {
  return { pid, identity: processIdentity(pid) ?? 'ended' };
}

function readRecord({ dir, file }: { dir: string; file: string }): RunRecord | null {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return Check(RunRecord, value) ? value : null;
  } catch (cause) {
    if (cause instanceof SyntaxError) return null; // torn write of a process that was killed
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null;
    throw new DataDirNotUsableError({ dir, reason: cause instanceof Error ? cause.message : 'unreadable', cause });
  }
}

/**
 * Makes this process the one that may run a server on `dir`. A server whose starter was killed lives on as an
 * orphan: it is stopped first, by `orphanSignals` in turn.
 * @throws DataDirInUseError while the process that started a server there is alive
 * @throws DataDirNotUsableError where nothing can be written
 */
export async function claimFolder(options: {
  dir: string;
  file: string;
  orphanSignals: readonly NodeJS.Signals[];
  onOrphan(pid: number): void;
}): Promise<Claim> {
  const before = readRecord(options);
  if (before !== null) await settlePrevious(before, options);
  const record: RunRecord = { owner: describe(process.pid), server: null };
  try {
    rmSync(options.file, { force: true });
    writeFileSync(options.file, JSON.stringify(record), { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause)) throw cause;
    if (cause.code !== 'EEXIST') throw new DataDirNotUsableError({ dir: options.dir, reason: cause.message, cause });
    throw new DataDirInUseError({ dir: options.dir, pid: readRecord(options)?.owner.pid ?? 0 });
  }
  return {
    recordServer(pid) {
      writeFileSync(`${options.file}.new`, JSON.stringify({ ...record, server: describe(pid) }), { mode: 0o600 });
      renameSync(`${options.file}.new`, options.file);
    },
    release: () => rmSync(options.file, { force: true }),
  };
}

async function settlePrevious(before: RunRecord, options: Parameters<typeof claimFolder>[0]): Promise<void> {
  const { owner, server } = before;
  const ownerRuns = isRunning(owner);
  if (ownerRuns && owner.pid !== process.pid) throw new DataDirInUseError({ dir: options.dir, pid: owner.pid });
  if (server === null || !isRunning(server)) return;
  if (ownerRuns) throw new DataDirInUseError({ dir: options.dir, pid: server.pid });
  options.onOrphan(server.pid);
  for (const signal of options.orphanSignals) {
    signalProcess(server.pid, signal);
    if (await waitUntil(() => !isRunning(server), 20_000)) return;
  }
  throw new DataDirInUseError({ dir: options.dir, pid: server.pid });
}

import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Type } from 'typebox';
import { Check } from 'typebox/value';
import type { Log } from '../log.ts';
import { processesIn, processIdentity, signalProcess, waitUntil } from './process-identity.ts';
import { DataDirDamagedError, DataDirInUseError, DataDirNotUsableError, PostgresStartError } from './server-errors.ts';
import { handOver, type ServerUser } from './server-user.ts';

export const SUPERUSER = 'postgres';
/** Environment of all PostgreSQL programs: English messages, so that they can be recognised; no PG* variables of ours. */
export const POSTGRES_ENV = { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8', TZ: 'UTC' } as const;

/** Text is compared byte by byte: ids are most of what is compared, and every library's collation is several times slower. */
const CODE_POINT_ORDER = ['--no-locale', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];

/** Passwords of the cluster, in a file of mode 0600 beside its folder. */
export type ClusterSecrets = { superuserPassword: string; password: string };
const ClusterSecrets = Type.Object({ superuserPassword: Type.String({ minLength: 16 }), password: Type.String({ minLength: 16 }) });

export type ClusterContext = { native: string; dir: string; user: ServerUser | null; log: Log };

const identityOf = (user: ServerUser | null) => (user === null ? {} : { uid: user.uid, gid: user.gid });
export const secretsFile = (dir: string) => `${dir}.secrets.json`;

/** Makes the cluster in `dir` unless it is there, by initdb or as a copy of a stopped one. */
export function ensureCluster(context: ClusterContext, options: { durable: boolean; copyOf?: string }): ClusterSecrets {
  const { dir } = context;
  removeUnfinished(dir);
  if (!existsSync(dir) || readdirSync(dir).length === 0) {
    if (options.copyOf !== undefined) return copyCluster(context, options.copyOf);
    return initialiseCluster(context, options.durable);
  }
  if (!existsSync(join(dir, 'PG_VERSION'))) {
    throw new DataDirDamagedError({ dir, reason: 'PG_VERSION is missing' });
  }
  const major = readFileSync(join(dir, 'PG_VERSION'), 'utf8').trim();
  if (!/^\d{1,3}$/.test(major)) throw new DataDirDamagedError({ dir, reason: 'PG_VERSION holds no version' });
  const ours = majorOf(context.native);
  if (major !== ours) {
    throw new DataDirNotUsableError({ dir, reason: `it was made by PostgreSQL ${major}, this is ${ours}` });
  }
  return readSecrets(dir) ?? resetSecrets(context);
}

/** `postgres (PostgreSQL) 18.4` -> `18`. */
function majorOf(native: string): string {
  const { stdout, stderr } = spawnSync(join(native, 'bin', 'postgres'), ['--version'], { encoding: 'utf8', env: POSTGRES_ENV, cwd: '/' });
  const version = /\(PostgreSQL\) (\d+)/.exec(stdout ?? '')?.[1];
  if (version === undefined)
    throw new PostgresStartError({ reason: `its program does not run here: ${(stderr ?? '').trim().split('\n')[0]}` });
  return version;
}

function newSecrets(): ClusterSecrets {
  return { superuserPassword: randomBytes(24).toString('base64url'), password: randomBytes(24).toString('base64url') };
}

/** @returns null when there are none that can be read */
export function readSecrets(dir: string): ClusterSecrets | null {
  try {
    const value: unknown = JSON.parse(readFileSync(secretsFile(dir), 'utf8'));
    return Check(ClusterSecrets, value) ? value : null;
  } catch (cause) {
    if (cause instanceof SyntaxError) return null;
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null;
    throw cause;
  }
}

function writeSecrets(dir: string, secrets: ClusterSecrets): ClusterSecrets {
  writeFileSync(`${secretsFile(dir)}.new`, JSON.stringify(secrets), { mode: 0o600 });
  renameSync(`${secretsFile(dir)}.new`, secretsFile(dir));
  return secrets;
}

/** An initdb that was killed leaves a half cluster that looks whole, so it works beside the final name. */
const unfinishedName = (dir: string) => `${basename(dir)}.making-`;

function removeUnfinished(dir: string): void {
  for (const name of readdirSync(dirname(dir))) {
    if (name.startsWith(unfinishedName(dir))) rmSync(join(dirname(dir), name), { recursive: true, force: true });
  }
}

function initialiseCluster(context: ClusterContext, durable: boolean): ClusterSecrets {
  const { native, dir, user } = context;
  const making = join(dirname(dir), `${unfinishedName(dir)}${process.pid}`);
  const passwordFile = `${making}.pw`;
  const secrets = newSecrets();
  mkdirSync(making, { mode: 0o700 });
  handOver(making, user);
  writeFileSync(passwordFile, secrets.superuserPassword, { mode: 0o600 });
  handOver(passwordFile, user);
  const args = ['-D', making, '-U', SUPERUSER, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '-E', 'UTF8', ...CODE_POINT_ORDER];
  if (!durable) args.push('--no-sync');
  const run = spawnSync(join(native, 'bin', 'initdb'), args, { ...identityOf(user), env: POSTGRES_ENV, encoding: 'utf8', cwd: '/' });
  rmSync(passwordFile, { force: true });
  if (run.status !== 0) {
    rmSync(making, { recursive: true, force: true });
    const said = `${run.stderr ?? ''}${run.error?.message ?? ''}`.trim().split('\n').at(-1);
    throw new PostgresStartError({ reason: `initdb: ${said}` });
  }
  return publishCluster(dir, making, secrets);
}

function copyCluster(context: ClusterContext, source: string): ClusterSecrets {
  const making = join(dirname(context.dir), `${unfinishedName(context.dir)}${process.pid}`);
  const secrets = readSecrets(source);
  if (secrets === null) throw new PostgresStartError({ reason: `${source} is no cluster to copy` });
  cpSync(source, making, { recursive: true });
  const run =
    context.user === null ? null : spawnSync('chown', ['-R', `${context.user.uid}:${context.user.gid}`, making], { encoding: 'utf8' });
  if (run !== null && run.status !== 0) throw new PostgresStartError({ reason: `chown: ${run.stderr.trim()}` });
  return publishCluster(context.dir, making, secrets);
}

/** The secrets are on disk before the cluster they open appears under its name. */
function publishCluster(dir: string, making: string, secrets: ClusterSecrets): ClusterSecrets {
  writeSecrets(dir, secrets);
  rmSync(dir, { recursive: true, force: true }); // empty, or absent
  renameSync(making, dir);
  return secrets;
}

/** The secrets file was lost: the owner of the folder may set new passwords in single-user mode. */
function resetSecrets(context: ClusterContext): ClusterSecrets {
  const { native, dir, user, log } = context;
  const secrets = newSecrets();
  const run = spawnSync(join(native, 'bin', 'postgres'), ['--single', '-D', dir, SUPERUSER], {
    ...identityOf(user),
    env: POSTGRES_ENV,
    encoding: 'utf8',
    cwd: '/',
    input: `alter role ${SUPERUSER} password '${secrets.superuserPassword}'\n`,
  });
  if (run.status !== 0) throw startFailure(dir, run.stderr.trim().split('\n'));
  log.warn({ dir }, 'the password file of the database was missing; new passwords were set');
  return writeSecrets(dir, secrets);
}

/**
 * Clears what a killed postmaster left: waits for its backends to end, and removes a lock file whose pid now belongs
 * to another process, which PostgreSQL itself would take for a running server.
 * @throws DataDirInUseError when a server that is not ours to stop runs on the folder
 */
export async function clearLeftovers({ dir, log }: ClusterContext): Promise<void> {
  const lockFile = join(dir, 'postmaster.pid');
  if (!existsSync(lockFile)) return;
  const pid = Number.parseInt(readFileSync(lockFile, 'utf8'), 10);
  const inside = processesIn(dir);
  if (inside.includes(pid)) throw new DataDirInUseError({ dir, pid });
  if (!(await waitUntil(() => processesIn(dir).length === 0, 10_000))) {
    for (const backend of processesIn(dir)) signalProcess(backend, 'SIGKILL');
    await waitUntil(() => processesIn(dir).length === 0, 5_000);
  }
  const holder = Number.isInteger(pid) ? processIdentity(pid) : null;
  if (process.platform !== 'linux' && holder !== null) throw new DataDirInUseError({ dir, pid });
  rmSync(lockFile, { force: true });
  log.info({ dir, serverPid: pid }, 'removed the lock file of a database server that was killed');
}

const DAMAGE = [
  /pg_control/,
  /could not locate a valid checkpoint record/,
  /could not locate required checkpoint record/,
  /invalid (primary )?checkpoint record/,
  /incorrect checksum in control file/,
  /database files are incompatible/,
  /pg_filenode\.map/,
  /is not a valid data directory/,
  /required WAL directory/,
  /could not open file "(base|global|pg_)/,
  /could not open directory "(base|global|pg_)/,
  /could not access the server configuration file/,
  /could not load .*pg_hba\.conf/,
  /configuration file .* contains errors/,
  /invalid page in block/,
  /page verification failed/,
  /invalid data in file "postmaster\.pid"|PANIC:/,
];

/** What the last lines of a server that did not come up mean. */
export function startFailure(dir: string, output: readonly string[]): Error {
  const serious = output.find((line) => /(PANIC|FATAL|ERROR):/.test(line)) ?? output.at(-1) ?? 'it wrote nothing';
  const reason = serious.replace(/^.*?(PANIC|FATAL|ERROR):\s*/, '').slice(0, 300);
  const isFull = output.some((line) => /No space left on device/.test(line));
  const isDamage = !isFull && output.some((line) => DAMAGE.some((pattern) => pattern.test(line)) && /(PANIC|FATAL|could not)/.test(line));
  return isDamage ? new DataDirDamagedError({ dir, reason }) : new PostgresStartError({ reason });
}

import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { Log } from '../log.ts';
import { cacheFolder } from './cache-folder.ts';
import { makeFolder } from './make-folder.ts';
import { NatsServerMissingError } from './server-errors.ts';

const run = promisify(execFile);
const PROGRAM = 'nats-server';

/**
 * A nats-server that runs here: `NATS_SERVER_BIN`, the PATH (and the folders for servers, which an ordinary user's PATH
 * lacks), what an earlier start fetched, or the distribution's package unpacked into the cache, which needs no root.
 * @throws NatsServerMissingError
 */
export async function findNatsServer(options: { env: NodeJS.ProcessEnv; log: Log }): Promise<string> {
  const { env, log } = options;
  const given = env['NATS_SERVER_BIN'];
  if (given !== undefined && given !== '') {
    if (await answers(given)) return given;
    throw new NatsServerMissingError({ reason: `NATS_SERVER_BIN=${given} does not run` });
  }
  const folders = [...(env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin', '/usr/local/bin'];
  for (const folder of folders) {
    if (folder !== '' && (await answers(join(folder, PROGRAM)))) return join(folder, PROGRAM);
  }
  const cached = join(cacheFolder(`nats-server-${process.platform}-${process.arch}`), PROGRAM);
  if (await answers(cached)) return cached;
  await fetchFromDistribution(cached, log);
  return cached;
}

async function answers(program: string): Promise<boolean> {
  try {
    accessSync(program, constants.X_OK);
    const { stdout } = await run(program, ['--version'], { timeout: 10_000 });
    return stdout.includes(PROGRAM);
  } catch {
    return false; // not there, not executable, or for another machine: the next place is tried
  }
}

async function fetchFromDistribution(target: string, log: Log): Promise<void> {
  if (process.platform !== 'linux' || !existsSync('/usr/bin/apt-get')) {
    throw new NatsServerMissingError({ reason: 'not on the PATH, and no apt-get to fetch it with' });
  }
  log.info('nats-server is not installed: fetching the package of the distribution, once');
  const work = mkdtempSync(join(tmpdir(), 'corridor-nats-'));
  try {
    const archive = await downloadPackage(work);
    await run('dpkg-deb', ['-x', archive, join(work, 'tree')]);
    const program = ['usr/sbin', 'usr/bin'].map((folder) => join(work, 'tree', folder, PROGRAM)).find((path) => existsSync(path));
    if (program === undefined) throw new Error(`the package holds no ${PROGRAM}`);
    await run('cp', [program, `${target}.${process.pid}`]); // the temporary folder may be on another file system
    renameSync(`${target}.${process.pid}`, target);
  } catch (cause) {
    const reason = (cause instanceof Error ? cause.message : 'unknown').split('\n').filter(Boolean).at(-1);
    throw new NatsServerMissingError({ reason: `not on the PATH, and apt could not fetch it: ${reason}`, cause });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** With the system's package lists where they serve, else with lists of its own, which any user may fetch. */
async function downloadPackage(work: string): Promise<string> {
  const apt = (args: string[]) => run('apt-get', args, { cwd: work, timeout: 180_000, env: { PATH: process.env['PATH'], LC_ALL: 'C' } });
  try {
    await apt(['-q', '-o', 'APT::Sandbox::User=', 'download', PROGRAM]);
  } catch {
    const own = join(work, 'apt');
    for (const folder of ['state/lists/partial', 'cache/archives/partial']) makeFolder(join(own, folder));
    const ownFolders = [
      ['Dir::State', join(own, 'state')],
      ['Dir::State::lists', join(own, 'state', 'lists')],
      ['Dir::Cache', join(own, 'cache')],
      ['APT::Sandbox::User', ''],
      ['Debug::NoLocking', 'true'],
    ].flatMap(([name, value]) => ['-o', `${name}=${value}`]);
    await apt(['-q', ...ownFolders, 'update']);
    await apt(['-q', ...ownFolders, 'download', PROGRAM]);
  }
  const archive = readdirSync(work).find((name) => name.endsWith('.deb'));
  if (archive === undefined) throw new Error('apt-get download wrote no file');
  return join(work, archive);
}

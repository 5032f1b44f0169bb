import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '@corridor/testkit/temporary-folder';
import { clusterTemplate } from '@corridor/testkit/test-postgres';
import { freePort } from '@corridor/twin/embedded/free-port';
import { startPostgres } from '@corridor/twin/embedded/postgres';
import { silentLog } from '@corridor/twin/log';
import { describe, expect, it } from 'vitest';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));
const isRoot = process.getuid?.() === 0;

async function start(env: NodeJS.ProcessEnv, args: readonly string[] = []): Promise<{ code: number | null; lines: string[] }> {
  const child = spawn(process.execPath, [main, ...args], {
    env: { ...process.env, DATABASE_URL: '', NATS_URL: '', NATS_KEYS: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  await once(child, 'close');
  return { code: child.exitCode, lines: output.trim().split('\n') };
}

const portOf = (server: Server) => {
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
};

describe('npm start', () => {
  it('says in one line that its port is in use', async () => {
    using folder = temporaryFolder();
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const port = portOf(taken);
    expect(await start({ DATA_DIR: folder.path, PORT: String(port) })).toEqual({
      code: 1,
      lines: [`Port ${port} for HTTP is in use: stop what listens there or choose another port.`],
    });
    taken.close();
  });

  it('tells what can be set, and starts nothing for what it does not know', async () => {
    using folder = temporaryFolder();
    const DATA_DIR = join(folder.path, 'data');
    const help = await start({ DATA_DIR }, ['--help']);
    expect([help.code, help.lines[0]]).toEqual([0, 'Usage: npm start -- [options]']);
    for (const name of ['PORT', 'DATA_DIR', 'SPEED', 'PAYMENT_TOP_UP_MAX_FEN'])
      expect(help.lines.filter((text) => new RegExp(`^  ${name} +\\S`).test(text))).toHaveLength(1);
    expect(await start({ DATA_DIR }, ['--port', '8081'])).toEqual({ code: 1, lines: ["error: unknown option '--port'"] });
    const { code, lines } = await start({ DATA_DIR }, ['now']);
    expect([code, lines[0]]).toEqual([1, expect.stringContaining('too many arguments')]);
    expect(existsSync(DATA_DIR)).toBe(false);
  });

  it('says in one line what is wrong with a setting', async () => {
    expect(await start({ PORT: 'eight' })).toEqual({ code: 1, lines: ['PORT=eight: must be a number from 1 to 65535'] });
  });

  it('says in one line that its data folder cannot be made', async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, 'file');
    writeFileSync(file, '');
    const places = [join(file, 'data'), ...(process.platform === 'linux' ? ['/proc/nowhere/data'] : [])];
    for (const place of places) {
      const { code, lines } = await start({ DATA_DIR: place });
      expect([code, lines]).toEqual([
        1,
        [expect.stringMatching(/^The data folder \S+ cannot be made \(.+\): choose another one with DATA_DIR\.$/)],
      ]);
    }
  });

  it('says in one line that the version file of its database is damaged', async () => {
    using folder = temporaryFolder();
    mkdirSync(join(folder.path, 'postgres'));
    writeFileSync(join(folder.path, 'postgres', 'PG_VERSION'), Buffer.from([0, 7, 0x1b, 0x9b, 10, 255]));
    const { code, lines } = await start({ DATA_DIR: folder.path, PORT: String(await freePort()) });
    expect([code, lines.at(-1)]).toEqual([1, expect.stringMatching(/^The database in \S+ is damaged \(PG_VERSION holds no version\): /)]);
  });

  it.runIf(isRoot)('begins anew when its data folder under a closed home was removed, and names the database of before', async () => {
    using home = temporaryFolder();
    chmodSync(home.path, 0o700);
    const data = join(home.path, '.data');
    const before = await startPostgres({ dir: join(data, 'postgres'), log: silentLog(), durable: false, copyOf: await clusterTemplate() });
    const kept = [before.dir];
    await before.stop();
    rmSync(data, { recursive: true });
    try {
      // Ends after the database was started, for want of keys.
      const { code, lines } = await start({ DATA_DIR: data, NATS_URL: 'nats://127.0.0.1:1', PORT: String(await freePort()) });
      expect([code, lines.at(-1)]).toEqual([1, expect.stringContaining('NATS_KEYS must name the file')]);
      const dir = /cannot reach .+: the database is kept in (\S+)\.$/m.exec(lines.join('\n'))?.[1];
      if (dir !== undefined) kept.push(dir);
      expect(new Set(kept).size).toBe(2);
      expect(lines).toContain(`Begun anew, because the data folder names no database; an earlier one is left in ${before.dir}.`);
    } finally {
      for (const dir of kept) rmSync(join(dir, '..'), { recursive: true, force: true });
    }
  });
});

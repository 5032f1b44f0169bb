import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EXIT_CONFIG, SupervisedChild } from './supervised-child.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'supervised-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** Writes a program; each start of it appends a line to `starts`. */
function program(body: string): string {
  const file = join(dir, 'program.mjs');
  writeFileSync(
    file,
    `import { appendFileSync } from 'node:fs';\nappendFileSync(${JSON.stringify(join(dir, 'starts'))}, process.pid + '\\n');\n${body}\n`,
  );
  return file;
}
const startsOf = (): number[] => readFileSync(join(dir, 'starts'), 'utf8').trim().split('\n').map(Number);

function supervise(script: string, saysUp = false) {
  const restarted = Promise.withResolvers<string>();
  const givenUp = Promise.withResolvers<string>();
  const child = new SupervisedChild({
    name: 'test',
    script,
    args: [],
    env: process.env,
    logFile: join(dir, 'log'),
    saysUp,
    onRestart: restarted.resolve,
    onGivenUp: givenUp.resolve,
  });
  child.start();
  return { child, restarted: restarted.promise, givenUp: givenUp.promise };
}

describe('SupervisedChild', () => {
  it('starts a child again when it dies', async () => {
    const { child, restarted } = supervise(program('if (process.argv.length < 9) process.exit(3);'));
    expect(await restarted).toContain('exit code 3');
    await child.stop();
    expect(startsOf().length).toBeGreaterThan(0);
  });

  it('gives up a child whose configuration is at fault, with the line it said', async () => {
    const { child, givenUp } = supervise(
      program(`console.error('{"level":30}'); console.error('set it right'); process.exit(${EXIT_CONFIG});`),
    );
    expect(await givenUp).toBe('set it right');
    expect(startsOf()).toHaveLength(1);
    await child.stop();
  });

  it('gives up a child that says what is wrong before it was ever up', async () => {
    const { child, givenUp } = supervise(program("console.error('the database is away'); process.exit(70);"), true);
    expect(await givenUp).toBe('the database is away');
    await child.stop();
  });

  it('gives up a child that never comes up, with the error that its log ends with', async () => {
    const { child, givenUp } = supervise(
      program(
        `console.error(JSON.stringify({ level: 60, err: { type: 'Error', message: 'no "table"\\nat x', stack: '…' } })); process.exit(70);`,
      ),
      true,
    );
    expect(await givenUp).toBe(`test cannot start (no "table"): see ${join(dir, 'log')}.`);
    expect(startsOf()).toHaveLength(4);
    await child.stop();
  });

  it('starts a child again that was up', async () => {
    const { child, restarted } = supervise(
      program("process.send({ type: 'up' }); console.error('the database went away'); setTimeout(() => process.exit(70), 20);"),
      true,
    );
    expect(await restarted).toContain('exit code 70');
    await child.stop();
  });

  it('lets no child outlive a parent that is killed', async () => {
    const childFile = program(
      "process.once('disconnect', () => process.exit(0)); setInterval(() => {}, 1000); process.send({ type: 'up' });",
    );
    const module = fileURLToPath(new URL('./supervised-child.ts', import.meta.url));
    const parentFile = join(dir, 'parent.mjs');
    const options = { name: 'c', script: childFile, args: [], logFile: join(dir, 'log'), saysUp: true };
    writeFileSync(
      parentFile,
      `import { SupervisedChild } from ${JSON.stringify(module)};
       import { watch } from 'node:fs';
       new SupervisedChild({ ...${JSON.stringify(options)}, env: process.env, onRestart() {}, onGivenUp() {} }).start();
       setInterval(() => {}, 1000);
       const ready = () => { try { process.getBuiltinModule('node:fs').readFileSync(${JSON.stringify(join(dir, 'starts'))}); console.log('up'); } catch { setImmediate(ready); } };
       ready();`,
    );
    const parent = spawn(process.execPath, [parentFile], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(parent.stdout, 'data');
    const [pid = 0] = startsOf();
    parent.kill('SIGKILL');
    await once(parent, 'close');
    while (isRunning(pid)) await new Promise((resolve) => setImmediate(resolve));
    expect(isRunning(pid)).toBe(false);
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('npm start', () => {
  const main = fileURLToPath(new URL('./main.ts', import.meta.url));
  const run = async (env: NodeJS.ProcessEnv) => {
    const child = spawn(process.execPath, [main], {
      env: { ...process.env, DATA_DIR: join(dir, 'data'), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    await once(child, 'close');
    return { code: child.exitCode, lines: output.trim().split('\n') };
  };

  it('says in one line that its port is in use', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const address = taken.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    expect(await run({ PORT: String(port) })).toEqual({
      code: 1,
      lines: [`Port ${port} for HTTP is in use: stop what listens there or choose another port.`],
    });
    taken.close();
  });

  it('says in one line what is wrong with a setting', async () => {
    expect(await run({ PORT: 'eight' })).toEqual({ code: 1, lines: ['PORT=eight: must be a number from 1 to 65535'] });
  });

  it('says in one line that its data folder cannot be made', async () => {
    writeFileSync(join(dir, 'file'), '');
    const { code, lines } = await run({ DATA_DIR: join(dir, 'file', 'data') });
    expect([code, lines.length]).toEqual([1, 1]);
    expect(lines[0]).toContain('choose another one with DATA_DIR');
  });
});

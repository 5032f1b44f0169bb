import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from '@corridor/testkit/until';
import { processIdentity } from '@corridor/twin/embedded/process-identity';
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

  it('kills a child that does not hear, with what that started', async () => {
    const script = program(
      `import { spawn } from 'node:child_process';
       process.on('SIGTERM', () => {});
       setInterval(() => {}, 1000);
       const inner = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
       inner.once('spawn', () => { appendFileSync(${JSON.stringify(join(dir, 'starts'))}, inner.pid + '\\n'); });`,
    );
    const { child } = supervise(script);
    const both = await until('both run', 60_000, async () =>
      existsSync(join(dir, 'starts')) && startsOf().length === 2 ? startsOf() : null,
    );
    child.kill();
    await until('both have ended', 60_000, async () => (both.every((pid) => processIdentity(pid) === null) ? true : null));
    await child.stop();
    expect(startsOf()).toEqual(both);
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
       new SupervisedChild({ ...${JSON.stringify(options)}, env: process.env, onRestart() {}, onGivenUp() {} }).start();
       setInterval(() => {}, 1000);
       import { existsSync, readFileSync } from 'node:fs';
       const starts = ${JSON.stringify(join(dir, 'starts'))};
       // The file is there before the line in it is.
       const isThere = () => existsSync(starts) && readFileSync(starts, 'utf8').endsWith('\\n');
       const looking = setInterval(() => { if (isThere()) { clearInterval(looking); console.log('up'); } }, 20);`,
    );
    const parent = spawn(process.execPath, [parentFile], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(parent.stdout, 'data');
    const [pid = 0] = startsOf();
    parent.kill('SIGKILL');
    await once(parent, 'close');
    // Ended: whoever takes over orphans may leave it as a zombie.
    await until('the child has ended', 60_000, async () => (processIdentity(pid) === null ? true : null));
    expect(processIdentity(pid)).toBeNull();
  });
});

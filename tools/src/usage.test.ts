import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

function run(path: string, args: readonly string[]): Promise<{ code: number | null; out: string; problem: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [path, ...args], { cwd: ROOT }, (_, out, problem) =>
      resolve({ code: child.exitCode, out, problem }),
    );
  });
}

// Exit code of what nobody knows: 1 is a finding of those that compare.
it.each([
  ['tools/src/verify/main.ts', 2],
  ['recompute/src/main.ts', 2],
  ['simulator/src/simulate/main.ts', 2],
  ['tools/src/generate.ts', 1],
  ['tools/src/smoke.ts', 1],
] as const)('%s tells how it is used, and does nothing for what it does not know', async (path, code) => {
  const help = await run(path, ['--help']);
  expect([help.code, help.out]).toEqual([0, expect.stringMatching(/^Usage: /)]);
  const other = await run(path, ['--what-is-this']);
  expect([other.code, other.out]).toEqual([code, '']);
  expect(other.problem).toMatch(/^(error: unknown option '--what-is-this'|Usage: )/);
});

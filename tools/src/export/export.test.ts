import { execFile, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSwapHistory } from '@corridor/simulator/calibration/swap-history';
import { temporaryFolder } from '@corridor/testkit/temporary-folder';
import { parse } from 'csv-parse/sync';
import { expect, it } from 'vitest';
import { startBookedMonth } from '../verify/booked-month.fixture.ts';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));
const SPAN = ['--from', '2026-11-24', '--to', '2027-02-01'];

it('exports a journal that hledger checks, a table, a bundle, and swaps that calibration reads', { timeout: 240_000 }, async ({
  annotate,
}) => {
  await using month = await startBookedMonth({ deeds: 120, seed: 5, settled: true });
  using folder = temporaryFolder();
  const pathOf = (name: string) => join(folder.path, name);
  const run = (...args: string[]) =>
    new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
      const env = { ...process.env, DATABASE_URL: '', DATA_DIR: dirname(month.postgres.dir), NODE_ENV: 'test' };
      const child = execFile(process.execPath, [MAIN, ...args], { env }, (_, out, err) => resolve({ code: child.exitCode, out, err }));
    });
  const exported = async (format: string, name: string, ...rest: string[]) => {
    expect(await run('--format', format, ...SPAN, '--out', pathOf(name), ...rest)).toMatchObject({ code: 0, err: '' });
    return readFileSync(pathOf(name), 'utf8');
  };
  const all = await exported('hledger', 'all.journal');
  const own = await exported('hledger', 'own.journal', '--principal', 'C1');
  const rows = parse(await exported('csv', 'all.csv'), { columns: true }) as { amountFen: string; amountYuan: string; at: string }[];
  expect(JSON.parse(await exported('bundle', 'bundle.json', '--principal', 'C1'))).toMatchObject({ principalId: 'C1' });

  const swapsOfDatabase = await month.database.pool.query<{ n: bigint }>(
    "select count(*) as n from swap where ended_at is not null and began_at >= '2026-11-24T00:00:00+08:00'",
  );
  await exported('swaps', 'swaps.csv');
  const swaps = readSwapHistory(pathOf('swaps.csv'), null);
  expect(swaps.filter(({ serviceMs }) => serviceMs !== null).length).toBe(Number(swapsOfDatabase.rows[0]?.n));
  expect(swaps.length).toBeGreaterThan(5);

  const booked = await month.database.pool.query<{ n: bigint; fen: bigint }>(
    "select count(*) as n, sum(amount_fen)::bigint as fen from transfer where at >= '2026-11-24T00:00:00+08:00'",
  );
  expect(rows.length).toBe(Number(booked.rows[0]?.n));
  expect(rows.length).toBeGreaterThan(20);
  expect(rows.reduce((sum, { amountFen }) => sum + BigInt(amountFen), 0n)).toBe(booked.rows[0]?.fen);
  expect(all.match(/^\d{4}-\d{2}-\d{2} \* \(/gm)?.length).toBe(rows.length);
  expect(all).toContain('Balances before');
  expect(own.length).toBeLessThan(all.length);

  expect(await run('--format', 'bundle', ...SPAN, '--out', pathOf('x'))).toMatchObject({
    code: 1,
    err: expect.stringContaining('one party'),
  });
  expect(await run('--format', 'csv', ...SPAN, '--principal', 'XX', '--out', pathOf('x'))).toMatchObject({
    code: 1,
    err: 'There is no principal XX.\n',
  });

  if (spawnSync('hledger', ['--version']).status !== 0) {
    await annotate('hledger is not installed: the journal is not checked by it (apt-get install hledger)');
    return;
  }
  for (const name of ['all.journal', 'own.journal']) {
    const check = spawnSync('hledger', ['check', '--strict', '-f', pathOf(name)], { encoding: 'utf8' });
    expect({ name, status: check.status, err: check.stderr }).toEqual({ name, status: 0, err: '' });
  }
  // The assertions are there for something: a journal in which one entry is missing is refused.
  const broken = all.replace(/\n\d{4}-\d\d-\d\d \* \(\d+\) SWAP_EXPENSE[^]*?\n(?=\n)/, '');
  expect(broken.length).toBeLessThan(all.length);
  writeFileSync(pathOf('broken.journal'), broken);
  expect(spawnSync('hledger', ['check', '-f', pathOf('broken.journal')]).status).not.toBe(0);
});

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@corridor/testkit/temporary-folder';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ExportedTransfer } from './exported-transfers.ts';
import { hledgerJournal, journalAccount } from './hledger-journal.ts';

const FROM_MS = Date.parse('2026-11-22T00:00:00+08:00');
const SCOPE = { platformId: 'PF', principalId: null, from: '2026-11-21T16:00:00.000Z', until: '2027-02-01T00:00:00.000Z' };
const ACCOUNTS = [
  { id: 'RAIL_sandbox', principalId: null, kind: 'RAIL' },
  { id: 'C1_prepaid', principalId: 'C1', kind: 'PREPAID' },
  { id: 'C1_held', principalId: 'C1', kind: 'HELD' },
  { id: 'PF_clearing', principalId: 'PF', kind: 'CLEARING' },
  { id: 'SO1_income', principalId: 'SO1', kind: 'INCOME' },
] as const;
const index = fc.nat(ACCOUNTS.length - 1);
/** Texts of others may hold what means something in a journal. */
const odd = fc.oneof(fc.string({ maxLength: 20 }), fc.constantFrom('O-1; assets:x  1.00 CNY', 'a\n2026-01-01 * b', '|', '订单'));
const drawn = fc.record({
  opening: fc.array(fc.bigInt(-(10n ** 15n), 10n ** 15n), { minLength: ACCOUNTS.length, maxLength: ACCOUNTS.length }),
  moves: fc.array(
    fc.record({ from: index, to: index, amountFen: fc.bigInt(1n, 10n ** 14n), minutes: fc.nat(4_000), key: odd, orderId: fc.option(odd) }),
    { maxLength: 40 },
  ),
});
interface Drawn {
  opening: bigint[];
  moves: { from: number; to: number; amountFen: bigint; minutes: number; key: string; orderId: string | null }[];
}

// oxlint-disable-next-line typescript/require-await
async function* oneByOne<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

/** A journal of transfers that were drawn, with the balances that they leave. */
async function journalOf({ opening, moves }: Drawn): Promise<{ text: string; entries: number; closing: readonly bigint[] }> {
  const closing = [...opening];
  let atMs = FROM_MS;
  const transfers = moves
    .filter(({ from, to }) => from !== to)
    .map(({ from, to, amountFen, minutes, key, orderId }, no): ExportedTransfer => {
      closing[from] = (closing[from] ?? 0n) - amountFen;
      closing[to] = (closing[to] ?? 0n) + amountFen;
      atMs += minutes * 60_000;
      const accounts = { debitAccountId: ACCOUNTS[from]?.id ?? '', creditAccountId: ACCOUNTS[to]?.id ?? '' };
      return { no: BigInt(no), at: new Date(atMs), kind: 'CORRECTION', key, ...accounts, amountFen, orderId };
    });
  const names = new Map<string, string>(ACCOUNTS.map((account) => [account.id, journalAccount(account)]));
  const accounts = ACCOUNTS.map((account, at) => ({ ...account, openingFen: opening[at] ?? 0n, closingFen: closing[at] ?? 0n }));
  let text = '';
  for await (const part of hledgerJournal(SCOPE, names, accounts, oneByOne(transfers))) text += part;
  return { text, entries: transfers.length, closing };
}

const fenOf = (yuan: string): bigint => BigInt(yuan.replace('.', ''));

/** Reads a journal as hledger does, as far as ours go: entries with their postings, and the balances that are asserted. */
function read(text: string): { entries: bigint[][]; balances: Map<string, bigint>; asserted: Map<string, bigint> } {
  const entries: bigint[][] = [];
  const balances = new Map<string, bigint>();
  const asserted = new Map<string, bigint>();
  for (const line of text.split('\n')) {
    if (/^\d{4}-\d\d-\d\d \* /.test(line)) entries.push([]);
    const [, account, amount, balance] = /^ {4}([^\s;]\S*) {2}(-?\d+\.\d\d) CNY(?: = (-?\d+\.\d\d) CNY)?$/.exec(line) ?? [];
    if (account === undefined || amount === undefined) continue;
    entries.at(-1)?.push(fenOf(amount));
    balances.set(account, (balances.get(account) ?? 0n) + fenOf(amount));
    if (balance !== undefined) asserted.set(account, fenOf(balance));
  }
  return { entries, balances, asserted };
}

it('balances every entry, and ends where the ledger does, whatever texts and amounts it is given', async () => {
  await fc.assert(
    fc.asyncProperty(drawn, async (given) => {
      const { text, entries: booked, closing } = await journalOf(given);
      const { entries, balances, asserted } = read(text);
      const openings = given.opening.some((fen) => fen !== 0n) ? 1 : 0;
      expect(entries).toHaveLength(booked + openings + 1);
      for (const postings of entries) expect(postings.reduce((sum, fen) => sum + fen, 0n)).toBe(0n);
      // hledger counts debits as positive.
      const expected = ACCOUNTS.map((account, at) => [journalAccount(account), 0n - (closing[at] ?? 0n)] as const);
      expect([...asserted]).toEqual(expected);
      for (const [account, fen] of expected) expect(balances.get(account) ?? 0n).toBe(fen);
    }),
    { numRuns: 60 },
  );
});

it('is accepted by hledger itself, where that is installed', async ({ annotate }) => {
  if (spawnSync('hledger', ['--version']).status !== 0) {
    await annotate('hledger is not installed: the journals are not checked by it (apt-get install hledger)');
    return;
  }
  using folder = temporaryFolder();
  for (const given of fc.sample(drawn, { numRuns: 4, seed: 20_261_122 })) {
    const path = join(folder.path, 'drawn.journal');
    writeFileSync(path, (await journalOf(given)).text);
    const { status, stderr } = spawnSync('hledger', ['check', '--strict', '-f', path], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  }
});

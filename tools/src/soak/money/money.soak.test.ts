import { fen } from '@corridor/actors/ledger/fen';
import { Prng } from '@corridor/actors/time/prng';
import { describe, expect, it } from 'vitest';
import { billFindings } from './bill-findings.ts';
import { MarketBooks } from './market-books.ts';
import { MarketRun, SWAP_ENDS } from './market-run.ts';
import { OwnerDues } from './owner-dues.ts';
import { randomMarket } from './random-market.ts';

const SEEDS = Array.from({ length: 20 }, (_, index) => 41_000 + index);
const SWAPS_OF_MARKET = 120;

const runOf = (seed: number) => {
  const random = new Prng(seed);
  return new MarketRun(randomMarket(random.fork('market')), random.fork('run'));
};

describe('a random market', () => {
  it.each(SEEDS)('seed %i keeps every fen', (seed) => {
    const run = runOf(seed);
    expect(run.run(SWAPS_OF_MARKET)).toEqual([]);
    expect(SWAP_ENDS.reduce((sum, end) => sum + run.ends[end], 0)).toBe(SWAPS_OF_MARKET);
  });

  it('meets every end of a swap in the fixed seeds together', () => {
    const met = new Set(
      SEEDS.flatMap((seed) => {
        const run = runOf(seed);
        run.run(SWAPS_OF_MARKET);
        return SWAP_ENDS.filter((end) => run.ends[end] > 0);
      }),
    );
    expect([...met].sort()).toEqual([...SWAP_ENDS].sort());
  });
});

describe('the checks of the soak find', () => {
  it('a transfer that no account decided', () => {
    const books = new MarketBooks(new Prng(1), 'PF');
    books.topUp('C1', fen(10_000n));
    books.check();
    expect(books.findings).toEqual([]);
    books.post([
      { key: 'stray', kind: 'CORRECTION', debitAccountId: 'C1_prepaid', creditAccountId: 'BO1_income', amountFen: fen(1n), orderId: null },
    ]);
    books.check();
    expect(books.findings).toEqual(["C1_prepaid has 9999 fen, its principal's books say 10000"]);
  });

  it('a bill and shares that miss a fen', () => {
    const bill = { payableFen: fen(1n), packageDraw: null, energyOutWh: 0, energyInWh: 0, lines: [], shares: [] };
    expect(billFindings('O1', bill)).toHaveLength(3);
  });

  it('an owner who is not paid for what was drawn', () => {
    const dues = new OwnerDues();
    const lots = [{ energyWh: 1_000, period: 'FLAT', priceNanoYuanPerKwh: 0n, stationId: 'ST1', source: 'GRID' } as const];
    dues.drawn('C1', { ownerId: 'BO1', rentNanoYuanPerKwh: 300_000_000n }, lots);
    expect(dues.findings(() => false)).toEqual(['rent BO1: paid 0 fen, due 30 fen over 0 lines']);
  });
});

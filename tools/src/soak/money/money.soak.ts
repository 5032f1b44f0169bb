import { Prng } from '@corridor/actors/time/prng';
import type { Soak } from '../soak.ts';
import { MarketRun } from './market-run.ts';
import { randomMarket } from './random-market.ts';
import { Tally } from './tally.ts';

const SWAPS = 1_000_000;
const SWAPS_OF_MARKET = 2_000;
const FINDINGS_MAX = 20;
const SAY_EVERY = 50_000;

/** 1,000,000 swaps, or as many as the minutes allow. */
export const moneySoak: Soak = {
  name: 'money',
  about:
    'a million random swaps through rating, accounts, clearing, corrections, settlement and ledger, each month computed again: 0 fen off',
  run({ seed, minutes, say }) {
    const random = new Prng(seed);
    const wanted = minutes === null ? SWAPS : Number.POSITIVE_INFINITY;
    const endsAtMs = minutes === null ? Number.POSITIVE_INFINITY : performance.now() + minutes * 60_000;
    const findings: string[] = [];
    const tally = new Tally();
    let swaps = 0;
    while (swaps < wanted && performance.now() < endsAtMs && findings.length < FINDINGS_MAX) {
      const market = `market:${swaps / SWAPS_OF_MARKET}`;
      const run = new MarketRun(randomMarket(random.fork(market)), random.fork(`${market}:run`));
      findings.push(...run.run(SWAPS_OF_MARKET).map((finding) => `${market}: ${finding}`));
      swaps += SWAPS_OF_MARKET;
      tally.add(run.tally);
      tally.count('request or transfer twice', run.books.redelivered);
      if (swaps % SAY_EVERY === 0) say(`${swaps} swaps, ${findings.length} findings`);
    }
    say(`${swaps} swaps: ${tally.text()}`);
    return Promise.resolve(findings.slice(0, FINDINGS_MAX));
  },
};

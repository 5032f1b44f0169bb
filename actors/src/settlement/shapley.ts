import { assert } from '@corridor/protocols/assert';
import type { Prng } from '../time/prng.ts';

/** Worth of a coalition, given as bits of its players; of nobody 0. */
export type CoalitionValue = (players: number) => bigint;

/** Up to so many players every coalition is looked at; above, orders of arrival are drawn. */
export const EXACT_PLAYERS_MAX = 12;
export const PLAYERS_MAX = 30;
export const SAMPLED_ORDERS = 2_000;

/**
 * Shapley value of each player, times one factor for all, so that it stays whole: weights to split a pool by. Exact for 12
 * players or fewer; for more, the mean over drawn orders of arrival, each with its reverse, the same for the same generator.
 */
export function shapleyWeights(players: number, valueOf: CoalitionValue, prng: Prng): bigint[] {
  assert(Number.isInteger(players) && players >= 0 && players <= PLAYERS_MAX, `${players} players`);
  assert(valueOf(0) === 0n, `nobody is worth ${valueOf(0)}`);
  return players <= EXACT_PLAYERS_MAX ? exactWeights(players, valueOf) : sampledWeights(players, valueOf, prng);
}

/** Sum over coalitions of |S|! (n - |S| - 1)! x what the player adds to S. */
function exactWeights(players: number, valueOf: CoalitionValue): bigint[] {
  const factorials = [1n];
  for (let n = 1; n <= players; n += 1) factorials.push(BigInt(n) * (factorials[n - 1] ?? 1n));
  const values = Array.from({ length: 1 << players }, (_, coalition) => valueOf(coalition));
  const weights = Array.from({ length: players }, () => 0n);
  for (const [coalition, value] of values.entries()) {
    const size = bitsIn(coalition);
    const ways = (factorials[size] ?? 0n) * (factorials[players - size - 1] ?? 0n);
    for (let player = 0; player < players; player += 1) {
      if ((coalition & (1 << player)) !== 0) continue;
      const added = (values[coalition | (1 << player)] ?? 0n) - value;
      weights[player] = (weights[player] ?? 0n) + ways * added;
    }
  }
  return weights;
}

function sampledWeights(players: number, valueOf: CoalitionValue, prng: Prng): bigint[] {
  const weights = Array.from({ length: players }, () => 0n);
  for (let drawn = 0; drawn < SAMPLED_ORDERS; drawn += 1) {
    const order = shuffled(players, prng);
    for (const arrivals of [order, order.toReversed()]) {
      let coalition = 0;
      let before = 0n;
      for (const player of arrivals) {
        coalition |= 1 << player;
        const value = valueOf(coalition);
        weights[player] = (weights[player] ?? 0n) + value - before;
        before = value;
      }
    }
  }
  return weights;
}

function shuffled(players: number, prng: Prng): number[] {
  const order = Array.from({ length: players }, (_, index) => index);
  for (let last = players - 1; last > 0; last -= 1) {
    const other = prng.integer(0, last);
    [order[last], order[other]] = [order[other] ?? 0, order[last] ?? 0];
  }
  return order;
}

function bitsIn(coalition: number): number {
  let bits = 0;
  for (let rest = coalition; rest !== 0; rest &= rest - 1) bits += 1;
  return bits;
}

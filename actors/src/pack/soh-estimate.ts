import type { PackRest } from './rest-scan.ts';

/** How the estimate is made; a changed method has a name of its own. */
export const SOH_METHODS = ['REST_PAIRS_ML'] as const;
export type SohMethod = (typeof SOH_METHODS)[number];

export interface SohEstimate {
  readonly method: SohMethod;
  readonly sohPercent: number;
  /** Ends of the interval of 95 %. */
  readonly lowPercent: number;
  readonly highPercent: number;
  /** Pairs of rests that it rests on. */
  readonly pairs: number;
}

/** Packs with less or more of their nominal content are not believed. */
const SEARCH_RATIO = { from: 0.3, until: 1.3, steps: 200 };
/** 95 % of a chi-squared distribution with one degree of freedom. */
const CHI_SQUARED_95 = 3.841;
const BISECTIONS = 40;

/**
 * Capacity from energy and states of charge between rests, by maximum likelihood. Both have errors, as in the weighted total least squares
 * of G. Plett, "Recursive approximate weighted total least squares estimation of battery cell total capacity", J. Power Sources 196
 * (2011) 2319; unlike there, two pairs that share a rest share its error. The interval is that of the likelihood ratio, wider where the
 * pairs contradict each other by more than their errors explain. It covers chance only: not a curve of voltage that is another cell's,
 * nor an efficiency that is off.
 * @param rests in the order of their time
 * @returns null when they do not tell the capacity
 */
export function estimateSoh(rests: readonly PackRest[], nominalWh: number): SohEstimate | null {
  const chains = chainsOf(rests);
  const pairs = chains.reduce((sum, chain) => sum + chain.length - 1, 0);
  if (pairs === 0) return null;
  const lossAt = (ratio: number) => chains.reduce((sum, chain) => sum + lossOf(chain, ratio * nominalWh).loss, 0);
  const stepRatio = (SEARCH_RATIO.until - SEARCH_RATIO.from) / SEARCH_RATIO.steps;
  const grid = Array.from({ length: SEARCH_RATIO.steps + 1 }, (_, step) => SEARCH_RATIO.from + step * stepRatio);
  const nearest = grid.reduce((best, ratio) => (lossAt(ratio) < lossAt(best) ? ratio : best));
  const best = lowestBetween(lossAt, nearest - stepRatio, nearest + stepRatio);
  const misfit = chains.reduce((sum, chain) => sum + lossOf(chain, best * nominalWh).chiSquared, 0);
  const allowed = lossAt(best) + CHI_SQUARED_95 * Math.max(1, pairs > 1 ? misfit / (pairs - 1) : 1);
  if (lossAt(SEARCH_RATIO.from) <= allowed || lossAt(SEARCH_RATIO.until) <= allowed) return null;
  return {
    method: 'REST_PAIRS_ML',
    sohPercent: best * 100,
    lowPercent: crossing(lossAt, allowed, { inside: best, outside: SEARCH_RATIO.from }) * 100,
    highPercent: crossing(lossAt, allowed, { inside: best, outside: SEARCH_RATIO.until }) * 100,
    pairs,
  };
}

/** Rests with known energy between them; only the first of a chain may lack it. */
function chainsOf(rests: readonly PackRest[]): PackRest[][] {
  const chains: PackRest[][] = [];
  for (const rest of rests) {
    const chain = chains.at(-1);
    if (rest.energyWh === null || chain === undefined) chains.push([rest]);
    else chain.push(rest);
  }
  return chains.filter((chain) => chain.length > 1);
}

/**
 * Minus twice the logarithm of the likelihood of a chain. Residuals of pairs next to each other correlate through the rest between them, so
 * their covariance is tridiagonal: it is decomposed on the way (Cholesky, L D Lᵀ).
 */
function lossOf(chain: readonly PackRest[], capacityWh: number): { loss: number; chiSquared: number } {
  let [chiSquared, logDeterminant] = [0, 0];
  let before: { variance: number; residual: number } | null = null;
  for (let index = 1; index < chain.length; index += 1) {
    const [from, to] = [chain[index - 1], chain[index]];
    if (from === undefined || to?.energyWh == null) continue;
    const [fromSigmaWh, toSigmaWh] = [from, to].map(({ sigmaPercent }) => (sigmaPercent / 100) * capacityWh) as [number, number];
    let variance = to.energySigmaWh ** 2 + fromSigmaWh ** 2 + toSigmaWh ** 2;
    let residual = to.energyWh - ((to.socPercent - from.socPercent) / 100) * capacityWh;
    if (before !== null) {
      const shared = -(fromSigmaWh ** 2) / before.variance;
      variance -= shared ** 2 * before.variance;
      residual -= shared * before.residual;
    }
    chiSquared += residual ** 2 / variance;
    logDeterminant += Math.log(variance);
    before = { variance, residual };
  }
  return { loss: chiSquared + logDeterminant, chiSquared };
}

/** By ternary search, which needs no derivative. */
function lowestBetween(lossAt: (ratio: number) => number, low: number, high: number): number {
  let [from, until] = [low, high];
  for (let round = 0; round < BISECTIONS; round += 1) {
    const third = (until - from) / 3;
    if (lossAt(from + third) < lossAt(until - third)) until -= third;
    else from += third;
  }
  return (from + until) / 2;
}

function crossing(lossAt: (ratio: number) => number, allowed: number, { inside, outside }: { inside: number; outside: number }): number {
  let [within, beyond] = [inside, outside];
  for (let round = 0; round < BISECTIONS; round += 1) {
    const middle = (within + beyond) / 2;
    if (lossAt(middle) <= allowed) within = middle;
    else beyond = middle;
  }
  return (within + beyond) / 2;
}

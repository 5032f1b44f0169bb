import type { Component } from '@corridor/protocols/agreement/component';
import type { PartnerRule, ShareBase } from '@corridor/protocols/agreement/settlement-agreement';
import { kwhText, priceText, yuanText } from '../ledger/decimal-text.ts';
import { type Fen, fen } from '../ledger/fen.ts';
import { basisPointsOf, energyFeeFen, splitByLargestRemainder, sumFen } from '../ledger/fen-arithmetic.ts';
import { Prng } from '../time/prng.ts';
import { type JourneySwap, journeyValue } from './journey-value.ts';
import { shapleyWeights } from './shapley.ts';

/** What a principal earned at one order, as secondary clearing sees it. */
export interface EarnedOrder extends JourneySwap {
  readonly orderId: string;
  /** Net share [fen]. */
  readonly netFen: bigint;
  /** Own lines by component [fen]. */
  readonly grossFen: Readonly<Partial<Record<Component, bigint>>>;
  /** Energy of PV lots, issued less returned, by the station that charged it [Wh]. */
  readonly pvWh: Readonly<Record<string, bigint>>;
}

/** Part of a principal's share that goes to a partner. */
export interface PartnerSplit {
  /** Place of its rule in the agreement, from 1. */
  readonly ruleNo: number;
  readonly kind: PartnerRule['kind'];
  readonly partnerId: string;
  /** Signed: negative is paid by the partner. */
  readonly amountFen: Fen;
  /** The calculation, to be done again by hand. */
  readonly derivation: string;
}

/**
 * Secondary clearing of one principal at the end of a period: each rule once over the whole period, rounded once. What is kept
 * is the rest, so that splits and the kept part sum to the share, to the fen.
 * A split of nothing is none: it would give its partner a statement, and that one, which shares back, one to the principal, for ever.
 * @param seed of the draws of a Shapley rule with many players: the same for the same statement
 */
export function secondarySplits(rules: readonly PartnerRule[], orders: readonly EarnedOrder[], seed: number): PartnerSplit[] {
  return rules.flatMap((rule, index) => splitsOf(rule, index + 1, orders, seed)).filter(({ amountFen }) => amountFen !== 0n);
}

function splitsOf(rule: PartnerRule, ruleNo: number, orders: readonly EarnedOrder[], seed: number): PartnerSplit[] {
  switch (rule.kind) {
    case 'PV_OWNER':
      return [{ ruleNo, kind: rule.kind, partnerId: rule.partnerId, ...pvSplit(rule, orders) }];
    case 'SITE_OWNER':
      return [{ ruleNo, kind: rule.kind, partnerId: rule.partnerId, ...shareSplit({ ...rule, base: 'SERVICE' }, orders) }];
    case 'REVENUE_SHARE':
      return [{ ruleNo, kind: rule.kind, partnerId: rule.partnerId, ...shareSplit(rule, orders) }];
    case 'SHAPLEY':
      return shapleySplits(rule, orders, new Prng(seed).fork(`rule-${ruleNo}`)).map((split) => ({ ruleNo, kind: rule.kind, ...split }));
  }
}

type RuleOf<K extends PartnerRule['kind']> = Extract<PartnerRule, { kind: K }>;
type Derived = Pick<PartnerSplit, 'amountFen' | 'derivation'>;

function pvSplit({ stationIds, priceNanoYuanPerKwh }: RuleOf<'PV_OWNER'>, orders: readonly EarnedOrder[]): Derived {
  let energyWh = 0n;
  for (const { pvWh } of orders) {
    for (const [stationId, lotWh] of Object.entries(pvWh)) if (stationIds?.includes(stationId) ?? true) energyWh += lotWh;
  }
  const price = BigInt(priceNanoYuanPerKwh);
  const amountFen = energyFeeFen(energyWh, price);
  return { amountFen, derivation: `${kwhText(energyWh)} kWh of PV lots x ${priceText(price)} yuan/kWh = ${yuanText(amountFen)} yuan` };
}

function shareSplit(
  { stationIds, base, basisPoints }: { stationIds?: string[]; base: ShareBase; basisPoints: number },
  orders: readonly EarnedOrder[],
): Derived {
  const baseFen = baseOf(
    base,
    orders.filter(({ stationId }) => stationIds?.includes(stationId) ?? true),
  );
  const amountFen = basisPointsOf(baseFen, basisPoints);
  return { amountFen, derivation: `${basisPoints / 100} % of ${base} ${yuanText(baseFen)} = ${yuanText(amountFen)} yuan` };
}

function shapleySplits(
  { base, basisPoints, players: named }: RuleOf<'SHAPLEY'>,
  orders: readonly EarnedOrder[],
  prng: Prng,
): Pick<PartnerSplit, 'partnerId' | 'amountFen' | 'derivation'>[] {
  const players = eachOnce(named);
  const ofPlayers = new Set(players.flatMap(({ stationIds }) => stationIds));
  const passing = orders.filter(({ stationId }) => ofPlayers.has(stationId));
  const baseFen = baseOf(base, passing);
  const value = journeyValue(
    players.map(({ stationIds }) => stationIds),
    passing,
  );
  const weights = shapleyWeights(players.length, value, prng);
  const whole = weights.reduce((sum, weight) => sum + weight, 0n);
  // Journeys worth nothing leave nothing to share by.
  const poolFen = whole === 0n ? fen(0n) : basisPointsOf(baseFen, basisPoints);
  const parts = splitByLargestRemainder(poolFen, weights);
  return players.map(({ partnerId }, player) => ({
    partnerId,
    amountFen: fen(parts[player] ?? 0n),
    derivation: `Shapley weight ${weights[player] ?? 0n} of ${whole}, of a pool of ${basisPoints / 100} % of ${base} ${yuanText(baseFen)} = ${yuanText(poolFen)} yuan`,
  }));
}

/** Who is named twice, as in agreements approved before that was refused, is one player with all its stations: it has one split of a rule. */
function eachOnce(players: RuleOf<'SHAPLEY'>['players']): RuleOf<'SHAPLEY'>['players'] {
  const byPartner = Map.groupBy(players, ({ partnerId }) => partnerId);
  return [...byPartner].map(([partnerId, same]) => ({ partnerId, stationIds: [...new Set(same.flatMap(({ stationIds }) => stationIds))] }));
}

function baseOf(base: ShareBase, orders: readonly EarnedOrder[]): Fen {
  let sum = 0n;
  for (const { netFen, grossFen } of orders) {
    if (base === 'NET') sum += netFen;
    else if (base === 'GROSS') for (const amount of Object.values(grossFen)) sum += amount;
    else sum += grossFen[base] ?? 0n;
  }
  return fen(sum);
}

/** What the principal keeps of its share. */
export const keptFen = (shareFen: Fen, splits: readonly PartnerSplit[]): Fen =>
  fen(shareFen - sumFen(splits.map(({ amountFen }) => amountFen)));

import { NO_DRAFTS, trialOf } from '@corridor/actors/rerate/draft-reference';
import { rerateOrder } from '@corridor/actors/rerate/rerate-order';
import { type RerateRow, RerateTotals } from '@corridor/actors/rerate/rerate-totals';
import type { Prng } from '@corridor/actors/time/prng';
import type { BilledSwap } from './market-bundle.ts';
import { randomBatteryRate, randomContract, randomStationRate, randomTariff } from './random-agreements.ts';
import { MARKET_YEAR, type Market } from './random-market.ts';
import type { Tally } from './tally.ts';

type Drafts = typeof NO_DRAFTS;

/** Past swaps under what was in force: nothing changes for anybody. Under drafts: what carriers pay more, others get. */
export function rerateFindings(market: Market, swaps: readonly BilledSwap[], random: Prng, tally: Tally): string[] {
  const same = rerated(market, swaps, NO_DRAFTS);
  const moved = same.rows().filter(({ beforeFen, afterFen }) => beforeFen !== afterFen);
  const found = moved.map(
    ({ kind, id, beforeFen, afterFen }) => `rated again as it was, ${kind} ${id} has ${afterFen} of ${beforeFen} fen`,
  );
  for (const { kind, reason, count } of same.leftOut()) found.push(`rated again as it was, ${count} of ${kind} left out: ${reason}`);
  const tried = rerated(market, swaps, randomDrafts(market, random));
  const refused = tried.leftOut().reduce((sum, { count }) => sum + count, 0);
  tally.count('rated again under drafts', tried.orders);
  tally.count('rated again and refused', refused);
  if (tried.orders + refused !== swaps.length) found.push(`of ${swaps.length} swaps ${tried.orders} are rated again, ${refused} refused`);
  return [...found, ...sumFindings(tried.rows())];
}

function rerated(market: Market, swaps: readonly BilledSwap[], drafts: Drafts): RerateTotals {
  const totals = new RerateTotals();
  const trial = trialOf(market.reference, drafts);
  for (const { orderId, truckId, basis, bill } of swaps) {
    const operatorId = bill.shares.find(({ role }) => role === 'STATION_OPERATOR')?.principalId;
    const result = rerateOrder(trial, basis, operatorId);
    if (!result.ok) {
      totals.leaveOut('SWAP', result.reason);
      continue;
    }
    const { stationId, carrierId } = basis;
    totals.add({ orderId, stationId, truckId, carrierId, payableFen: bill.payableFen, nets: bill.shares }, result.bill);
  }
  return totals;
}

/** Parties together gain nothing; by station and by truck it is what carriers pay. */
function sumFindings(rows: readonly RerateRow[]): string[] {
  const sum = (kind: RerateRow['kind'], of: 'beforeFen' | 'afterFen') =>
    rows.reduce((total, row) => (row.kind === kind ? total + row[of] : total), 0n);
  return (['beforeFen', 'afterFen'] as const).flatMap((of) => {
    const found: string[] = [];
    if (sum('PARTY', of) !== 0n) found.push(`parties together have ${sum('PARTY', of)} fen of a re-rating, ${of}`);
    if (sum('STATION', of) !== sum('TRUCK', of)) found.push(`stations and trucks differ in a re-rating, ${of}`);
    const paidFen = rows.reduce((total, row) => (row.kind === 'PARTY' && /^C\d+$/.test(row.id) ? total - row[of] : total), 0n);
    if (paidFen !== sum('TRUCK', of)) found.push(`carriers pay ${paidFen} fen in a re-rating, their trucks ${sum('TRUCK', of)}, ${of}`);
    return found;
  });
}

/** Some of each kind of agreement with other terms. */
function randomDrafts(market: Market, random: Prng): Drafts {
  const { carrierIds, stationIds, ownerIds, earnerIds } = market;
  const some = <T>(all: readonly T[]) => all.filter(() => random.chance(0.5));
  const allianceIds = ['AL-ALL'];
  const parties = { platformId: market.platformId, operatorIds: earnerIds, ownerIds, stationIds, allianceIds };
  const effectiveFrom = `${MARKET_YEAR}-01-01`;
  return {
    contracts: some(carrierIds).map((carrierId) =>
      randomContract(random, parties, {
        id: `DR-${carrierId}`,
        carrierId,
        year: MARKET_YEAR,
        validFrom: effectiveFrom,
        validUntil: effectiveFrom,
      }),
    ),
    tariffs: some(['HEBEI_SOUTH', 'SHANXI'] as const).map((gridRegion) =>
      randomTariff(random, { id: `DR-${gridRegion}`, gridRegion, effectiveFrom }),
    ),
    stationRates: some(stationIds).map((stationId) => randomStationRate(random, { id: `DR-${stationId}`, stationId, effectiveFrom })),
    batteryRates: some(ownerIds).map((ownerId) => randomBatteryRate(random, { id: `DR-${ownerId}`, ownerId, effectiveFrom })),
  };
}

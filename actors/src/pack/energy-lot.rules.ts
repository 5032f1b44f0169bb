import { violated } from '@corridor/protocols/assert';
import { splitNumbersByLargestRemainder } from '../ledger/fen-arithmetic.ts';
import type { PvPricing } from '../tariff/pv-price.ts';
import type { PricedPeriod } from '../tariff/time-of-use.ts';
import type { EnergyLot } from './energy-lot.ts';

/** What tells one lot from another: all but its energy. */
export type LotOrigin = Omit<EnergyLot, 'energyWh'>;

export function lotsEnergyWh(lots: readonly EnergyLot[]): number {
  let sumWh = 0;
  for (const { energyWh } of lots) sumWh += energyWh;
  return sumWh;
}

/** Field by field: packs carry a dozen lots and more, and all of them are made anew several times a swap. */
function withEnergy({ period, priceNanoYuanPerKwh, stationId, source, pvRateId }: LotOrigin, energyWh: number): EnergyLot {
  const lot = { energyWh, period, priceNanoYuanPerKwh, stationId, source };
  return pvRateId === undefined ? lot : { ...lot, pvRateId };
}

/** The lots with other energies; those without any are dropped. */
function withEnergies(lots: readonly EnergyLot[], energiesWh: readonly number[]): EnergyLot[] {
  const some: EnergyLot[] = [];
  for (let index = 0; index < lots.length; index += 1) {
    const lot = lots[index];
    const energyWh = energiesWh[index];
    if (lot !== undefined && energyWh !== undefined && energyWh > 0) some.push(lot.energyWh === energyWh ? lot : withEnergy(lot, energyWh));
  }
  return some;
}

const sameOrigin = (a: LotOrigin, b: LotOrigin) =>
  a.period === b.period &&
  a.priceNanoYuanPerKwh === b.priceNanoYuanPerKwh &&
  a.stationId === b.stationId &&
  a.source === b.source &&
  a.pvRateId === b.pvRateId;

function indexOfOrigin(lots: readonly EnergyLot[], origin: LotOrigin): number {
  for (let index = 0; index < lots.length; index += 1) {
    const lot = lots[index];
    if (lot !== undefined && sameOrigin(lot, origin)) return index;
  }
  return -1;
}

/**
 * Lots with others added, each joined with the lot of the same origin, so that a pack carries few lots for ever.
 * @throws InvariantError on energy that is not a whole number of Wh >= 0
 */
export function addLots(lots: readonly EnergyLot[], added: readonly EnergyLot[]): EnergyLot[] {
  const joined = [...lots];
  for (const lot of added) {
    const { energyWh } = lot;
    if (!(Number.isSafeInteger(energyWh) && energyWh >= 0)) violated(`lot of ${energyWh} Wh`);
    if (energyWh === 0) continue;
    const index = indexOfOrigin(joined, lot);
    const same = joined[index];
    if (same === undefined) joined.push(lot);
    else joined[index] = withEnergy(same, same.energyWh + energyWh);
  }
  return joined;
}

export const addLot = (lots: readonly EnergyLot[], added: EnergyLot): EnergyLot[] => addLots(lots, [added]);

/**
 * Lots in proportion to what they were, summing exactly to an energy (largest remainder); empty ones are dropped.
 * Discharge leaves this, and a measured content that differs from the books is spread by it.
 * @param energyWh integer >= 0   @param fallback origin of energy that no lot accounts for: of a pack without lots
 */
export function scaleLots(lots: readonly EnergyLot[], energyWh: number, fallback: LotOrigin): EnergyLot[] {
  if (!(Number.isSafeInteger(energyWh) && energyWh >= 0)) violated(`scale lots to ${energyWh} Wh`);
  if (energyWh === 0) return [];
  const wholeWh = lotsEnergyWh(lots);
  if (wholeWh === 0) return [withEnergy(fallback, energyWh)];
  // As the books have it: nothing to share out.
  if (wholeWh === energyWh) return lots.filter((lot) => lot.energyWh > 0);
  const parts = splitNumbersByLargestRemainder(
    energyWh,
    lots.map((lot) => lot.energyWh),
  );
  return withEnergies(lots, parts);
}

/** Takes energy out of lots in proportion. @param energyWh 0..their sum */
export function drawFromLots(lots: readonly EnergyLot[], energyWh: number): { left: EnergyLot[]; drawn: EnergyLot[] } {
  const whole = lotsEnergyWh(lots);
  if (!(Number.isSafeInteger(energyWh) && energyWh >= 0)) violated(`draw ${energyWh} Wh`);
  if (!(energyWh <= whole)) violated(`draw ${energyWh} Wh of ${whole}`);
  const parts = splitNumbersByLargestRemainder(
    energyWh,
    lots.map((lot) => lot.energyWh),
  );
  const left = withEnergies(
    lots,
    lots.map((lot, index) => lot.energyWh - (parts[index] ?? 0)),
  );
  return { left, drawn: withEnergies(lots, parts) };
}

/** Part of a register difference that falls between two cuts. */
export interface EnergyPart {
  energyWh: number;
  fromMs: number;
  toMs: number;
}

/**
 * Splits a register difference over the tariff boundaries inside its interval in proportion to time.
 * `estimated` is true when there was a boundary: the gateway should have reported its register there, so the split is ours.
 * @param cutsMs ascending, strictly between fromMs and toMs
 */
export function splitByTime(reading: { energyWh: number; fromMs: number; toMs: number; cutsMs: readonly number[] }): {
  parts: EnergyPart[];
  estimated: boolean;
} {
  const { energyWh, fromMs, toMs, cutsMs } = reading;
  if (!(Number.isSafeInteger(energyWh) && energyWh >= 0)) violated(`register difference of ${energyWh} Wh`);
  if (!(fromMs <= toMs)) violated(`interval from ${fromMs} to ${toMs}`);
  if (cutsMs.length === 0) return { parts: [{ energyWh, fromMs, toMs }], estimated: false };
  const edges = [fromMs, ...cutsMs, toMs];
  const spans = edges.slice(1).map((edge, index) => {
    const start = edges[index] ?? fromMs;
    if (!(start < edge)) violated(`cut at ${edge} is not after ${start}`);
    return { fromMs: start, toMs: edge };
  });
  const energies = splitNumbersByLargestRemainder(
    energyWh,
    spans.map((span) => Math.round(span.toMs - span.fromMs)),
  );
  return { parts: spans.map((span, index) => ({ ...span, energyWh: energies[index] ?? 0 })), estimated: true };
}

/**
 * Lots of what a charger put into a pack between two reports of its registers, by period; each at the price of the instant at which it
 * was charged, PV energy too, which is also cut where its own price changes.
 * @param priceAt price at an instant; null: no tariff in force   @param cutsMs see `tariffCutsMs`
 * @returns null when a part has no price: energy without a price is not put into the books
 */
export function chargedLots(charge: {
  stationId: string;
  gridWh: number;
  pvWh: number;
  fromMs: number;
  toMs: number;
  cutsMs: readonly number[];
  priceAt: (atMs: number) => PricedPeriod | null;
  pv: PvPricing;
}): { lots: EnergyLot[]; estimated: boolean } | null {
  const { stationId, gridWh, pvWh, fromMs, toMs, cutsMs, pv } = charge;
  let lots: EnergyLot[] = [];
  let estimated = false;
  if (gridWh !== 0) {
    const grid = splitByTime({ energyWh: gridWh, fromMs, toMs, cutsMs });
    estimated = grid.estimated;
    for (const { energyWh, fromMs: atMs } of grid.parts) {
      const priced = charge.priceAt(atMs);
      if (priced === null) return null;
      const { period, priceNanoYuanPerKwh } = priced;
      lots = addLot(lots, { energyWh, period, priceNanoYuanPerKwh, stationId, source: 'GRID' });
    }
  }
  if (pvWh !== 0) {
    const ownCutsMs = [...new Set([...cutsMs, ...pv.cutsMs])].sort((one, other) => one - other);
    const own = splitByTime({ energyWh: pvWh, fromMs, toMs, cutsMs: ownCutsMs });
    estimated ||= own.estimated;
    for (const { energyWh, fromMs: atMs } of own.parts) {
      const priced = charge.priceAt(atMs);
      if (priced === null) return null;
      const price = pv.priceAt(atMs);
      const priceNanoYuanPerKwh = price?.nanoYuanPerKwh ?? priced.priceNanoYuanPerKwh;
      const lot = { energyWh, period: priced.period, priceNanoYuanPerKwh, stationId, source: 'PV' as const };
      lots = addLot(lots, price === null ? lot : { ...lot, pvRateId: price.rateId });
    }
  }
  return { lots, estimated };
}

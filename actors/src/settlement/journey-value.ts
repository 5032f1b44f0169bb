import { localDateOf } from '../tariff/local-time.ts';
import type { CoalitionValue } from './shapley.ts';

/** A swap, as far as its journey needs it. */
export interface JourneySwap {
  readonly truckId: string;
  readonly stationId: string;
  readonly atMs: number;
  /** Net energy, >= 0 counts. */
  readonly energyWh: bigint;
}

/**
 * Worth of stations together: a journey, all swaps of a truck on a local day, is worth its net energy to a coalition that has
 * all its stations among the players, and nothing to one that lacks a station of it, because the truck would not have come
 * through. Stations of nobody break no journey. Never less for a larger coalition, so that no weight is below zero.
 * @param players stations of each, in their order
 */
export function journeyValue(players: readonly (readonly string[])[], swaps: Iterable<JourneySwap>): CoalitionValue {
  const playerOf = new Map<string, number>();
  for (const [player, stations] of players.entries()) for (const station of stations) playerOf.set(station, player);
  const journeys = new Map<string, { needs: number; energyWh: bigint }>();
  for (const { truckId, stationId, atMs, energyWh } of swaps) {
    const player = playerOf.get(stationId);
    if (player === undefined || energyWh <= 0n) continue;
    const key = `${truckId} ${localDateOf(atMs)}`;
    const journey = journeys.get(key) ?? { needs: 0, energyWh: 0n };
    journeys.set(key, { needs: journey.needs | (1 << player), energyWh: journey.energyWh + energyWh });
  }
  const worth = new Map<number, bigint>();
  for (const { needs, energyWh } of journeys.values()) worth.set(needs, (worth.get(needs) ?? 0n) + energyWh);
  return (coalition) => {
    let value = 0n;
    for (const [needs, energyWh] of worth) if ((needs & coalition) === needs) value += energyWh;
    return value;
  };
}

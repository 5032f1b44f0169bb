import type { EventOf, PackPlace } from '../network/actor-event.ts';
import type { Effect, Emitted } from '../network/effect.ts';
import { clearAlarm, effect, raiseAlarm, tell } from '../network/outgoing.ts';
import type { Surroundings } from '../network/reference.ts';
import { packEnergyWh } from '../rating/pack-energy.ts';
import type { EnergyLot } from './energy-lot.ts';

export interface PackInput {
  id: string;
  place: PackPlace;
  socPercent: number;
  sohPercent: number;
  lots: readonly EnergyLot[];
  /** Frozen at issue; of a pack that starts on a truck, as if issued then. */
  rentNanoYuanPerKwh: bigint | null;
}

export interface PackContext {
  id: string;
  /** Custody: the one place where the books have the pack. */
  place: PackPlace;
  /** As last reported by something that money may rely on: a hand-over, a charger, an inventory, a crossing. */
  socPercent: number;
  sohPercent: number;
  lots: readonly EnergyLot[];
  rentNanoYuanPerKwh: bigint | null;
  /** Whose it was when it was issued: a pack that is sold on the road is the buyer's to earn by from its next issue. Absent or null: not issued. */
  rentOwnerId?: string | null;
  /** Registers of the charging transaction at its last report. */
  charge: { transactionId: string; gridWh: number; pvWh: number; atMs: number } | null;
  charging: boolean;
  /** Refilling since it was returned, to compare the meter with the bill. */
  refill: { orderId: string; contentAtReturnWh: number; meteredWh: number } | null;
  hotSinceMs: number | null;
  faultText: string | null;
  quarantine: string | null;
  /** A second place claims it: frozen until an operator says where it is. */
  disputedSinceMs: number | null;
  /** Another place than custody's says it holds the pack; not believed yet. */
  claim: PackPlace | null;
  /** Since when the alarm stands that only another place reports it; absent or null: it does not. */
  elsewhereSinceMs?: number | null;
  /**
   * When it was last known to come to a place, by whoever put it there; absent: before that was noted. That another pack came where it
   * was says only that it is gone (`TRANSFER`): it is then still the time of the place that it was at.
   */
  placedAtMs?: number;
  /** Its newest hand-overs, and the order that may bill each; absent: before that was noted. */
  handOvers?: readonly NotedHandOver[];
}

/** One movement of the pack in a swap. It is billed by one order at most, however many the swap has. */
export interface NotedHandOver {
  swapId: string;
  leg: 'IN' | 'OUT';
  orderId: string;
  billed: boolean;
}

type PackEvent = EventOf['pack'];
export type PackEventOf<T extends PackEvent['type']> = Extract<PackEvent, { type: T }>;

/** Packs older than this are not issued (end of life). */
export const MIN_ISSUE_SOH_PERCENT = 80;
/** Cells hotter than this are an alarm, and the pack is not issued. */
export const HOT_CELL_C = 55;

export const samePlace = (one: PackPlace | null, other: PackPlace | null) => one?.kind === other?.kind && one?.id === other?.id;

/** Texts that are kept at most; then they are forgotten and made anew. */
const SLOTS_MAX = 50_000;
const stationsOfSlots = new Map<string, string>();

/** `HH1-3` -> `HH1`; the same text each time, which is looked up at once where one put together anew is hashed first. */
export function stationOfSlot(slotId: string): string {
  const known = stationsOfSlots.get(slotId);
  if (known !== undefined) return known;
  if (stationsOfSlots.size >= SLOTS_MAX) stationsOfSlots.clear();
  const stationId = slotId.slice(0, slotId.lastIndexOf('-'));
  stationsOfSlots.set(slotId, stationId);
  return stationId;
}

export function nominalWhOf(packId: string, { reference }: Surroundings): number {
  const type = reference.packType(reference.pack(packId)?.typeCode ?? '');
  return type?.nominalWh ?? 0;
}

export function contentWhOf(context: PackContext, surroundings: Surroundings): number {
  const nominalWh = nominalWhOf(context.id, surroundings);
  return packEnergyWh({ socPercent: context.socPercent, sohPercent: context.sohPercent, nominalWh });
}

/** Charged, healthy, cool, undisputed and in a slot: may be given to a truck. */
export function isIssuable(context: PackContext, { reference }: Surroundings): boolean {
  if (context.place.kind !== 'SLOT' || context.quarantine !== null || context.disputedSinceMs !== null) return false;
  if (context.hotSinceMs !== null || context.faultText !== null) return false;
  const station = reference.station(stationOfSlot(context.place.id));
  return station !== undefined && context.socPercent >= station.targetSocPercent && context.sohPercent >= MIN_ISSUE_SOH_PERCENT;
}

/** Tells the slot that holds it what it is good for. */
export function condition(context: PackContext, surroundings: Surroundings): Emitted[] {
  const definition = surroundings.reference.pack(context.id);
  if (context.place.kind !== 'SLOT' || definition === undefined) return [];
  return [
    tell('slot', context.place.id, {
      type: 'slot.packCondition',
      atMs: surroundings.nowMs(),
      packId: context.id,
      issuable: isIssuable(context, surroundings),
      energyWh: contentWhOf(context, surroundings),
      socPercent: context.socPercent,
      sohPercent: context.sohPercent,
      ownerId: definition.ownerId,
      typeCode: definition.typeCode,
    }),
  ];
}

export const custodyMoved = (
  packId: string,
  place: PackPlace,
  cause: Extract<Effect, { type: 'custody.moved' }>['cause'],
  atMs: number,
  orderId: string | null = null,
): Emitted => effect({ type: 'custody.moved', atMs, packId, place, orderId, cause });

export const lotsChanged = (packId: string, lots: readonly EnergyLot[], atMs: number): Emitted =>
  effect({ type: 'lots.changed', atMs, packId, lots });

const heat = ({ id }: PackContext, sinceMs: number) => ({ code: 'PACK_HOT', scope: 'pack', scopeId: id, sinceMs }) as const;

/** @param value of the hottest cell at the crossing, °C */
export function temperatureCrossed(context: PackContext, value: number, atMs: number): Emitted[] {
  const isHot = value >= HOT_CELL_C;
  if (isHot && context.hotSinceMs === null) {
    return [raiseAlarm({ ...heat(context, atMs), level: 3, detail: `cells at ${value} °C`, args: { cellC: value } })];
  }
  if (!isHot && context.hotSinceMs !== null) return [clearAlarm(heat(context, context.hotSinceMs), atMs)];
  return [];
}

import type { SlotView } from '@corridor/protocols/http/scene';
import { slotIdOf } from '@corridor/protocols/ids';
import type { StationDefinition } from '@corridor/protocols/network-file';
import type { LiveFacts } from './live-facts.ts';
import type { Rights } from './rights.ts';

export function slotView(station: StationDefinition, evseId: number, live: LiveFacts): SlotView {
  const id = slotIdOf(station.id, evseId);
  const report = live.reports.slot.get(id)?.data;
  const packId = packInSlot(id, live);
  return {
    id,
    stationId: station.id,
    evseId,
    state: live.stateOf('slot', id),
    slotState: report?.slotState ?? null,
    chargingState: report?.chargingState ?? null,
    packId,
    socPercent: packId === null ? null : (live.reports.pack.get(packId)?.data.socPercent ?? null),
    powerW: report?.powerW ?? null,
    reservedFor: packId === null ? null : live.facts.orderReserving(station.id, packId),
  };
}

/** What stands there, by its custody, else as the station reports. */
export const packInSlot = (slotId: string, { facts, reports }: LiveFacts): string | null =>
  facts.packInSlot(slotId) ?? reports.slot.get(slotId)?.data.packId ?? null;

/** @returns null when the caller may not see the slot */
export const maskSlot = (view: SlotView, rights: Rights, live: LiveFacts): SlotView | null =>
  maySeeSlot(view, rights, live) ? view : null;

/** Whoever sees a slot sees all of it. */
export function maySeeSlot(slot: Pick<SlotView, 'stationId' | 'packId'>, rights: Rights, live: LiveFacts): boolean {
  switch (rights.kind) {
    case 'ALL':
      return true;
    case 'STATION_OPERATOR':
      return live.reference.station(slot.stationId)?.operatorId === rights.principalId;
    case 'BATTERY_OWNER':
      return slot.packId !== null && live.reference.pack(slot.packId)?.ownerId === rights.principalId;
    case 'CARRIER':
    case 'DRIVER':
    case 'PUBLIC':
      return false;
  }
}

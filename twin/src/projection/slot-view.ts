import type { SlotView } from '@corridor/protocols/http/scene';
import { slotIdOf } from '@corridor/protocols/ids';
import type { StationDefinition } from '@corridor/protocols/network-file';
import type { LiveFacts } from './live-facts.ts';
import type { Rights } from './rights.ts';

export function slotView(station: StationDefinition, evseId: number, live: LiveFacts): SlotView {
  const id = slotIdOf(station.id, evseId);
  const report = live.reports.slot.get(id)?.data;
  const packId = live.facts.packInSlot(id) ?? report?.packId ?? null;
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

/** @returns null when the caller may not see the slot */
export function maskSlot(view: SlotView, rights: Rights, live: LiveFacts): SlotView | null {
  switch (rights.kind) {
    case 'ALL':
      return view;
    case 'STATION_OPERATOR':
      return live.reference.station(view.stationId)?.operatorId === rights.principalId ? view : null;
    case 'BATTERY_OWNER':
      return view.packId !== null && live.reference.pack(view.packId)?.ownerId === rights.principalId ? view : null;
    case 'CARRIER':
    case 'DRIVER':
    case 'PUBLIC':
      return null;
  }
}

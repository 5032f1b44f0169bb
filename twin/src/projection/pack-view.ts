import type { PackView } from '@corridor/protocols/http/scene';
import type { PackDefinition } from '@corridor/protocols/network-file';
import type { LiveFacts } from './live-facts.ts';
import type { Rights } from './rights.ts';
import { stationAt } from './station-at.ts';
import { isOwnTruck } from './truck-view.ts';

export function packView(definition: PackDefinition, live: LiveFacts): PackView {
  const report = live.reports.pack.get(definition.id);
  return {
    id: definition.id,
    typeCode: definition.typeCode,
    ownerId: definition.ownerId,
    state: live.stateOf('pack', definition.id),
    location: live.facts.placeOf(definition.id) ?? definition.initial,
    socPercent: report?.data.socPercent ?? null,
    sohPercent: report?.data.sohPercent ?? null,
    energyWh: report?.data.energyWh ?? null,
    tempMaxC: report?.data.cellTmaxC ?? null,
    powerW: report?.data.powerW ?? null,
    voltageV: report?.data.voltageV ?? null,
    currentA: report?.data.currentA ?? null,
    cycles: report?.data.cycles ?? null,
    q: [...(report?.q ?? [])],
    updatedAt: report ? new Date(report.atMs).toISOString() : null,
  };
}

/** @returns null when the caller may not see the pack */
export function maskPack(view: PackView, rights: Rights, live: LiveFacts): PackView | null {
  switch (rights.kind) {
    case 'ALL':
      return view;
    case 'STATION_OPERATOR':
      return isAtStationOf(view, rights.principalId, live) ? view : null;
    case 'BATTERY_OWNER':
      return view.ownerId === rights.principalId ? view : null;
    case 'CARRIER':
    case 'DRIVER':
      return view.location.kind === 'TRUCK' && isOwnTruck(view.location.id, rights, live) ? asSeenFromTheCab(view) : null;
    case 'PUBLIC':
      return null;
  }
}

/** Whoever drives with a pack sees how full and how warm it is, and its faults; what it is worth is its owner's business. */
const asSeenFromTheCab = (view: PackView): PackView => ({
  ...view,
  sohPercent: null,
  energyWh: null,
  powerW: null,
  voltageV: null,
  currentA: null,
  cycles: null,
});

function isAtStationOf(view: PackView, operatorId: string, live: LiveFacts): boolean {
  if (view.location.kind !== 'SLOT' && view.location.kind !== 'TRANSFER') return false;
  return stationAt(view.location.id, live)?.operatorId === operatorId;
}

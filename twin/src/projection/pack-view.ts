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
    location: placeOfPack(definition, live),
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

export const placeOfPack = ({ id, initial }: PackDefinition, { facts }: LiveFacts): PackView['location'] => facts.placeOf(id) ?? initial;

/** @returns null when the caller may not see the pack */
export function maskPack(view: PackView, rights: Rights, live: LiveFacts): PackView | null {
  switch (sightOfPack(view, rights, live)) {
    case 'WHOLE':
      return view;
    case 'CAB':
      return asSeenFromTheCab(view);
    case 'NONE':
      return null;
  }
}

/** How much of a pack the caller sees, by whose it is and where. */
export function sightOfPack(
  { ownerId, location }: Pick<PackView, 'ownerId' | 'location'>,
  rights: Rights,
  live: LiveFacts,
): 'WHOLE' | 'CAB' | 'NONE' {
  switch (rights.kind) {
    case 'ALL':
      return 'WHOLE';
    case 'STATION_OPERATOR':
      return isAtStationOf(location, rights.principalId, live) ? 'WHOLE' : 'NONE';
    case 'BATTERY_OWNER':
      return ownerId === rights.principalId ? 'WHOLE' : 'NONE';
    case 'CARRIER':
    case 'DRIVER':
      return location.kind === 'TRUCK' && isOwnTruck(location.id, rights, live) ? 'CAB' : 'NONE';
    case 'PUBLIC':
      return 'NONE';
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

function isAtStationOf({ kind, id }: PackView['location'], operatorId: string, live: LiveFacts): boolean {
  if (kind !== 'SLOT' && kind !== 'TRANSFER') return false;
  return stationAt(id, live)?.operatorId === operatorId;
}

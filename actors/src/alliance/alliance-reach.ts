import type { Alliance } from '@corridor/protocols/network-file';

/** Stations that let each other's customers in, and the owners whose packs they exchange. */
export interface AllianceReach {
  readonly stationIds: ReadonlySet<string>;
  readonly packOwnerIds: ReadonlySet<string>;
}

type Find = (id: string) => Alliance | undefined;
const NOWHERE: AllianceReach = { stationIds: new Set(), packOwnerIds: new Set() };

/**
 * Where an alliance reaches. Stations are grouped freely: a station may be in any number of alliances. A union (`unionOf`) opens what its
 * members open, each to all; a sub-network (`withinId`) opens of its own only what the one around it opens too. An alliance that names
 * itself, over whatever steps, or one that is not there, adds nothing: nobody is let in by a mistake.
 */
export function allianceReach(alliance: Alliance, find: Find): AllianceReach {
  return reachOf(alliance, find, new Set());
}

function reachOf(alliance: Alliance, find: Find, above: ReadonlySet<string>): AllianceReach {
  if (above.has(alliance.id)) return NOWHERE;
  if (alliance.unionOf === undefined && alliance.withinId === undefined) return ownReachOf(alliance);
  const seen = new Set([...above, alliance.id]);
  const reachById = (id: string): AllianceReach => {
    const found = find(id);
    return found === undefined ? NOWHERE : reachOf(found, find, seen);
  };
  const members = (alliance.unionOf ?? []).map(reachById);
  const stationIds = new Set([...alliance.stationIds, ...members.flatMap((member) => [...member.stationIds])]);
  const packOwnerIds = new Set([...alliance.packOwnerIds, ...members.flatMap((member) => [...member.packOwnerIds])]);
  if (alliance.withinId === undefined) return { stationIds, packOwnerIds };
  const around = reachById(alliance.withinId);
  return { stationIds: stationIds.intersection(around.stationIds), packOwnerIds: packOwnerIds.intersection(around.packOwnerIds) };
}

/** A definition is replaced, never changed, so its own reach is made once: most are made of no others, and a swap asks four times. */
const ownReaches = new WeakMap<Alliance, AllianceReach>();

function ownReachOf(alliance: Alliance): AllianceReach {
  const known = ownReaches.get(alliance);
  if (known !== undefined) return known;
  const reach = { stationIds: new Set(alliance.stationIds), packOwnerIds: new Set(alliance.packOwnerIds) };
  ownReaches.set(alliance, reach);
  return reach;
}

export interface AllianceFinding {
  readonly code: 'ALLIANCE_UNKNOWN' | 'ALLIANCE_CIRCULAR' | 'OUTSIDE_NETWORK';
  readonly text: string;
}

/** What is wrong with how an alliance is made of others, before it is agreed. Empty: nothing. */
export function allianceFindings(alliance: Alliance, find: Find): AllianceFinding[] {
  const named = [...(alliance.unionOf ?? []), ...(alliance.withinId === undefined ? [] : [alliance.withinId])];
  const unknown = named.filter((id) => id !== alliance.id && find(id) === undefined);
  const circular = named.filter((id) => leadsTo(id, alliance.id, find, new Set()));
  const around = alliance.withinId === undefined || unknown.length + circular.length > 0 ? undefined : find(alliance.withinId);
  const reach = around && allianceReach(around, find);
  const outside = reach ? alliance.stationIds.filter((id) => !reach.stationIds.has(id)) : [];
  return [
    ...unknown.map((id) => ({ code: 'ALLIANCE_UNKNOWN', text: `there is no alliance ${id}` }) as const),
    ...circular.map((id) => ({ code: 'ALLIANCE_CIRCULAR', text: `${id} leads back to ${alliance.id}` }) as const),
    ...outside.map((id) => ({ code: 'OUTSIDE_NETWORK', text: `${id} is not in ${around?.id}` }) as const),
  ];
}

function leadsTo(from: string, to: string, find: Find, seen: ReadonlySet<string>): boolean {
  if (from === to) return true;
  const alliance = find(from);
  if (alliance === undefined || seen.has(from)) return false;
  const next = [...(alliance.unionOf ?? []), ...(alliance.withinId === undefined ? [] : [alliance.withinId])];
  return next.some((id) => leadsTo(id, to, find, new Set([...seen, from])));
}

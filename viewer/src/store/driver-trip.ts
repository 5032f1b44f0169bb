import type { Bill, StationView, TruckView } from '@corridor/protocols/http/scene';
import { sumFen } from '../format/money.ts';
import { stationCondition } from './condition.ts';

/** Where a driver swaps next, and why there. */
export interface NextStation {
  station: StationView;
  why: 'HEADING_FOR' | 'NEXT_READY';
  /** Along the road [m]; null while nobody knows where the truck is. */
  distanceM: number | null;
  /** Until it is there [ms], of the scene; null when not known. */
  etaMs: number | null;
}

const WORKS = new Set(['normal', 'active']);

/** The station that the truck heads for; else the next one on its side of the road that works and has a pack ready; else null. */
export function nextStationOf(truck: TruckView, stations: Iterable<StationView>, nowMs: number): NextStation | null {
  const all = [...stations];
  const at = truck.chainageM;
  const found = all.find(({ id }) => id === truck.destinationStationId);
  if (found !== undefined) {
    const etaMs = truck.etaAt === null ? null : Math.max(Date.parse(truck.etaAt) - nowMs, 0);
    return { station: found, why: 'HEADING_FOR', distanceM: at === null ? null : Math.abs(found.chainageM - at), etaMs };
  }
  if (at === null || truck.direction === null) return null;
  // Chainage grows from the port westwards.
  const ahead = (station: StationView): number => (truck.direction === 'WEST' ? station.chainageM - at : at - station.chainageM);
  const [next] = all
    .filter((station) => station.direction === 'BOTH' || station.direction === truck.direction)
    .filter((station) => ahead(station) >= 0 && WORKS.has(stationCondition(station)) && (station.readyPacks ?? 0) > 0)
    .sort((one, other) => ahead(one) - ahead(other));
  return next === undefined ? null : { station: next, why: 'NEXT_READY', distanceM: ahead(next), etaMs: null };
}

export const BILL_PARTS = ['ENERGY', 'PACK', 'SERVICE'] as const;
export type BillPart = (typeof BILL_PARTS)[number];
const PART_OF: Readonly<Record<string, BillPart>> = { ELECTRICITY: 'ENERGY', BATTERY_RENT: 'PACK' };

/** A bill in three lines that sum to what is paid: energy, pack, and all else. */
export function billInThree({ lines }: Pick<Bill, 'lines'>): { part: BillPart; amountFen: string | null }[] {
  return BILL_PARTS.map((part) => ({
    part,
    amountFen: sumFen(lines.filter(({ component }) => (PART_OF[component] ?? 'SERVICE') === part).map(({ amountFen }) => amountFen)),
  }));
}

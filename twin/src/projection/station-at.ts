import type { StationDefinition } from '@corridor/protocols/network-file';
import type { LiveFacts } from './live-facts.ts';

/** Station of a place or a swap in it. They are named after it: HH1-3, HH1-B1, HH1-17; a pack somewhere in the station is at HH1. */
export const stationAt = (id: string, { reference }: Pick<LiveFacts, 'reference'>): StationDefinition | undefined =>
  reference.station(id.slice(0, Math.max(0, id.lastIndexOf('-')))) ?? reference.station(id);

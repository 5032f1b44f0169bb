import type { Scenario } from '../scenario/scenario.schema.ts';
import type { Warning } from '../scenario/warning.ts';

type Network = Pick<Scenario, 'sites' | 'roads' | 'stations'>;
type Part = keyof Network;
type Site = Network['sites'][number];

/** Told at most of each network; of more, how many there are. */
const NAMED_MAX = 5;

/** Where one of them tells no place, its name has to do. */
const isSamePlace = (one: Site, other: Site): boolean =>
  one.lat === undefined || other.lat === undefined || (one.lat === other.lat && one.lon === other.lon);

/** What both networks have: by its name, and where it stands or leads. */
const SHARED: Readonly<Record<Part, (one: Network, other: Network) => number>> = {
  sites: ({ sites }, other) => sites.filter((site) => other.sites.some((each) => each.id === site.id && isSamePlace(each, site))).length,
  roads: ({ roads }, other) =>
    roads.filter(({ id, from, to, lengthM }) =>
      other.roads.some((each) => each.id === id && each.from === from && each.to === to && each.lengthM === lengthM),
    ).length,
  stations: ({ stations }, other) =>
    stations.filter(({ id, siteId }) => other.stations.some((each) => each.id === id && each.siteId === siteId)).length,
};

/**
 * What two scenarios have nothing of in common, of sites, roads and stations: a difference between them is one between two networks, and
 * tells nothing of what was changed. Empty: they are plans for one network.
 */
export function networkWarnings(first: Network, second: Network): Warning[] {
  return (['sites', 'roads', 'stations'] as const).flatMap((part) => {
    const isUnrelated = first[part].length > 0 && second[part].length > 0 && SHARED[part](first, second) === 0;
    return isUnrelated
      ? [{ path: `/${part}`, value: named(second[part]), code: 'NETWORKS_UNRELATED' as const, part, ofFirst: named(first[part]) }]
      : [];
  });
}

function named(those: readonly { id: string }[]): string {
  const names = those.slice(0, NAMED_MAX).map(({ id }) => id);
  return those.length > NAMED_MAX ? `${names.join(', ')} … (${those.length})` : names.join(', ');
}

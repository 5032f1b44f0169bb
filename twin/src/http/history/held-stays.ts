import type { PackPlace } from '@corridor/actors/network/actor-event';
import type { Database } from '../../db/db.ts';
import type { LiveFacts } from '../../projection/live-facts.ts';
import { localDayStartMs } from '../../projection/local-date.ts';
import type { Rights } from '../../projection/rights.ts';
import { stationAt } from '../../projection/station-at.ts';
import { isOwnTruck } from '../../projection/truck-view.ts';
import type { AssetKind } from '../../rights/ownership-book.ts';
import { readAs } from '../../rights/read-as.ts';

/** From when (included) until when (not included; null: still), unix ms of scope time. */
export interface Interval {
  readonly fromMs: number;
  readonly untilMs: number | null;
}

/** One interval of the custody of a pack. */
export interface Stay extends Interval {
  readonly place: PackPlace;
  /** Of the swap that brought it here. */
  readonly orderId: string | null;
}

/** By what the caller sees stays of a pack: the owner by the pack, wherever it is; others by what it is in. */
interface Holding {
  readonly kind: AssetKind;
  /** null: nothing of the caller's. */
  readonly assetOf: (place: PackPlace) => string | null;
}

/** Station that a pack stands in; null on a truck, or in a store. */
export const stationOf = ({ kind, id }: PackPlace, live: LiveFacts): string | null =>
  kind === 'SLOT' || kind === 'TRANSFER' ? (stationAt(id, live)?.id ?? null) : null;

function holdingOf(rights: Rights, packId: string, live: LiveFacts): Holding | null {
  switch (rights.kind) {
    case 'ALL':
    case 'PUBLIC':
      return null;
    case 'BATTERY_OWNER':
      return { kind: 'PACK', assetOf: () => packId };
    case 'CARRIER':
    case 'DRIVER':
      return { kind: 'TRUCK', assetOf: ({ kind, id }) => (kind === 'TRUCK' ? id : null) };
    case 'STATION_OPERATOR':
      return { kind: 'STATION', assetOf: (place) => stationOf(place, live) };
  }
}

export interface StaysOf {
  readonly database: Database;
  readonly platformId: string;
  readonly packId: string;
  readonly live: LiveFacts;
  /** Of the span that is asked for. */
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Of the stays of a pack, those the caller sees, each cut to the time in which he sees it. */
export async function staysFor(rights: Rights, stays: readonly Stay[], of: StaysOf): Promise<Stay[]> {
  const { database, platformId, packId, live } = of;
  if (rights.kind === 'ALL') return [...stays];
  const holding = holdingOf(rights, packId, live);
  if (holding === null) return [];
  const ids = [...new Set(stays.map(({ place }) => holding.assetOf(place)).filter((id) => id !== null))];
  const held =
    rights.kind === 'DRIVER' ? drivenToday(ids, rights, live) : await ownedBy({ database, platformId, rights, kind: holding.kind, ids });
  return stays.flatMap((stay) => {
    const id = holding.assetOf(stay.place);
    return id === null ? [] : (held.get(id) ?? []).flatMap((interval) => cut(stay, interval, of));
  });
}

/** A driver is bound to a truck for the day: what it carried before is not his. */
function drivenToday(ids: readonly string[], rights: Rights, live: LiveFacts): Map<string, Interval[]> {
  const today = { fromMs: localDayStartMs(live.nowMs()), untilMs: null };
  return new Map(ids.filter((id) => isOwnTruck(id, rights, live)).map((id) => [id, [today]]));
}

interface OwnedBy {
  readonly database: Database;
  readonly platformId: string;
  readonly rights: Rights;
  readonly kind: AssetKind;
  readonly ids: readonly string[];
}

/** When each asset was the caller's: of `ownership` the database shows him his own rows only. */
async function ownedBy({ database, platformId, rights, kind, ids }: OwnedBy): Promise<Map<string, Interval[]>> {
  const { rows } = await readAs(database, rights).query<{ asset_id: string; valid_from: Date; valid_until: Date | null }>({
    text: `select asset_id, valid_from, valid_until from ownership
            where platform_id = $1 and asset_kind = $2 and asset_id = any($3) order by valid_from`,
    values: [platformId, kind, ids],
  });
  const owned = new Map<string, Interval[]>();
  for (const { asset_id, valid_from, valid_until } of rows) {
    const interval = { fromMs: valid_from.getTime(), untilMs: valid_until?.getTime() ?? null };
    owned.set(asset_id, [...(owned.get(asset_id) ?? []), interval]);
  }
  return owned;
}

/** The part of a stay within an interval, if the span has any of it. Whose it was not yet when it came does not see what brought it. */
function cut(stay: Stay, interval: Interval, span: { readonly fromMs: number; readonly untilMs: number }): Stay[] {
  const fromMs = Math.max(stay.fromMs, interval.fromMs);
  const endMs = Math.min(stay.untilMs ?? Number.POSITIVE_INFINITY, interval.untilMs ?? Number.POSITIVE_INFINITY);
  if (endMs <= fromMs || endMs <= span.fromMs || fromMs > span.untilMs) return [];
  const untilMs = endMs > span.untilMs ? null : endMs;
  return [{ ...stay, fromMs, untilMs, orderId: fromMs === stay.fromMs ? stay.orderId : null }];
}

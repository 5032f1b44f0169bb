import type { Reference } from '@corridor/actors/network/reference';
import type { Db } from '../db/db.ts';

export type AssetKind = 'STATION' | 'PACK' | 'TRUCK';

/** An asset belonged to a principal from `fromMs` (included) to `untilMs` (not included; null: still), scope time. */
export interface OwnershipInterval {
  readonly principalId: string;
  readonly fromMs: number;
  readonly untilMs: number | null;
}

/**
 * Whose each asset was, and when. What happened is shown to who owned the asset then: a former owner keeps his interval, a new one does not
 * get the history of others.
 */
export class OwnershipBook {
  readonly #reference: Reference;
  readonly #intervals = new Map<string, OwnershipInterval[]>();

  constructor(reference: Reference) {
    this.#reference = reference;
  }

  /** Intervals of an asset come in the order of their begin. */
  put(kind: AssetKind, id: string, interval: OwnershipInterval): void {
    const key = `${kind}:${id}`;
    const known = (this.#intervals.get(key) ?? []).map((each) =>
      each.untilMs === null && each.fromMs < interval.fromMs ? { ...each, untilMs: interval.fromMs } : each,
    );
    this.#intervals.set(key, [...known.filter(({ fromMs }) => fromMs !== interval.fromMs), interval]);
  }

  /** It belongs to nobody from then on. */
  end(kind: AssetKind, id: string, atMs: number): void {
    const key = `${kind}:${id}`;
    const known = this.#intervals.get(key) ?? [];
    this.#intervals.set(
      key,
      known.map((each) => (each.untilMs === null ? { ...each, untilMs: Math.max(atMs, each.fromMs + 1) } : each)),
    );
  }

  /** Owner at an instant. What lies before the first interval belongs to the first owner; without a record the registered owner counts. */
  ownerAt(kind: AssetKind, id: string, atMs: number): string | null {
    const intervals = this.#intervals.get(`${kind}:${id}`);
    if (intervals === undefined) return this.#registeredOwner(kind, id);
    const found = intervals.find(({ untilMs }) => untilMs === null || atMs < untilMs);
    return found?.principalId ?? null;
  }

  #registeredOwner(kind: AssetKind, id: string): string | null {
    switch (kind) {
      case 'STATION':
        return this.#reference.station(id)?.operatorId ?? null;
      case 'PACK':
        return this.#reference.pack(id)?.ownerId ?? null;
      case 'TRUCK':
        return this.#reference.truck(id)?.carrierId ?? null;
    }
  }
}

interface OwnershipRow {
  [column: string]: unknown;
  asset_kind: AssetKind;
  asset_id: string;
  principal_id: string;
  valid_from: Date;
  valid_until: Date | null;
}

export async function loadOwnership(db: Db, platformId: string, reference: Reference): Promise<OwnershipBook> {
  const { rows } = await db.query<OwnershipRow>({
    text: `select asset_kind, asset_id, principal_id, valid_from, valid_until from ownership
            where platform_id = $1 order by asset_kind, asset_id, valid_from`,
    values: [platformId],
  });
  const book = new OwnershipBook(reference);
  for (const row of rows) {
    book.put(row.asset_kind, row.asset_id, {
      principalId: row.principal_id,
      fromMs: row.valid_from.getTime(),
      untilMs: row.valid_until?.getTime() ?? null,
    });
  }
  return book;
}

import type { OwnedKind } from '@corridor/actors/roster/roster-life';
import type { Db } from '../db/db.ts';

export interface OfferRow {
  [column: string]: unknown;
  offer_id: string;
  asset_kind: OwnedKind;
  asset_id: string;
  from_principal_id: string;
  to_principal_id: string;
  state: 'OPEN' | 'ACCEPTED' | 'WITHDRAWN';
  offered_by: string;
  offered_at: Date;
  ended_at: Date | null;
}
const COLUMNS = 'offer_id, asset_kind, asset_id, from_principal_id, to_principal_id, state, offered_by, offered_at, ended_at';

/** @returns false when the thing is offered to somebody already */
export async function insertOffer(
  db: Db,
  platformId: string,
  offer: { offerId: string; kind: OwnedKind; id: string; from: string; to: string; by: string; at: string },
): Promise<boolean> {
  const { rowCount } = await db.query({
    text: `insert into ownership_offer (platform_id, offer_id, asset_kind, asset_id, from_principal_id, to_principal_id, state, offered_by, offered_at)
           values ($1, $2, $3, $4, $5, $6, 'OPEN', $7, $8) on conflict do nothing`,
    values: [platformId, offer.offerId, offer.kind, offer.id, offer.from, offer.to, offer.by, offer.at],
  });
  return rowCount === 1;
}

export async function findOffer(db: Db, platformId: string, offerId: string): Promise<OfferRow | null> {
  const { rows } = await db.query<OfferRow>({
    text: `select ${COLUMNS} from ownership_offer where platform_id = $1 and offer_id = $2`,
    values: [platformId, offerId],
  });
  return rows[0] ?? null;
}

/** Newest first; the reader's rights say which. */
export async function listOffers(db: Db, platformId: string, limit: number, after: readonly string[] | null): Promise<OfferRow[]> {
  const { rows } = await db.query<OfferRow>({
    text: `select ${COLUMNS} from ownership_offer
            where platform_id = $1 and ($2::timestamptz is null or (offered_at, offer_id) < ($2, $3))
            order by offered_at desc, offer_id desc limit $4`,
    values: [platformId, after?.[0] ?? null, after?.[1] ?? null, limit],
  });
  return rows;
}

/** @returns false when it was not open any more */
export async function endOffer(
  db: Db,
  platformId: string,
  end: { offerId: string; state: 'ACCEPTED' | 'WITHDRAWN'; by: string; at: string },
): Promise<boolean> {
  const { rowCount } = await db.query({
    text: `update ownership_offer set state = $3, ended_by = $4, ended_at = $5 where platform_id = $1 and offer_id = $2 and state = 'OPEN'`,
    values: [platformId, end.offerId, end.state, end.by, end.at],
  });
  return rowCount === 1;
}

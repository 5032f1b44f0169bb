import type { AgreementKind } from '@corridor/actors/agreement/agreement';
import type { OwnedKind } from '@corridor/actors/roster/roster-life';
import type { Db } from '../db/db.ts';

/** A person, and the party for which he approves. */
export interface WaitedFor {
  readonly userId: string;
  readonly principalId: string;
}

interface WaitingRow {
  [column: string]: unknown;
  id: string;
  /** Whom or what it is about. */
  subject_id: string;
  /** null: nobody, it was registered with the network. */
  drafted_by: string | null;
  drafted_at: Date;
}
interface WaitingAgreementRow extends WaitingRow {
  kind: AgreementKind | 'SETTLEMENT';
  /** Local date; null: from its approval. */
  begins_on: string | null;
}
interface WaitingWithdrawalRow extends WaitingRow {
  amount_fen: bigint;
}
interface WaitingOfferRow extends WaitingRow {
  asset_kind: OwnedKind;
  from_principal_id: string;
}

/** Of each kind so many are told; nobody has more of them to look at. */
const ROWS_MAX = 100;

/**
 * Drafts that wait for a party, and that this person of it did not draft, oldest first. What was to begin by today can be approved no
 * more, and waits for nobody.
 * @param today local date
 */
export async function agreementsWaitingFor(
  db: Db,
  platformId: string,
  { userId, principalId }: WaitedFor,
  today: string,
): Promise<WaitingAgreementRow[]> {
  const { rows } = await db.query<WaitingAgreementRow>({
    text: `with draft as (
             select kind, agreement_id as id, subject_id, begins_on, drafted_by, drafted_at, party_ids from seen_agreement
              where platform_id = $1 and state = 'DRAFT'
             union all
             select 'SETTLEMENT', agreement_id, principal_id, effective_from, drafted_by, drafted_at, party_ids from settlement_agreement
              where platform_id = $1 and state = 'DRAFT')
           select d.kind, d.id, d.subject_id, d.begins_on::text as begins_on, d.drafted_by, d.drafted_at from draft d
            where $2 = any(d.party_ids) and d.drafted_by is distinct from $3 and (d.begins_on is null or d.begins_on > $4::date)
              and not exists (select from agreement_approval p
                               where p.platform_id = $1 and p.kind = d.kind and p.agreement_id = d.id and p.principal_id = $2)
            order by d.drafted_at, d.kind, d.id limit $5`,
    values: [platformId, principalId, userId, today, ROWS_MAX],
  });
  return rows;
}

/** Payments back to carriers that somebody else drafted. @param carrierId null: of all */
export async function withdrawalsWaitingFor(
  db: Db,
  platformId: string,
  userId: string,
  carrierId: string | null,
): Promise<WaitingWithdrawalRow[]> {
  const { rows } = await db.query<WaitingWithdrawalRow>({
    text: `select payment_id as id, principal_id as subject_id, requested_by as drafted_by, requested_at as drafted_at, amount_fen from payment
            where platform_id = $1 and state = 'DRAFTED' and requested_by <> $2 and ($3::text is null or principal_id = $3)
            order by requested_at, payment_id limit $4`,
    values: [platformId, userId, carrierId, ROWS_MAX],
  });
  return rows;
}

/** Accounts at a rail, to which parties shall be paid out, that somebody else drafted. */
export async function receiversWaitingFor(db: Db, platformId: string, userId: string, channel: string): Promise<WaitingRow[]> {
  const { rows } = await db.query<WaitingRow>({
    text: `select principal_id as id, principal_id as subject_id, drafted_by, drafted_at from payment_receiver_draft
            where platform_id = $1 and channel = $2 and effective_at is null and drafted_by <> $3 order by drafted_at, principal_id limit $4`,
    values: [platformId, channel, userId, ROWS_MAX],
  });
  return rows;
}

/** Packs, trucks and stations that another owner offers to a party, and that any person of it takes or declines. */
export async function offersWaitingFor(db: Db, platformId: string, principalId: string): Promise<WaitingOfferRow[]> {
  const { rows } = await db.query<WaitingOfferRow>({
    text: `select offer_id as id, asset_id as subject_id, asset_kind, from_principal_id, offered_by as drafted_by, offered_at as drafted_at
             from ownership_offer where platform_id = $1 and state = 'OPEN' and to_principal_id = $2 order by offered_at, offer_id limit $3`,
    values: [platformId, principalId, ROWS_MAX],
  });
  return rows;
}

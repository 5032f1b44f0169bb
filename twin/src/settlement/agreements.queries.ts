import type { SettlementAgreement } from '@corridor/protocols/agreement/settlement-agreement';
import type { Db } from '../db/db.ts';

export interface AgreementRow {
  [column: string]: unknown;
  agreement_id: string;
  principal_id: string;
  state: 'DRAFT' | 'APPROVED' | 'WITHDRAWN';
  definition: SettlementAgreement;
  drafted_by: string;
  drafted_at: Date;
  approved_by: string | null;
  approved_at: Date | null;
  /** Who has to approve. */
  party_ids: string[];
  approvals: { principalId: string; userId: string; at: string }[];
}
const COLUMNS = `s.agreement_id, s.principal_id, s.state, s.definition, s.drafted_by, s.drafted_at, s.approved_by, s.approved_at, s.party_ids,
  coalesce((select json_agg(json_build_object('principalId', p.principal_id, 'userId', p.user_id,
                                              'at', to_char(p.approved_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) order by p.approved_at, p.principal_id)
              from agreement_approval p
             where p.platform_id = s.platform_id and p.kind = 'SETTLEMENT' and p.agreement_id = s.agreement_id), '[]') as approvals`;

/** The version in force for a principal on a local date; null: none, the stated default holds. */
export async function agreementInForce(
  db: Db,
  platformId: string,
  principalId: string,
  onDate: string,
): Promise<SettlementAgreement | null> {
  const { rows } = await db.query<{ definition: SettlementAgreement }>({
    text: `select definition from settlement_agreement
            where platform_id = $1 and principal_id = $2 and state = 'APPROVED' and effective_from <= $3 order by effective_from desc limit 1`,
    values: [platformId, principalId, onDate],
  });
  return rows[0]?.definition ?? null;
}

/** Principals that share with partners: settled first, so that what partners get comes into their statement of the same period. */
export async function sharingPrincipals(db: Db, platformId: string): Promise<ReadonlySet<string>> {
  const { rows } = await db.query<{ principal_id: string }>({
    text: `select distinct principal_id from settlement_agreement
            where platform_id = $1 and state = 'APPROVED' and jsonb_array_length(definition->'partners') > 0`,
    values: [platformId],
  });
  return new Set(rows.map(({ principal_id }) => principal_id));
}

/** @returns false when there is one with this id */
export async function draftAgreement(db: Db, platformId: string, agreement: SettlementAgreement, by: string, at: string): Promise<boolean> {
  const { rowCount } = await db.query({
    text: `insert into settlement_agreement (platform_id, agreement_id, principal_id, effective_from, state, definition, drafted_by, drafted_at)
           values ($1, $2, $3, $4, 'DRAFT', $5, $6, $7) on conflict do nothing`,
    values: [platformId, agreement.id, agreement.principalId, agreement.effectiveFrom, JSON.stringify(agreement), by, at],
  });
  return rowCount === 1;
}

export async function findAgreement(db: Db, platformId: string, agreementId: string): Promise<AgreementRow | null> {
  const { rows } = await db.query<AgreementRow>({
    text: `select ${COLUMNS} from settlement_agreement s where s.platform_id = $1 and s.agreement_id = $2`,
    values: [platformId, agreementId],
  });
  return rows[0] ?? null;
}

/** @param partyId of those that it has to approve; null: of everybody */
export async function listAgreements(db: Db, platformId: string, partyId: string | null): Promise<AgreementRow[]> {
  const { rows } = await db.query<AgreementRow>({
    text: `select ${COLUMNS} from settlement_agreement s
            where s.platform_id = $1 and ($2::text is null or $2 = any(s.party_ids)) order by s.agreement_id`,
    values: [platformId, partyId],
  });
  return rows;
}

/** Another version of the same principal that is approved from the same day; null: none. */
export async function rivalOf(db: Db, platformId: string, { principal_id, definition }: AgreementRow): Promise<string | null> {
  const { rows } = await db.query<{ agreement_id: string }>({
    text: `select agreement_id from settlement_agreement
            where platform_id = $1 and principal_id = $2 and effective_from = $3::date and state = 'APPROVED' limit 1`,
    values: [platformId, principal_id, definition.effectiveFrom],
  });
  return rows[0]?.agreement_id ?? null;
}

export interface Approval {
  readonly agreementId: string;
  readonly partyId: string;
  readonly userId: string;
  /** RFC 3339. */
  readonly at: string;
  /** With it all parties have approved. */
  readonly isWhole: boolean;
}

/** Of a draft, once for each party. */
export async function approveAgreement(db: Db, platformId: string, { agreementId, partyId, userId, at, isWhole }: Approval): Promise<void> {
  await db.query({
    text: `insert into agreement_approval (platform_id, kind, agreement_id, principal_id, user_id, approved_at) values ($1, 'SETTLEMENT', $2, $3, $4, $5)`,
    values: [platformId, agreementId, partyId, userId, at],
  });
  if (!isWhole) return;
  await db.query({
    text: `update settlement_agreement set state = 'APPROVED', approved_by = $3, approved_at = $4 where platform_id = $1 and agreement_id = $2`,
    values: [platformId, agreementId, userId, at],
  });
}

/** @returns false when it is in force already, or withdrawn */
export async function withdrawAgreement(db: Db, platformId: string, agreementId: string, today: string): Promise<boolean> {
  const { rowCount } = await db.query({
    text: `update settlement_agreement set state = 'WITHDRAWN'
            where platform_id = $1 and agreement_id = $2 and (state = 'DRAFT' or (state = 'APPROVED' and effective_from > $3))`,
    values: [platformId, agreementId, today],
  });
  return rowCount === 1;
}

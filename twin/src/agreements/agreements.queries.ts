import type { AgreementKind } from '@corridor/actors/agreement/agreement';
import type { Db } from '../db/db.ts';

export type AgreementState = 'DRAFT' | 'APPROVED' | 'ENDED' | 'WITHDRAWN';
export interface AgreementRow {
  [column: string]: unknown;
  kind: AgreementKind;
  agreement_id: string;
  subject_id: string;
  /** Local date; null: an alliance has none. */
  begins_on: string | null;
  state: AgreementState;
  definition: { id: string };
  party_ids: string[];
  drafted_at: Date;
  /** null: registered with the network. */
  drafted_by: string | null;
  approved_at: Date | null;
  withdrawn_at: Date | null;
  withdrawn_by: string | null;
  approvals: { principalId: string; userId: string; at: string }[];
}

const COLUMNS = `g.kind, g.agreement_id, g.subject_id, g.begins_on::text as begins_on, g.state, g.definition, g.party_ids, g.drafted_at, g.drafted_by,
  g.approved_at, g.withdrawn_at, g.withdrawn_by,
  coalesce((select json_agg(json_build_object('principalId', p.principal_id, 'userId', p.user_id,
                                              'at', to_char(p.approved_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) order by p.approved_at, p.principal_id)
              from agreement_approval p
             where p.platform_id = g.platform_id and p.kind = g.kind and p.agreement_id = g.agreement_id), '[]') as approvals`;

export interface AgreementFilter {
  readonly kind: AgreementKind;
  readonly subjectId: string | null;
  readonly state: string | null;
  /** Ids after this one. */
  readonly after: string | null;
  readonly limit: number;
}

/** All versions that the reader may see, by id. */
export async function listAgreements(db: Db, platformId: string, filter: AgreementFilter): Promise<AgreementRow[]> {
  const { rows } = await db.query<AgreementRow>({
    text: `select ${COLUMNS} from seen_agreement g
            where g.platform_id = $1 and g.kind = $2 and ($3::text is null or g.subject_id = $3) and ($4::text is null or g.state = $4)
              and ($5::text is null or g.agreement_id > $5) order by g.agreement_id limit $6`,
    values: [platformId, filter.kind, filter.subjectId, filter.state, filter.after, filter.limit],
  });
  return rows;
}

export async function findAgreement(db: Db, platformId: string, kind: AgreementKind, id: string): Promise<AgreementRow | null> {
  const { rows } = await db.query<AgreementRow>({
    text: `select ${COLUMNS} from seen_agreement g where g.platform_id = $1 and g.kind = $2 and g.agreement_id = $3`,
    values: [platformId, kind, id],
  });
  return rows[0] ?? null;
}

/** Whether an id is used up: tariffs and rates share theirs. */
export async function isIdTaken(db: Db, platformId: string, kind: AgreementKind, id: string): Promise<boolean> {
  const { rows } = await db.query<{ taken: boolean }>({
    text: `select exists (select from agreement where platform_id = $1 and agreement_id = $3
                           and (kind = $2 or (kind not in ('CONTRACT', 'ALLIANCE') and $2 not in ('CONTRACT', 'ALLIANCE')))) as taken`,
    values: [platformId, kind, id],
  });
  return rows[0]?.taken ?? false;
}

/** Another approved version for the same that begins on the same day; null: none. */
export async function rivalOf(db: Db, platformId: string, row: AgreementRow): Promise<string | null> {
  const { rows } = await db.query<{ agreement_id: string }>({
    text: `select agreement_id from agreement
            where platform_id = $1 and kind = $2 and subject_id = $3 and begins_on = $4::date and agreement_id <> $5 and state = 'APPROVED' limit 1`,
    values: [platformId, row.kind, row.subject_id, row.begins_on, row.agreement_id],
  });
  return rows[0]?.agreement_id ?? null;
}

/** A contract in force, now or later, that names an alliance; null: none. */
export async function contractNaming(db: Db, platformId: string, allianceId: string, today: string): Promise<string | null> {
  const { rows } = await db.query<{ contract_id: string }>({
    text: `select contract_id from contract
            where platform_id = $1 and state = 'APPROVED' and valid_until >= $3::date and definition->'allianceIds' ? $2 order by contract_id limit 1`,
    values: [platformId, allianceId, today],
  });
  return rows[0]?.contract_id ?? null;
}

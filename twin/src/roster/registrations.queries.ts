import type { RosterEntry } from '@corridor/actors/roster/roster-act';
import type { RosterKind, RosterState } from '@corridor/actors/roster/roster-life';
import type { Db } from '../db/db.ts';
import type { Sealed } from '../identity/identity-vault.ts';

/** A registration as its party may read it. */
export interface RegistrationRow {
  [column: string]: unknown;
  kind: RosterKind;
  entity_id: string;
  state: RosterState;
  principal_id: string;
  identity_shown: Record<string, string> | null;
  reason: string | null;
  applied_by: string;
  applied_at: Date;
  changed_at: Date;
}
/** With what only the program reads. */
export interface RegistrationFile extends RegistrationRow {
  definition: RosterEntry['definition'];
  identity: Buffer | null;
  identity_key: string | null;
  check_no: string | null;
  checks: number;
}

const SHOWN = 'kind, entity_id, state, principal_id, identity_shown, reason, applied_by, applied_at, changed_at';

export async function findRegistration(db: Db, platformId: string, kind: RosterKind, id: string): Promise<RegistrationRow | null> {
  const { rows } = await db.query<RegistrationRow>({
    text: `select ${SHOWN} from registration where platform_id = $1 and kind = $2 and entity_id = $3`,
    values: [platformId, kind, id],
  });
  return rows[0] ?? null;
}

/** By kind and id. @param kind null: of all kinds */
export async function listRegistrations(
  db: Db,
  platformId: string,
  query: { kind: RosterKind | null; state: RosterState | null; limit: number; after: readonly string[] | null },
): Promise<RegistrationRow[]> {
  const { rows } = await db.query<RegistrationRow>({
    text: `select ${SHOWN} from registration where platform_id = $1 and ($2::text is null or kind = $2) and ($3::text is null or state = $3)
              and ($4::text is null or (kind, entity_id) > ($4, $5))
            order by kind, entity_id limit $6`,
    values: [platformId, query.kind, query.state, query.after?.[0] ?? null, query.after?.[1] ?? null, query.limit],
  });
  return rows;
}

/**
 * What was applied for, by `KIND/id`, without the card of a driver, which is his key. Readers have no right to the column that holds it: it
 * is read as the program, of rows that the caller has been shown.
 */
export async function definitionsOf(
  db: Db,
  platformId: string,
  rows: readonly RegistrationRow[],
): Promise<Map<string, Record<string, unknown>>> {
  if (rows.length === 0) return new Map();
  const { rows: found } = await db.query<{ kind: RosterKind; entity_id: string; definition: Record<string, unknown> }>({
    text: `select kind, entity_id, definition - 'idToken' as definition from registration
            join unnest($2::text[], $3::text[]) as seen (kind, entity_id) using (kind, entity_id) where platform_id = $1`,
    values: [platformId, rows.map(({ kind }) => kind), rows.map(({ entity_id: id }) => id)],
  });
  return new Map(found.map(({ kind, entity_id: id, definition }) => [`${kind}/${id}`, definition]));
}

/** Locks the row, where there is one, until the transaction ends. */
export async function lockRegistration(db: Db, platformId: string, kind: RosterKind, id: string): Promise<RegistrationFile | null> {
  const { rows } = await db.query<RegistrationFile>({
    text: `select ${SHOWN}, definition, identity, identity_key, check_no, checks from registration
            where platform_id = $1 and kind = $2 and entity_id = $3 for update`,
    values: [platformId, kind, id],
  });
  return rows[0] ?? null;
}

export interface Application {
  readonly entry: RosterEntry;
  readonly principalId: string;
  readonly sealed: Sealed | null;
  readonly shown: Record<string, string> | null;
  readonly checkNo: string | null;
  readonly by: string;
  /** Scope time, ISO. */
  readonly at: string;
}

/** A first application, or another one after it was rejected or left. */
export async function putApplication(db: Db, platformId: string, application: Application): Promise<void> {
  const { entry, principalId, sealed, shown, checkNo, by, at } = application;
  await db.query({
    text: `insert into registration (platform_id, kind, entity_id, state, principal_id, definition, identity, identity_key, identity_shown,
             check_no, next_check_at, applied_by, applied_at, changed_at)
           values ($1, $2, $3, 'APPLIED', $4, $5, $6, $7, $8, $9, case when $9::text is null then null else now() end, $10, $11, $11)
           on conflict (platform_id, kind, entity_id) do update set state = excluded.state, principal_id = excluded.principal_id,
             definition = excluded.definition, identity = excluded.identity, identity_key = excluded.identity_key,
             identity_shown = excluded.identity_shown, check_no = excluded.check_no, next_check_at = excluded.next_check_at, checks = 0, reason = null,
             applied_by = excluded.applied_by, applied_at = excluded.applied_at, changed_at = excluded.changed_at`,
    values: [
      platformId,
      entry.kind,
      entry.definition.id,
      principalId,
      JSON.stringify(entry.definition),
      sealed?.bytes ?? null,
      sealed?.keyId ?? null,
      shown === null ? null : JSON.stringify(shown),
      checkNo,
      by,
      at,
    ],
  });
}

/** A step before it takes part; what comes after is the writer's. Who never took part and goes leaves no identity data behind. */
export async function putState(
  db: Db,
  platformId: string,
  { kind, id, state, reason, at }: { kind: RosterKind; id: string; state: RosterState; reason: string | null; at: string },
): Promise<void> {
  await db.query({
    text: `update registration set state = $4, reason = $5, changed_at = $6, next_check_at = null,
                  identity = case when $4 = 'DEREGISTERED' then null else identity end,
                  identity_key = case when $4 = 'DEREGISTERED' then null else identity_key end,
                  identity_shown = case when $4 = 'DEREGISTERED' then null else identity_shown end
            where platform_id = $1 and kind = $2 and entity_id = $3`,
    values: [platformId, kind, id, state, reason, at],
  });
}

/** Applications whose check is due, the oldest first. */
export async function checksDue(db: Db, platformId: string, limit: number): Promise<{ kind: RosterKind; entity_id: string }[]> {
  const { rows } = await db.query<{ kind: RosterKind; entity_id: string }>({
    text: `select kind, entity_id from registration where platform_id = $1 and state = 'APPLIED' and next_check_at <= now()
            order by next_check_at, kind, entity_id limit $2`,
    values: [platformId, limit],
  });
  return rows;
}

export async function postponeCheck(db: Db, platformId: string, kind: RosterKind, id: string, delayMs: number): Promise<void> {
  await db.query({
    text: `update registration set checks = checks + 1, next_check_at = now() + $4 * interval '1 millisecond'
            where platform_id = $1 and kind = $2 and entity_id = $3 and state = 'APPLIED' and next_check_at is not null`,
    values: [platformId, kind, id, delayMs],
  });
}

/** Identity data that an older key sealed. */
export async function sealedByOthers(db: Db, platformId: string, keyId: string): Promise<RegistrationFile[]> {
  const { rows } = await db.query<RegistrationFile>({
    text: `select ${SHOWN}, definition, identity, identity_key, check_no, checks from registration
            where platform_id = $1 and identity_key <> $2 order by kind, entity_id`,
    values: [platformId, keyId],
  });
  return rows;
}

/** @param before the key that it was sealed with: what was applied for anew in between stays */
export async function putSealed(db: Db, platformId: string, file: RegistrationFile, { keyId, bytes }: Sealed): Promise<void> {
  await db.query({
    text: `update registration set identity = $4, identity_key = $5
            where platform_id = $1 and kind = $2 and entity_id = $3 and identity = $6`,
    values: [platformId, file.kind, file.entity_id, bytes, keyId, file.identity],
  });
}

export async function noteRosterAct(
  db: Db,
  platformId: string,
  act: { at: string; by: string; action: string; kind: RosterKind; id: string; principalId: string; before: string | null; after: object },
): Promise<void> {
  await db.query({
    text: `insert into audit_log (platform_id, at, user_id, action, entity_kind, entity_id, before, after) values ($1, $2, $3, $4, 'principal', $5, $6, $7)`,
    values: [
      platformId,
      act.at,
      act.by,
      act.action,
      act.principalId,
      act.before === null ? null : JSON.stringify({ state: act.before }),
      JSON.stringify({ kind: act.kind, id: act.id, ...act.after }),
    ],
  });
}

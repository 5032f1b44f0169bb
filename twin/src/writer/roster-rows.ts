import type { Effect, EffectOf } from '@corridor/actors/network/effect';
import { ownerOfEntry, type RosterChange, type RosterEntry, subjectOfAct } from '@corridor/actors/roster/roster-act';
import type { RosterKind } from '@corridor/actors/roster/roster-life';
import type { DriverDefinition, Principal } from '@corridor/protocols/network-file';
import type { Db } from '../db/db.ts';
import { timeText, writeRows } from './json-rows.ts';
import { accountStatement, accountsOfPrincipal } from './principal-accounts.ts';
import { registerAssets } from './register-assets.ts';

/** Where each kind stands: table, key and the column of its owner. */
const PLACES: Readonly<Record<RosterKind, { table: string; key: string; owner: string }>> = {
  PRINCIPAL: { table: 'principal', key: 'principal_id', owner: 'principal_id' },
  STATION: { table: 'station', key: 'station_id', owner: 'operator_id' },
  PACK: { table: 'pack', key: 'pack_id', owner: 'owner_id' },
  TRUCK: { table: 'truck', key: 'truck_id', owner: 'carrier_id' },
  DRIVER: { table: 'driver', key: 'driver_id', owner: 'carrier_id' },
};
const STATE_AFTER = { ACTIVATE: 'ACTIVE', SUSPEND: 'SUSPENDED', RESUME: 'ACTIVE', DEREGISTER: 'DEREGISTERED', TRANSFER: null } as const;

/** Writes what changed of who takes part, in the transaction of the batch that changed it. Seldom, so one by one and in order. */
export async function writeRoster(db: Db, platformId: string, effects: readonly Effect[]): Promise<void> {
  for (const effect of effects) if (effect.type === 'roster.changed') await writeChange(db, platformId, effect);
}

async function writeChange(db: Db, platformId: string, effect: EffectOf<'roster.changed'>): Promise<void> {
  const { change, atMs } = effect;
  const at = timeText(atMs);
  await keepRegistration(db, platformId, change);
  await writeAudit(db, platformId, effect);
  if (change.act === 'ACTIVATE') await writeEntry(db, platformId, change.entry, at);
  if (change.act === 'TRANSFER') await writeTransfer(db, platformId, change, at);
  if (change.act === 'DEREGISTER') await writeLeaving(db, platformId, change, at);
  await keepRegistration(db, platformId, change);
  await writeState(db, platformId, change, at);
}

/** What came with the first start gets its registration with the first change; what never applied, as soon as it takes part. */
async function keepRegistration(db: Db, platformId: string, change: RosterChange): Promise<void> {
  const { kind, id } = subjectOfAct(change);
  const { table, key, owner } = PLACES[kind];
  await db.query({
    text: `insert into registration (platform_id, kind, entity_id, state, principal_id, definition, applied_by, applied_at, changed_at)
           select $1, $2, $3, 'ACTIVE', ${owner}, definition, $1, registered_at, registered_at from ${table}
            where platform_id = $1 and ${key} = $3 and deregistered_at is null
           on conflict do nothing`,
    values: [platformId, kind, id],
  });
}

async function writeEntry(db: Db, platformId: string, entry: RosterEntry, at: string): Promise<void> {
  const { kind, definition } = entry;
  if (kind === 'PRINCIPAL') await writePrincipal(db, platformId, definition, at);
  else if (kind === 'DRIVER') await writeDriver(db, platformId, definition, at);
  else if (kind === 'STATION') await registerAssets(db, platformId, [{ asset: 'station', definition }], at);
  else if (kind === 'PACK') await registerAssets(db, platformId, [{ asset: 'pack', definition }], at);
  else await registerAssets(db, platformId, [{ asset: 'truck', definition }], at);
  const { table, key } = PLACES[kind];
  // It may have left before.
  await db.query({
    text: `update ${table} set deregistered_at = null where platform_id = $1 and ${key} = $2`,
    values: [platformId, definition.id],
  });
}

async function writePrincipal(db: Db, platformId: string, one: Principal, at: string): Promise<void> {
  await db.query({
    text: `insert into principal (platform_id, principal_id, kind, name, name_zh, definition, registered_at) values ($1, $2, $3, $4, $5, $6, $7)
           on conflict (platform_id, principal_id) do update set name = excluded.name, name_zh = excluded.name_zh, definition = excluded.definition`,
    values: [platformId, one.id, one.kind, one.name, one.nameZh, JSON.stringify(one), at],
  });
  await writeRows(db, accountStatement, platformId, accountsOfPrincipal(one, at));
}

async function writeDriver(db: Db, platformId: string, one: DriverDefinition, at: string): Promise<void> {
  const { idToken, type } = one.idToken;
  await db.query({
    text: `insert into driver (platform_id, driver_id, carrier_id, name, id_token, id_token_type, certified_until, truck_ids, definition, registered_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
           on conflict (platform_id, driver_id) do update set carrier_id = excluded.carrier_id, name = excluded.name, id_token = excluded.id_token,
             id_token_type = excluded.id_token_type, certified_until = excluded.certified_until, truck_ids = excluded.truck_ids,
             definition = excluded.definition`,
    values: [platformId, one.id, one.carrierId, one.name, idToken, type, one.certifiedUntil, one.truckIds, JSON.stringify(one), at],
  });
}

/** One interval ends and the next begins at the same instant. */
async function writeTransfer(db: Db, platformId: string, change: Extract<RosterChange, { act: 'TRANSFER' }>, at: string): Promise<void> {
  const { kind, definition } = change.entry;
  const { table, key, owner } = PLACES[kind];
  await db.query({
    text: `update ${table} set ${owner} = $3, definition = $4 where platform_id = $1 and ${key} = $2`,
    values: [platformId, definition.id, change.toPrincipalId, JSON.stringify(definition)],
  });
  await db.query({
    text: `update ownership set valid_until = $4
            where platform_id = $1 and asset_kind = $2 and asset_id = $3 and valid_until is null and valid_from < $4`,
    values: [platformId, kind, definition.id, at],
  });
  // Sold twice in one instant: the last buyer has it.
  await db.query({
    text: `insert into ownership (platform_id, asset_kind, asset_id, principal_id, valid_from) values ($1, $2, $3, $4, $5)
           on conflict (platform_id, asset_kind, asset_id, valid_from) do update set principal_id = excluded.principal_id`,
    values: [platformId, kind, definition.id, ownerOfEntry(change.entry), at],
  });
}

async function writeLeaving(db: Db, platformId: string, change: RosterChange, at: string): Promise<void> {
  const { kind, id } = subjectOfAct(change);
  const { table, key } = PLACES[kind];
  await db.query({ text: `update ${table} set deregistered_at = $3 where platform_id = $1 and ${key} = $2`, values: [platformId, id, at] });
  await db.query({
    text: `update ownership set valid_until = greatest($4::timestamptz, valid_from + interval '1 millisecond')
            where platform_id = $1 and asset_kind = $2 and asset_id = $3 and valid_until is null`,
    values: [platformId, kind, id, at],
  });
  if (kind !== 'PACK') return;
  await db.query({
    text: `update custody set until = greatest(since, $3::timestamptz) where platform_id = $1 and pack_id = $2 and until is null`,
    values: [platformId, id, at],
  });
  await db.query({ text: 'delete from energy_lot where platform_id = $1 and pack_id = $2', values: [platformId, id] });
}

async function writeState(db: Db, platformId: string, change: RosterChange, at: string): Promise<void> {
  const { kind, id } = subjectOfAct(change);
  await db.query({
    text: `update registration set state = coalesce($4, state), reason = $5, principal_id = coalesce($6, principal_id), changed_at = $7,
                  next_check_at = null
            where platform_id = $1 and kind = $2 and entity_id = $3`,
    values: [platformId, kind, id, STATE_AFTER[change.act], reasonOf(change), buyerOf(change), at],
  });
}

const reasonOf = (change: RosterChange): string | null => ('reason' in change ? change.reason : null);
const buyerOf = (change: RosterChange): string | null => ('toPrincipalId' in change ? change.toPrincipalId : null);

/**
 * Before anything is changed, so that it says how it stood. Of a sale, and of what leaves, whoever had it hears as well: the thing itself
 * is not his from that instant.
 */
async function writeAudit(db: Db, platformId: string, { change, by, atMs }: EffectOf<'roster.changed'>): Promise<void> {
  const { kind, id } = subjectOfAct(change);
  const [state, reason, principalId] = [STATE_AFTER[change.act], reasonOf(change), buyerOf(change)];
  const after = { kind, id, ...(state && { state }), ...(reason && { reason }), ...(principalId && { principalId }) };
  const toFormer = kind !== 'PRINCIPAL' && (change.act === 'TRANSFER' || change.act === 'DEREGISTER');
  await db.query({
    text: `insert into audit_log (platform_id, at, user_id, action, entity_kind, entity_id, before, after)
           select $1, $4, $5, $6, e.kind, e.id, r.before, $7::jsonb
             from (values (1)) as always(one)
             left join (select principal_id, jsonb_build_object('state', state, 'principalId', principal_id) as before from registration
                         where platform_id = $1 and kind = $2 and entity_id = $3) r on true
            cross join lateral (select lower($2::text) as kind, $3::text as id
                                union all select 'principal', r.principal_id where $8 and r.principal_id is not null) e`,
    values: [platformId, kind, id, timeText(atMs), by, `roster.${change.act.toLowerCase()}`, JSON.stringify(after), toFormer],
  });
}

import { type Agreement, type AgreementKind, beginsOn } from '@corridor/actors/agreement/agreement';
import type { Effect, EffectOf } from '@corridor/actors/network/effect';
import type { Db } from '../db/db.ts';
import { timeText } from './json-rows.ts';

/** What people agreed in a batch, in its order. */
export type AgreementActs = readonly EffectOf<'agreement.drafted' | 'agreement.approved' | 'agreement.withdrawn'>[];

export const agreementActs = (effects: readonly Effect[]): AgreementActs =>
  effects.filter(
    (effect) => effect.type === 'agreement.drafted' || effect.type === 'agreement.approved' || effect.type === 'agreement.withdrawn',
  );

/** Acts of people are rare: one statement each. */
export async function writeAgreements(db: Db, platformId: string, acts: AgreementActs): Promise<void> {
  for (const act of acts) {
    if (act.type === 'agreement.drafted') await insertDraft(db, platformId, act);
    else if (act.type === 'agreement.approved') await approve(db, platformId, act);
    else await withdraw(db, platformId, act);
  }
}

/** Table of a kind and the column of its ids. */
const TABLE_OF: Readonly<Record<AgreementKind, readonly [table: string, id: string]>> = {
  TIME_OF_USE: ['tariff', 'tariff_id'],
  STATION_RATE: ['tariff', 'tariff_id'],
  BATTERY_RATE: ['tariff', 'tariff_id'],
  CONTRACT: ['contract', 'contract_id'],
  ALLIANCE: ['alliance', 'alliance_id'],
};

async function insertDraft(db: Db, platformId: string, { agreement, by, atMs }: EffectOf<'agreement.drafted'>): Promise<void> {
  const { kind, definition } = agreement;
  const [table, id] = TABLE_OF[kind];
  const columns: Record<string, unknown> = {
    platform_id: platformId,
    [id]: definition.id,
    ...ownColumns(agreement),
    state: 'DRAFT',
    definition: JSON.stringify(definition),
    drafted_by: by,
    drafted_at: timeText(atMs),
    registered_at: timeText(atMs),
  };
  const names = Object.keys(columns);
  await db.query({
    text: `insert into ${table} (${names.join(', ')}) values (${names.map((_, index) => `$${index + 1}`).join(', ')})`,
    values: Object.values(columns),
  });
}

function ownColumns(agreement: Agreement): Record<string, unknown> {
  const { kind, definition } = agreement;
  switch (kind) {
    case 'CONTRACT':
      return { carrier_id: definition.carrierId, valid_from: definition.validFrom, valid_until: definition.validUntil };
    case 'ALLIANCE':
      return { name: definition.name };
    default:
      return { kind, subject_id: subjectOf(agreement), effective_from: beginsOn(agreement) };
  }
}

/** What versions follow each other for: one of them is in force on a day. */
export function subjectOf({ kind, definition }: Agreement): string {
  switch (kind) {
    case 'TIME_OF_USE':
      return definition.stationId ?? definition.gridRegion;
    case 'STATION_RATE':
      return definition.stationId;
    case 'BATTERY_RATE':
      return definition.packId ?? definition.ownerId;
    case 'CONTRACT':
      return definition.carrierId;
    case 'ALLIANCE':
      return definition.id;
  }
}

async function approve(db: Db, platformId: string, act: EffectOf<'agreement.approved'>): Promise<void> {
  const { agreement, partyId, by, atMs, isWhole } = act;
  await db.query({
    text: `insert into agreement_approval (platform_id, kind, agreement_id, principal_id, user_id, approved_at) values ($1, $2, $3, $4, $5, $6)`,
    values: [platformId, agreement.kind, agreement.id, partyId, by, timeText(atMs)],
  });
  if (!isWhole) return;
  const [table, id] = TABLE_OF[agreement.kind];
  await db.query({
    text: `update ${table} set state = 'APPROVED', approved_by = $3, approved_at = $4 where platform_id = $1 and ${id} = $2`,
    values: [platformId, agreement.id, by, timeText(atMs)],
  });
}

async function withdraw(db: Db, platformId: string, { agreement, by, atMs }: EffectOf<'agreement.withdrawn'>): Promise<void> {
  const [table, id] = TABLE_OF[agreement.kind];
  await db.query({
    text: `update ${table} set state = 'WITHDRAWN', withdrawn_by = $3, withdrawn_at = $4 where platform_id = $1 and ${id} = $2`,
    values: [platformId, agreement.id, by, timeText(atMs)],
  });
}

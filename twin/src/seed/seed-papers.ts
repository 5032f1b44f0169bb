import { accountOf } from '@corridor/actors/ledger/transfer';
import type { NetworkFile } from '@corridor/protocols/network-file';
import type { Db } from '../db/db.ts';
import { type RowsStatement, rowsStatement, timeText, writeRows } from '../writer/json-rows.ts';
import { WRITER_STREAM } from '../writer/postgres-batch-store.ts';
import { accountStatement, accountsOfPrincipal } from '../writer/principal-accounts.ts';

/** Rail of the opening balances: one that moves no real money. */
const OPENING_CHANNELS = ['sandbox'] as const;

const statement = (table: string, columns: Readonly<Record<string, string>>): RowsStatement =>
  rowsStatement(`seed_${table}`, { table, columns, onConflict: 'on conflict do nothing' });

const definition = { definition: 'jsonb', registered_at: 'timestamptz' };
const statements = {
  principal: statement('principal', { principal_id: 'text', kind: 'text', name: 'text', name_zh: 'text', ...definition }),
  packType: statement('pack_type', { type_code: 'text', nominal_wh: 'bigint', definition: 'jsonb' }),
  driver: statement('driver', {
    driver_id: 'text',
    carrier_id: 'text',
    name: 'text',
    id_token: 'text',
    id_token_type: 'text',
    certified_until: 'date',
    truck_ids: 'text[]',
    ...definition,
  }),
  alliance: statement('alliance', { alliance_id: 'text', name: 'text', ...definition }),
  contract: statement('contract', { contract_id: 'text', carrier_id: 'text', valid_from: 'date', valid_until: 'date', ...definition }),
  tariff: statement('tariff', { tariff_id: 'text', kind: 'text', subject_id: 'text', effective_from: 'date', ...definition }),
  account: accountStatement,
};

/**
 * Registers everybody and everything that was agreed, opens the accounts and the books of the writer. Assets follow in the
 * first batch, because their actors write their custody and energy.
 */
export async function seedPapers(db: Db, file: NetworkFile, scopeAtMs: number): Promise<void> {
  const at = timeText(scopeAtMs);
  const { platformId } = file;
  const platform = file.principals.find(({ id }) => id === platformId);
  await db.query({
    text: 'insert into platform (platform_id, name, registered_at) values ($1, $2, $3)',
    values: [platformId, platform?.name ?? platformId, at],
  });
  const write = async (rowsOf: RowsStatement, rows: readonly object[]) => writeRows(db, rowsOf, platformId, rows);
  await write(
    statements.principal,
    file.principals.map((one) => ({
      principal_id: one.id,
      kind: one.kind,
      name: one.name,
      name_zh: one.nameZh,
      definition: one,
      registered_at: at,
    })),
  );
  await write(
    statements.packType,
    file.packTypes.map((one) => ({ type_code: one.code, nominal_wh: one.nominalWh, definition: one })),
  );
  await write(
    statements.driver,
    file.drivers.map((one) => driverRow(one, at)),
  );
  await write(
    statements.alliance,
    file.alliances.map((one) => ({ alliance_id: one.id, name: one.name, definition: one, registered_at: at })),
  );
  await write(
    statements.contract,
    file.contracts.map((one) => ({
      contract_id: one.id,
      carrier_id: one.carrierId,
      valid_from: one.validFrom,
      valid_until: one.validUntil,
      definition: one,
      registered_at: at,
    })),
  );
  await write(statements.tariff, tariffRows(file, at));
  await write(statements.account, accountRows(file, at));
  await db.query({
    text: `insert into ingest_position (platform_id, stream, stream_seq, batch_no, scope_at, driven)
           values ($1, $2, 0, 0, $3, false)`,
    values: [platformId, WRITER_STREAM, at],
  });
}

const driverRow = (one: NetworkFile['drivers'][number], at: string) => ({
  driver_id: one.id,
  carrier_id: one.carrierId,
  name: one.name,
  id_token: one.idToken.idToken,
  id_token_type: one.idToken.type,
  certified_until: one.certifiedUntil,
  truck_ids: one.truckIds,
  definition: one,
  registered_at: at,
});

function tariffRows(file: NetworkFile, registered_at: string) {
  return [
    ...file.tariffs.map((one) => ({ one, kind: 'TIME_OF_USE', subject_id: one.stationId ?? one.gridRegion })),
    ...file.stationRates.map((one) => ({ one, kind: 'STATION_RATE', subject_id: one.stationId })),
    ...file.batteryRates.map((one) => ({ one, kind: 'BATTERY_RATE', subject_id: one.packId ?? one.ownerId })),
  ].map(({ one, kind, subject_id }) => ({
    tariff_id: one.id,
    kind,
    subject_id,
    effective_from: one.effectiveFrom,
    definition: one,
    registered_at,
  }));
}

function accountRows(file: NetworkFile, opened_at: string) {
  return [
    ...file.principals.flatMap((principal) => accountsOfPrincipal(principal, opened_at)),
    { account_id: accountOf.clearing(file.platformId), principal_id: file.platformId, kind: 'CLEARING', floor_fen: null, opened_at },
    ...OPENING_CHANNELS.map((channel) => ({
      account_id: accountOf.rail(channel),
      principal_id: null,
      kind: 'RAIL',
      floor_fen: null,
      opened_at,
    })),
  ];
}

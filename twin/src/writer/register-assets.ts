import { bayIdOf, slotIdOf } from '@corridor/protocols/ids';
import type { PackDefinition, StationDefinition, TruckDefinition } from '@corridor/protocols/network-file';
import type { Db } from '../db/db.ts';
import { replacing, rowsStatement, writeRows } from './json-rows.ts';
import type { Registered } from './writer-batch.ts';

/** Rows of assets; registering an id again replaces its definition. */
const station = {
  station_id: 'text',
  operator_id: 'text',
  name: 'text',
  name_zh: 'text',
  chainage_m: 'double precision',
  lat: 'double precision',
  lon: 'double precision',
  grid_region: 'text',
  definition: 'jsonb',
  registered_at: 'timestamptz',
};
const pack = { pack_id: 'text', type_code: 'text', owner_id: 'text', definition: 'jsonb', registered_at: 'timestamptz' };
const truck = {
  truck_id: 'text',
  carrier_id: 'text',
  vin: 'text',
  plate: 'text',
  rfid: 'text',
  interface_type: 'text',
  replayed: 'boolean',
  definition: 'jsonb',
  registered_at: 'timestamptz',
};
const ownership = { asset_kind: 'text', asset_id: 'text', principal_id: 'text', valid_from: 'timestamptz' };
const statements = {
  station: rowsStatement('register_station', { table: 'station', columns: station, onConflict: replacing(station, ['station_id']) }),
  bay: rowsStatement('register_bay', {
    table: 'bay',
    columns: { bay_id: 'text', station_id: 'text', bay_no: 'integer' },
    onConflict: 'on conflict do nothing',
  }),
  slot: rowsStatement('register_slot', {
    table: 'slot',
    columns: { slot_id: 'text', station_id: 'text', evse_id: 'integer' },
    onConflict: 'on conflict do nothing',
  }),
  pack: rowsStatement('register_pack', { table: 'pack', columns: pack, onConflict: replacing(pack, ['pack_id']) }),
  truck: rowsStatement('register_truck', { table: 'truck', columns: truck, onConflict: replacing(truck, ['truck_id']) }),
  // Nothing changes while the owner stays; a sale is an act of its own.
  ownership: rowsStatement('register_ownership', { table: 'ownership', columns: ownership, onConflict: 'on conflict do nothing' }),
};

export async function registerAssets(db: Db, platformId: string, registered: readonly Registered[], at: string): Promise<void> {
  if (registered.length === 0) return;
  const stations: StationDefinition[] = [];
  const packs: PackDefinition[] = [];
  const trucks: TruckDefinition[] = [];
  for (const entry of registered) {
    if (entry.asset === 'station') stations.push(entry.definition);
    else if (entry.asset === 'pack') packs.push(entry.definition);
    else trucks.push(entry.definition);
  }
  await registerStations(db, platformId, stations, at);
  await writeRows(
    db,
    statements.pack,
    platformId,
    newest(packs).map((one) => ({ pack_id: one.id, type_code: one.typeCode, owner_id: one.ownerId, definition: one, registered_at: at })),
  );
  await writeRows(
    db,
    statements.truck,
    platformId,
    newest(trucks).map((one) => truckRow(one, at)),
  );
  await writeRows(db, statements.ownership, platformId, [
    ...newest(stations).map((one) => ({ asset_kind: 'STATION', asset_id: one.id, principal_id: one.operatorId, valid_from: at })),
    ...newest(packs).map((one) => ({ asset_kind: 'PACK', asset_id: one.id, principal_id: one.ownerId, valid_from: at })),
    ...newest(trucks).map((one) => ({ asset_kind: 'TRUCK', asset_id: one.id, principal_id: one.carrierId, valid_from: at })),
  ]);
}

/** One statement may not touch a row twice. */
const newest = <T extends { id: string }>(definitions: readonly T[]): T[] => [...new Map(definitions.map((one) => [one.id, one])).values()];

async function registerStations(db: Db, platformId: string, stations: readonly StationDefinition[], at: string): Promise<void> {
  const rows = newest(stations).map((one) => ({
    station_id: one.id,
    operator_id: one.operatorId,
    name: one.name,
    name_zh: one.nameZh,
    chainage_m: one.chainageM,
    lat: one.lat,
    lon: one.lon,
    grid_region: one.gridRegion,
    definition: one,
    registered_at: at,
  }));
  await writeRows(db, statements.station, platformId, rows);
  const bays = newest(stations).flatMap(({ id, bays }) =>
    Array.from({ length: bays }, (_, index) => ({ bay_id: bayIdOf(id, index + 1), station_id: id, bay_no: index + 1 })),
  );
  await writeRows(db, statements.bay, platformId, bays);
  const slots = newest(stations).flatMap(({ id, slots }) =>
    Array.from({ length: slots }, (_, index) => ({ slot_id: slotIdOf(id, index + 1), station_id: id, evse_id: index + 1 })),
  );
  await writeRows(db, statements.slot, platformId, slots);
}

function truckRow(truck: TruckDefinition, at: string) {
  return {
    truck_id: truck.id,
    carrier_id: truck.carrierId,
    vin: truck.vin,
    plate: truck.plate,
    rfid: truck.rfid,
    interface_type: truck.interfaceType,
    replayed: truck.replayed,
    definition: truck,
    registered_at: at,
  };
}

import type { ReferenceChange } from '@corridor/actors/network/reference-store';
import type { RosterKind } from '@corridor/actors/roster/roster-life';
import type { Db } from '../db/db.ts';

const SOURCES = {
  principals: 'select definition from principal where platform_id = $1 and deregistered_at is null order by principal_id',
  packTypes: 'select definition from pack_type where platform_id = $1 order by type_code',
  stations: 'select definition from station where platform_id = $1 and deregistered_at is null order by station_id',
  packs: 'select definition from pack where platform_id = $1 and deregistered_at is null order by pack_id',
  trucks: 'select definition from truck where platform_id = $1 and deregistered_at is null order by truck_id',
  drivers: 'select definition from driver where platform_id = $1 and deregistered_at is null order by driver_id',
  alliances: `select definition from alliance where platform_id = $1 and state = 'APPROVED' order by alliance_id`,
  contracts: `select definition from contract where platform_id = $1 and state = 'APPROVED' order by contract_id`,
  tariffs: `select definition from tariff where platform_id = $1 and state = 'APPROVED' and kind = 'TIME_OF_USE' order by tariff_id`,
  stationRates: `select definition from tariff where platform_id = $1 and state = 'APPROVED' and kind = 'STATION_RATE' order by tariff_id`,
  batteryRates: `select definition from tariff where platform_id = $1 and state = 'APPROVED' and kind = 'BATTERY_RATE' order by tariff_id`,
} as const satisfies Record<keyof ReferenceChange, string>;

/** Who and what is registered, from the rows that keep each definition as it was given. */
export async function loadReference(db: Db, platformId: string): Promise<ReferenceChange> {
  const loaded: { [name: string]: unknown[] } = {};
  for (const [name, text] of Object.entries(SOURCES)) {
    const { rows } = await db.query<{ definition: unknown }>({ text, values: [platformId] });
    loaded[name] = rows.map(({ definition }) => definition);
  }
  // Definitions were checked against their schemas when they were registered.
  return loaded;
}

/** Who or what takes no part for now, and why. */
export async function loadSuspensions(db: Db, platformId: string): Promise<{ kind: RosterKind; id: string; reason: string }[]> {
  const { rows } = await db.query<{ kind: RosterKind; id: string; reason: string }>({
    text: `select kind, entity_id as id, coalesce(reason, '') as reason from registration
            where platform_id = $1 and state = 'SUSPENDED' order by kind, entity_id`,
    values: [platformId],
  });
  return rows;
}

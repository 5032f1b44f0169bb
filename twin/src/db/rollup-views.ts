import type { Db } from './db.ts';
import {
  ROLLUP_TABLES,
  ROLLUP_WIDTHS,
  ROLLUPS,
  type RolledUpTable,
  type RollupTable,
  type RollupWidth,
  rollupName,
} from './rollup-spec.ts';

/** Whose a row `t` is: as of the readings that it was made from (migrations 15 and 46). */
const MAY_SEE: Readonly<Record<RolledUpTable, string>> = {
  telemetry_pack: "caller_owned(t.platform_id, 'PACK', t.pack_id, t.bucket)",
  telemetry_slot: `caller_owned(t.platform_id, 'STATION', t.station_id, t.bucket)
    or (t.pack_id_last is not null and caller_owned(t.platform_id, 'PACK', t.pack_id_last, t.bucket))`,
  telemetry_station: "caller_owned(t.platform_id, 'STATION', t.station_id, t.bucket)",
  telemetry_truck: "caller_owned(t.platform_id, 'TRUCK', t.truck_id, t.bucket) or caller_drives(t.platform_id, t.truck_id)",
  telemetry_meter: "caller_owned(t.platform_id, 'STATION', t.station_id, t.bucket)",
};

export const seenRollupName = (table: RollupTable, width: RollupWidth): string => `seen_${rollupName(table, width)}`;

/**
 * Rollups as the caller may see them. Made at each start, behind the rollups themselves, which no migration makes.
 */
export async function makeRollupViews(db: Db): Promise<void> {
  for (const table of ROLLUP_TABLES) {
    for (const width of Object.keys(ROLLUP_WIDTHS) as RollupWidth[]) {
      const view = seenRollupName(table, width);
      const { rows } = await db.query<{ there: boolean }>({ text: 'select to_regclass($1) is not null as there', values: [view] });
      if (rows[0]?.there === true) continue;
      await db.query({
        text: `create view ${view} with (security_barrier) as
                 select * from ${rollupName(table, width)} t where (select caller_sees_all()) or ${MAY_SEE[ROLLUPS[table].of]}`,
      });
      await db.query({ text: `grant select on ${view} to corridor_app` });
    }
  }
}

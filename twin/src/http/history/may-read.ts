import type { Database } from '../../db/db.ts';
import type { LiveScene } from '../../projection/live-scene.ts';
import { bookOwnerOf, type Rights } from '../../projection/rights.ts';
import { isOwnTruck } from '../../projection/truck-view.ts';
import { readAs } from '../../rights/read-as.ts';

export type OwnedAsset = 'STATION' | 'PACK' | 'TRUCK';

/** Role whose assets they are. */
const OWNED_BY: Readonly<Record<OwnedAsset, Rights['kind']>> = { STATION: 'STATION_OPERATOR', PACK: 'BATTERY_OWNER', TRUCK: 'CARRIER' };

/** Tells who may ask for the past of an asset. Former owners too: of their own interval. */
export function readerOf({ database, platformId, scene }: { database: Database; platformId: string; scene: LiveScene }) {
  return async (rights: Rights, asset: OwnedAsset, id: string): Promise<boolean> => {
    if (rights.kind === 'ALL') return true;
    if (rights.kind === 'DRIVER') return asset === 'TRUCK' && isOwnTruck(id, rights, scene.live);
    if (rights.kind !== OWNED_BY[asset]) return false;
    const { rowCount } = await readAs(database, rights).query({
      text: 'select from ownership where platform_id = $1 and asset_kind = $2 and asset_id = $3 and principal_id = $4 limit 1',
      values: [platformId, asset, id, bookOwnerOf(rights)],
    });
    return rowCount === 1;
  };
}

import type { NetworkFile } from '@corridor/protocols/network-file';
import type { Db } from '@corridor/twin/db/db';
import type { Draw } from './marked-rows.ts';
import { type Asker, isOf, type Marks } from './marks.ts';

/** Of each pack, in a slot and then on a truck; ms before what is marked begins. */
const IN_SLOT = { from: 900, until: 600 };
const ON_TRUCK = { from: 600, until: 300 };

/**
 * Writes where packs were before any was sold: with an operator, then with a carrier. Each place tells of a swap, which is for who owned the
 * pack and for whom it was with.
 */
export async function markStays(options: { db: Db; file: NetworkFile; marks: Marks; draw: Draw; startMs: number }): Promise<void> {
  const { db, file, marks, draw, startMs } = options;
  const stay = (packId: string, kind: 'SLOT' | 'TRUCK', id: string, { from, until }: typeof IN_SLOT, mark: string) =>
    db.query({
      text: `insert into custody (platform_id, pack_id, place_kind, place_id, since, until, order_id, cause) values ('PF', $1, $2, $3, $4, $5, $6, 'SWAP')`,
      values: [packId, kind, id, new Date(startMs - from), new Date(startMs - until), mark],
    });
  for (const pack of file.packs) {
    const station = file.stations[draw(file.stations.length)];
    const truck = file.trucks[draw(file.trucks.length)];
    if (station === undefined || truck === undefined) throw new Error('a network without stations or trucks');
    const drivers = file.drivers.filter(({ truckIds }) => truckIds.includes(truck.id)).map(({ id }) => id);
    const drives = (asker: Asker) => asker.kind === 'DRIVER' && asker.id !== null && drivers.includes(asker.id);
    const ofStation = marks.text((asker) => isOf(asker, pack.ownerId, station.operatorId));
    const ofTruck = marks.text((asker) => isOf(asker, pack.ownerId, truck.carrierId) || drives(asker));
    await stay(pack.id, 'SLOT', `${station.id}-1`, IN_SLOT, ofStation);
    await stay(pack.id, 'TRUCK', truck.id, ON_TRUCK, ofTruck);
  }
}

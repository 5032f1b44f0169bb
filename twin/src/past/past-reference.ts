import type { Reference } from '@corridor/actors/network/reference';
import type { PackDefinition, StationDefinition, TruckDefinition } from '@corridor/protocols/network-file';
import type { Db } from '../db/db.ts';

/** What took part at an instant, under whom it was then. */
interface Registered {
  readonly stations: ReadonlyMap<string, StationDefinition>;
  readonly packs: ReadonlyMap<string, PackDefinition>;
  readonly trucks: ReadonlyMap<string, TruckDefinition>;
}

/**
 * The reference as of a past instant: assets that somebody owned then, also those that have left since, with that owner, so that rights go by
 * that instant. Agreements and tariffs carry their own dates.
 */
export async function loadPastReference(db: Db, at: Date, reference: Reference): Promise<Reference> {
  const owned = async <Definition>(
    kind: 'station' | 'pack' | 'truck',
    under: (definition: Definition, ownerId: string) => Definition,
  ): Promise<Map<string, Definition>> => {
    const { rows } = await db.query<{ id: string; definition: Definition; owner: string }>({
      text: `select a.${kind}_id as id, a.definition, o.principal_id as owner
               from ownership o join ${kind} a on a.platform_id = o.platform_id and a.${kind}_id = o.asset_id
              where o.platform_id = $1 and o.asset_kind = $2 and o.valid_from <= $3 and (o.valid_until is null or o.valid_until > $3)
              order by a.${kind}_id`,
      values: [reference.platformId, kind.toUpperCase(), at],
    });
    return new Map(rows.map(({ id, definition, owner }) => [id, under(definition, owner)]));
  };
  return asOf(reference, {
    stations: await owned<StationDefinition>('station', (one, operatorId) => ({ ...one, operatorId })),
    packs: await owned<PackDefinition>('pack', (one, ownerId) => ({ ...one, ownerId })),
    trucks: await owned<TruckDefinition>('truck', (one, carrierId) => ({ ...one, carrierId })),
  });
}

/** What has no date of its own is as it is now: names, pack types, drivers. */
function asOf(reference: Reference, { stations, packs, trucks }: Registered): Reference {
  return {
    platformId: reference.platformId,
    packOrder: reference.packOrder,
    principal: (id) => reference.principal(id),
    packType: (code) => reference.packType(code),
    driver: (id) => reference.driver(id),
    driverByToken: (idToken) => reference.driverByToken(idToken),
    suspensionOf: (kind, id) => reference.suspensionOf(kind, id),
    contractOf: (carrierId, onDate) => reference.contractOf(carrierId, onDate),
    alliance: (id) => reference.alliance(id),
    tariffOf: (stationId, onDate) => reference.tariffOf(stationId, onDate),
    stationRate: (stationId, onDate) => reference.stationRate(stationId, onDate),
    batteryRate: (pack, onDate) => reference.batteryRate(pack, onDate),
    principals: () => reference.principals(),
    requiredEnergyWh: (leg) => reference.requiredEnergyWh(leg),
    station: (id) => stations.get(id),
    pack: (id) => packs.get(id),
    truck: (id) => trucks.get(id),
    stations: () => stations.values(),
    packs: () => packs.values(),
    trucks: () => trucks.values(),
  };
}

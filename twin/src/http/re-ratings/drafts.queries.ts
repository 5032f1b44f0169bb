import { type Drafts, NO_DRAFTS } from '@corridor/actors/rerate/draft-reference';
import type { BatteryRate, Contract, StationRate, TimeOfUseTariff } from '@corridor/protocols/network-file';
import type { Db } from '../../db/db.ts';

/** Definitions of agreements by id, in whatever state they are: a draft is tried before it is approved. @returns null: one is unknown */
export async function findDrafts(
  db: Db,
  platformId: string,
  tariffIds: readonly string[],
  contractIds: readonly string[],
): Promise<Drafts | null> {
  const tariffs = await db.query<{ kind: string; definition: unknown }>({
    text: 'select kind, definition from tariff where platform_id = $1 and tariff_id = any($2) order by tariff_id',
    values: [platformId, tariffIds],
  });
  const contracts = await db.query<{ definition: unknown }>({
    text: 'select definition from contract where platform_id = $1 and contract_id = any($2) order by contract_id',
    values: [platformId, contractIds],
  });
  if (tariffs.rows.length !== new Set(tariffIds).size || contracts.rows.length !== new Set(contractIds).size) return null;
  // Definitions were checked against their schemas when they were drafted.
  const of = <T>(kind: string) => tariffs.rows.filter((row) => row.kind === kind).map(({ definition }) => definition as T);
  return {
    ...NO_DRAFTS,
    contracts: contracts.rows.map(({ definition }) => definition as Contract),
    tariffs: of<TimeOfUseTariff>('TIME_OF_USE'),
    stationRates: of<StationRate>('STATION_RATE'),
    batteryRates: of<BatteryRate>('BATTERY_RATE'),
  };
}

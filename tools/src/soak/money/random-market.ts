import { ReferenceStore } from '@corridor/actors/network/reference-store';
import type { EnergyLot } from '@corridor/actors/pack/energy-lot';
import type { Prng } from '@corridor/actors/time/prng';
import type { Principal, StationDefinition } from '@corridor/protocols/network-file';
import { type Parties, randomBatteryRate, randomContract, randomStationRate, randomTariff } from './random-agreements.ts';

/** First instant of a market: a local midnight of 2026 [scope ms]. */
export const MARKET_YEAR = 2026;
export const MARKET_BEGINS_MS = Date.UTC(MARKET_YEAR, 0, 1) - 8 * 3_600_000;
const NOMINAL_WH = 282_000;

/** A pack of the market with what is in it; a pack is in one place at a time. */
export interface MarketPack {
  readonly packId: string;
  readonly ownerId: string;
  sohPercent: number;
  readonly nominalWh: number;
  lots: EnergyLot[];
  /** Frozen when it was issued. */
  rentNanoYuanPerKwh: bigint;
}
export interface MarketTruck {
  readonly truckId: string;
  readonly carrierId: string;
  odometerM: number;
  odometerAtSwapM: number;
  /** null after a swap that ended without a pack. */
  pack: MarketPack | null;
  isBusy: boolean;
}

/** A network nobody planned: its agreements change in the middle of the year, and some begin late. */
export interface Market {
  readonly reference: ReferenceStore;
  readonly platformId: string;
  readonly carrierIds: readonly string[];
  readonly ownerIds: readonly string[];
  readonly stationIds: readonly string[];
  readonly trucks: readonly MarketTruck[];
  /** Packs in each station, ready or not. */
  readonly stock: ReadonlyMap<string, MarketPack[]>;
}

const named = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`);

export function randomMarket(random: Prng): Market {
  const [operatorIds, ownerIds, carrierIds, stationIds] = [
    named('SO', random.integer(1, 4)),
    named('BO', random.integer(1, 4)),
    named('C', random.integer(1, 4)),
    named('ST', random.integer(1, 5)),
  ];
  const parties: Parties = { platformId: 'PF', operatorIds, ownerIds, stationIds };
  // An operator may own packs too: then one principal has two roles in one bill.
  const packOwnerIds = random.chance(0.3) ? [...ownerIds, ...operatorIds] : ownerIds;
  const reference = new ReferenceStore('PF', () => null);
  reference.apply({ principals: principalsOf(parties, carrierIds), stations: stationsOf(random, parties) });
  agree(random, parties, { reference, carrierIds, packOwnerIds });
  const stock = new Map<string, MarketPack[]>(stationIds.map((stationId) => [stationId, []]));
  const packOf = (packId: string): MarketPack => ({
    packId,
    ownerId: random.pick(packOwnerIds),
    sohPercent: random.integer(700, 1_000) / 10,
    nominalWh: NOMINAL_WH,
    lots: [],
    rentNanoYuanPerKwh: 0n,
  });
  for (const stationId of stationIds)
    for (const packId of named(`${stationId}-P`, random.integer(2, 8))) stock.get(stationId)?.push(packOf(packId));
  const trucks = named('T', random.integer(2, 12)).map((truckId) => ({
    truckId,
    carrierId: random.pick(carrierIds),
    odometerM: 0,
    odometerAtSwapM: 0,
    pack: packOf(`${truckId}-P`),
    isBusy: false,
  }));
  return { reference, platformId: 'PF', carrierIds, ownerIds: packOwnerIds, stationIds, trucks, stock };
}

function principalsOf({ platformId, operatorIds, ownerIds }: Parties, carrierIds: readonly string[]): Principal[] {
  const of = (kind: Principal['kind']) => (id: string) => ({ id, kind, name: id, nameZh: id });
  return [
    of('PLATFORM')(platformId),
    ...operatorIds.map(of('STATION_OPERATOR')),
    ...ownerIds.map(of('BATTERY_OWNER')),
    ...carrierIds.map(of('CARRIER')),
  ];
}

function stationsOf(random: Prng, { stationIds, operatorIds }: Parties): StationDefinition[] {
  return stationIds.map((id, index) => ({
    id,
    siteId: id,
    name: id,
    nameZh: id,
    operatorId: random.pick(operatorIds),
    direction: 'BOTH',
    chainageM: index * 50_000,
    lat: 38,
    lon: 115,
    gridRegion: random.pick(['HEBEI_SOUTH', 'SHANXI']),
    bays: 1,
    slots: 8,
    chargerPowerW: 250_000,
    gridLimitW: 2_000_000,
    pvPeakW: 0,
    interfaceTypes: ['I'],
    targetSocPercent: 90,
    maxSocPercent: 95,
  }));
}

/** Tariffs, rates and contracts in two versions; the odd one begins late, so that swaps before it have no price. */
function agree(
  random: Prng,
  parties: Parties,
  { reference, carrierIds, packOwnerIds }: { reference: ReferenceStore; carrierIds: readonly string[]; packOwnerIds: readonly string[] },
): void {
  const begins = [`${MARKET_YEAR}-01-01`, `${MARKET_YEAR}-0${random.integer(3, 9)}-15`];
  const first = random.chance(0.05) ? `${MARKET_YEAR}-01-09` : begins[0];
  const middle = begins[1] ?? '';
  for (const effectiveFrom of [first ?? '', middle]) {
    reference.apply({
      tariffs: (['HEBEI_SOUTH', 'SHANXI'] as const).map((gridRegion) =>
        randomTariff(random, { id: `${gridRegion}-${effectiveFrom}`, gridRegion, effectiveFrom }),
      ),
      stationRates: parties.stationIds.map((stationId) =>
        randomStationRate(random, { id: `SR-${stationId}-${effectiveFrom}`, stationId, effectiveFrom }),
      ),
      batteryRates: packOwnerIds.map((ownerId) =>
        randomBatteryRate(random, { id: `BR-${ownerId}-${effectiveFrom}`, ownerId, effectiveFrom }),
      ),
    });
  }
  for (const carrierId of carrierIds) {
    const of = { carrierId, year: MARKET_YEAR };
    reference.apply({
      contracts: [
        randomContract(random, parties, { ...of, id: `CT-${carrierId}-1`, validFrom: `${MARKET_YEAR}-01-01`, validUntil: middle }),
        randomContract(random, parties, { ...of, id: `CT-${carrierId}-2`, validFrom: middle, validUntil: `${MARKET_YEAR + 9}-12-31` }),
      ],
    });
  }
}

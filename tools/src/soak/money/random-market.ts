import { ReferenceStore } from '@corridor/actors/network/reference-store';
import type { EnergyLot } from '@corridor/actors/pack/energy-lot';
import type { Prng } from '@corridor/actors/time/prng';
import type { SettlementAgreement } from '@corridor/protocols/agreement/settlement-agreement';
import type { BatteryRate, Contract, Principal, StationDefinition, StationRate, TimeOfUseTariff } from '@corridor/protocols/network-file';
import {
  type Parties,
  randomAlliances,
  randomBatteryRate,
  randomContract,
  randomSettlement,
  randomStationRate,
  randomTariff,
} from './random-agreements.ts';

/** First instant of a market: a local midnight of 2026 [scope ms]. */
export const MARKET_YEAR = 2026;
export const MARKET_BEGINS_MS = Date.UTC(MARKET_YEAR, 0, 1) - 8 * 3_600_000;
const NOMINAL_WH = 282_000;
const MINUTE_MS = 60_000;

/** A pack of the market with what is in it; a pack is in one place at a time. */
export interface MarketPack {
  readonly packId: string;
  /** Changes when the pack is sold. */
  ownerId: string;
  sohPercent: number;
  readonly nominalWh: number;
  lots: EnergyLot[];
  /** Both frozen when it was issued: whose it was then, and its rate. */
  rentOwnerId: string;
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
  /** Who owns packs: battery owners, and some operators. */
  readonly ownerIds: readonly string[];
  /** Who may earn: everybody but carriers. */
  readonly earnerIds: readonly string[];
  readonly settlements: readonly SettlementAgreement[];
  /** All versions that were agreed. */
  readonly agreements: {
    contracts: Contract[];
    stationRates: StationRate[];
    tariffs: TimeOfUseTariff[];
    batteryRates: BatteryRate[];
  };
  /** Mean time between two swaps: from a busy day to three years in all. */
  readonly paceMs: number;
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
  // An operator may own packs too: then one principal has two roles in one bill.
  const packOwnerIds = random.chance(0.3) ? [...ownerIds, ...operatorIds] : ownerIds;
  const alliances = randomAlliances(random, { stationIds, packOwnerIds });
  const parties: Parties = { platformId: 'PF', operatorIds, ownerIds, stationIds, allianceIds: alliances.map(({ id }) => id) };
  const reference = new ReferenceStore('PF', () => null);
  reference.apply({ alliances, principals: principalsOf(parties, carrierIds), stations: stationsOf(random, parties) });
  const stock = new Map<string, MarketPack[]>(stationIds.map((stationId) => [stationId, []]));
  const packOf = (packId: string): MarketPack => {
    const ownerId = random.pick(packOwnerIds);
    const sohPercent = random.integer(700, 1_000) / 10;
    return { packId, ownerId, sohPercent, nominalWh: NOMINAL_WH, lots: [], rentOwnerId: ownerId, rentNanoYuanPerKwh: 0n };
  };
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
  const packs = [...stock.values(), trucks.map(({ pack }) => pack)].flat();
  const agreements = agree(random, parties, { carrierIds, packOwnerIds, packs });
  reference.apply(agreements);
  const earnerIds = ['PF', ...operatorIds, ...ownerIds];
  return {
    reference,
    platformId: 'PF',
    carrierIds,
    ownerIds: packOwnerIds,
    earnerIds,
    stationIds,
    trucks,
    stock,
    agreements,
    settlements: settlementsOf(random, parties, earnerIds),
    paceMs: random.pick([10 * MINUTE_MS, 60 * MINUTE_MS, 6 * 60 * MINUTE_MS, 12 * 60 * MINUTE_MS]),
  };
}

/** The odd one has none, and is settled by the day. */
function settlementsOf(random: Prng, parties: Parties, earnerIds: readonly string[]): SettlementAgreement[] {
  return earnerIds.flatMap((principalId) =>
    [`${MARKET_YEAR - 1}-01-01`, `${MARKET_YEAR}-0${random.integer(2, 9)}-11`]
      .filter(() => random.chance(0.8))
      .map((effectiveFrom) => randomSettlement(random, parties, { principalId, earnerIds, effectiveFrom })),
  );
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
  of: { carrierIds: readonly string[]; packOwnerIds: readonly string[]; packs: readonly MarketPack[] },
): Market['agreements'] {
  const middle = `${MARKET_YEAR}-0${random.integer(3, 9)}-15`;
  const first = random.chance(0.05) ? `${MARKET_YEAR}-01-09` : `${MARKET_YEAR}-01-01`;
  const begins = [first, middle];
  // Some packs have a rate of their own.
  const alone = of.packs.filter(() => random.chance(0.1));
  return {
    tariffs: begins.flatMap((effectiveFrom) =>
      (['HEBEI_SOUTH', 'SHANXI'] as const).map((gridRegion) =>
        randomTariff(random, { id: `${gridRegion}-${effectiveFrom}`, gridRegion, effectiveFrom }),
      ),
    ),
    stationRates: begins.flatMap((effectiveFrom) =>
      parties.stationIds.map((stationId) =>
        randomStationRate(random, { id: `SR-${stationId}-${effectiveFrom}`, stationId, effectiveFrom }),
      ),
    ),
    batteryRates: begins.flatMap((effectiveFrom) => [
      ...of.packOwnerIds.map((ownerId) => randomBatteryRate(random, { id: `BR-${ownerId}-${effectiveFrom}`, ownerId, effectiveFrom })),
      ...alone.map(({ packId, ownerId }) =>
        randomBatteryRate(random, { id: `BR-${packId}-${effectiveFrom}`, ownerId, packId, effectiveFrom }),
      ),
    ]),
    contracts: of.carrierIds.flatMap((carrierId) => contractsOf(random, parties, carrierId)),
  };
}

/** One after the other over the year, each with other terms; the last one stays. */
function contractsOf(random: Prng, parties: Parties, carrierId: string): Contract[] {
  const months = Array.from({ length: 12 }, (_, index) => index + 1).filter((month) => month === 1 || random.chance(0.6));
  return months.map((month, index) => {
    const [from, next] = [month, months[index + 1]].map((each) => `${MARKET_YEAR}-${String(each).padStart(2, '0')}-01`);
    return randomContract(random, parties, {
      carrierId,
      year: MARKET_YEAR,
      id: `CT-${carrierId}-${month}`,
      validFrom: from ?? '',
      // The newest of those that include a day is in force.
      validUntil: index + 1 < months.length ? (next ?? '') : `${MARKET_YEAR + 9}-12-31`,
    });
  });
}

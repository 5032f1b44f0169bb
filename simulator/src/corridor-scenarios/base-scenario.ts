import { versionInForce } from '@corridor/actors/tariff/version-in-force';
import { violated } from '@corridor/protocols/assert';
import { GRID_REGIONS, type NetworkFile } from '@corridor/protocols/network-file';
import { DEFAULT_NETWORK_PATH, loadNetwork } from '../plant/corridor-files.ts';
import type { CarbonPlan } from '../scenario/energy.schema.ts';
import type { Scenario, StationPlan, TripsPlan } from '../scenario/scenario.schema.ts';
import { corridorRoads } from './corridor-roads.ts';

const STARTS_ON = '2026-07-01';
/** Share of clear-sky sun over a year: 1,200 full-load hours on the plain of Hebei (assumption). */
const CLEAR_SKY_RATIO = 0.7;
/** A quarter busier by day than by night (assumption). */
const DAY_PROFILE = [...Array.from({ length: 6 }, () => 0.7), ...Array.from({ length: 18 }, () => 1.1)];
export const PACKS_PER_STATION = 7;
/** Tractor and bulk trailer without a pack. */
export const TARE_WITHOUT_PACK_KG = 15_100;

/** Grid factors of 2022; a diesel truck with these loads takes 40 l/100 km. */
const CARBON: CarbonPlan = {
  dieselLPer100Km: 40,
  dieselKgCo2PerL: 2.6,
  gridKgCo2PerKwh: { HEBEI_SOUTH: 0.7252, SHANXI: 0.7096 },
  certifiedGreenRatio: 0,
};

/** Versions that are in force on a date, one a region. */
export const tariffsOn = ({ tariffs }: NetworkFile, date: string): NetworkFile['tariffs'] =>
  GRID_REGIONS.flatMap(
    (region) =>
      versionInForce(
        tariffs.filter(({ gridRegion, stationId }) => gridRegion === region && stationId === undefined),
        date,
      ) ?? violated(`no tariff of ${region} on ${date}`),
  );

/** The base corridor, from `data/corridor`: 60 trucks, one round trip a day each, ten stations of seven packs. */
export function baseScenario(): Scenario {
  const network = loadNetwork(DEFAULT_NETWORK_PATH);
  return {
    name: 'Corridor, base',
    about:
      '60 trucks with LFP350 packs, one round trip a day each between the port and Yuanping, 10 stations of 7 packs. Roads, heights and stations as in data/corridor.',
    model: 'coarse',
    days: 16,
    warmUpDays: 2,
    seeds: { first: 1, count: 10 },
    eventsMax: 50_000_000,
    pack: { type: 'LFP350', nominalWh: 350_000, sohPercent: 95, cellTempC: 25 },
    weather: 'SUMMER',
    startsOn: STARTS_ON,
    ...corridorRoads(),
    stations: network.stations.map(stationPlan),
    fleets: [haul(60, 2.5)],
    tariffs: tariffsOn(network, STARTS_ON),
    carbon: CARBON,
  };
}

function stationPlan({
  id,
  siteId,
  direction,
  bays,
  chargerPowerW,
  gridLimitW,
  pvPeakW,
  gridRegion,
  slots,
  maxSocPercent,
}: NetworkFile['stations'][number]): StationPlan {
  return {
    id,
    siteId,
    ...(direction === 'BOTH' ? {} : { servesTripsTo: [direction === 'WEST' ? 'YP' : 'HHP'] }),
    bays,
    packs: PACKS_PER_STATION,
    chargers: slots,
    chargerPowerW,
    gridLimitW,
    issueSocPercent: maxSocPercent,
    discipline: 'wait',
    swapTime: { kind: 'triangular', minMs: 240_000, modeMs: 300_000, maxMs: 480_000 },
    gridRegion,
    ...(pvPeakW > 0 ? { pv: { peakW: pvPeakW, clearSkyRatio: CLEAR_SKY_RATIO } } : {}),
  };
}

/** Ore up and coal back. @param perHour departures an hour */
export const haul = (trucks: number, perHour: number): TripsPlan => ({
  kind: 'trips',
  id: 'haul',
  trucks,
  from: 'HHP',
  to: 'YP',
  departures: { kind: 'poisson', perHour, dayProfile: DAY_PROFILE },
  loadedMassOutKg: 49_000,
  loadedMassBackKg: 49_000,
  emptyMassKg: TARE_WITHOUT_PACK_KG + 4_000,
  emptyTripRatio: 0.1,
  turnTime: { kind: 'triangular', minMs: 2_700_000, modeMs: 3_600_000, maxMs: 5_400_000 },
  legVariationRatio: 0.05,
  towTime: { kind: 'lognormal', medianMs: 7_200_000, sigma: 0.5 },
  startSocPercent: 90,
});

/**
 * Writes data/corridor/network.json: the default network. Run again after a change here: `npm run generate:network`.
 * Sites and chainages come from data/corridor/sites.csv, tariffs from data/tariffs; numbers of stations, slots, packs and trucks, owners, plates
 * and rates are assumptions (docs/domain/), deterministic, so that the file is the same at every run.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { requiredContentWh } from '@corridor/actors/dispatch/reach';
import { STATED_TAX_RATES } from '@corridor/actors/rating/stated-tax-rates';
import { assert } from '@corridor/protocols/assert';
import type {
  BatteryRate,
  Contract,
  DriverDefinition,
  NetworkFile,
  PackDefinition,
  Principal,
  StationDefinition,
  StationRate,
  TruckDefinition,
} from '@corridor/protocols/network-file';
import { loadWorld } from '@corridor/simulator/plant/corridor-files';
import { newPlantState } from '@corridor/simulator/plant/new-plant';
import { GROSS_MASS_KG_MAX, WayPlanner } from '@corridor/simulator/plant/way-ahead';
import { Command } from 'commander';
import { timeOfUseTariffs } from './read-tariffs.ts';

new Command('npm run generate:network --')
  .description('Writes data/corridor/network.json, the default network, from sites and tariffs.')
  .parse();

const root = new URL('../../../', import.meta.url);
const PACK_TYPE = 'LFP350';
const INTERFACE = 'TOP-A';
const PACKS_PER_STATION = 7;
const SLOTS_PER_STATION = 8;
const TRUCKS = 60;
const FROM = '2025-01-01';
const UNTIL = '2035-12-31';

interface Site {
  id: string;
  name: string;
  nameZh: string;
  lat: number;
  lon: number;
  chainageM: number;
}

function readSites(): Map<string, Site> {
  const [, ...lines] = readFileSync(new URL('data/corridor/sites.csv', root), 'utf8').trim().split('\n');
  return new Map(
    lines.map((line) => {
      const cells = line.match(/("[^"]*"|[^,]*)(,|$)/g)?.map((cell) => cell.replace(/,$/, '').replace(/^"|"$/g, '')) ?? [];
      const [id = '', name = '', nameZh = '', lat = '', lon = '', km = ''] = cells;
      return [id, { id, name, nameZh, lat: Number(lat), lon: Number(lon), chainageM: Math.round(Number(km) * 1000) }];
    }),
  );
}

const placements = [
  { id: 'HH1', site: 'HH', name: 'Huanghua', nameZh: '黄骅站', direction: 'BOTH', operator: 'SO1', grid: 'HEBEI_SOUTH' },
  { id: 'HJ1', site: 'HJ', name: 'Hejian West', nameZh: '河间西行站', direction: 'WEST', operator: 'SO1', grid: 'HEBEI_SOUTH' },
  { id: 'HJ2', site: 'HJ', name: 'Hejian East', nameZh: '河间东行站', direction: 'EAST', operator: 'SO1', grid: 'HEBEI_SOUTH' },
  { id: 'BD1', site: 'BD', name: 'Baoding West', nameZh: '保定西行站', direction: 'WEST', operator: 'SO1', grid: 'HEBEI_SOUTH' },
  { id: 'BD2', site: 'BD', name: 'Baoding East', nameZh: '保定东行站', direction: 'EAST', operator: 'SO2', grid: 'HEBEI_SOUTH' },
  { id: 'FP1', site: 'FP', name: 'Fuping', nameZh: '阜平站', direction: 'BOTH', operator: 'SO2', grid: 'HEBEI_SOUTH' },
  {
    id: 'FX1',
    site: 'FPW',
    name: 'Fuping West, westbound',
    nameZh: '阜平西服务区西行站',
    direction: 'WEST',
    operator: 'SO2',
    grid: 'HEBEI_SOUTH',
  },
  {
    id: 'FX2',
    site: 'FPW',
    name: 'Fuping West, eastbound',
    nameZh: '阜平西服务区东行站',
    direction: 'EAST',
    operator: 'SO2',
    grid: 'HEBEI_SOUTH',
  },
  { id: 'RC1', site: 'RC', name: 'Rucun', nameZh: '茹村站', direction: 'BOTH', operator: 'SO3', grid: 'SHANXI' },
  {
    id: 'YP1',
    site: 'YP',
    name: 'Yuanping Aluminium Avenue',
    nameZh: '原平铝业大道站',
    direction: 'BOTH',
    operator: 'SO3',
    grid: 'SHANXI',
  },
] as const;

const principals: Principal[] = [
  { id: 'PF', kind: 'PLATFORM', name: 'Corridor Platform', nameZh: '走廊平台' },
  { id: 'SO1', kind: 'STATION_OPERATOR', name: 'Bohai Swap Stations', nameZh: '渤海换电运营' },
  { id: 'SO2', kind: 'STATION_OPERATOR', name: 'Taihang Energy Sites', nameZh: '太行能源场站' },
  { id: 'SO3', kind: 'STATION_OPERATOR', name: 'Xinzhou Green Power', nameZh: '忻州绿电运营' },
  { id: 'BO1', kind: 'BATTERY_OWNER', name: 'Hebei Battery Bank', nameZh: '河北电池银行' },
  { id: 'BO2', kind: 'BATTERY_OWNER', name: 'Jin Pack Leasing', nameZh: '晋电池租赁' },
  { id: 'BO3', kind: 'BATTERY_OWNER', name: 'Port Pack Holdings', nameZh: '港口电池资产' },
  { id: 'C1', kind: 'CARRIER', name: 'Huanghua Port Haulage', nameZh: '黄骅港运输' },
  { id: 'C2', kind: 'CARRIER', name: 'Shanxi Aluminium Logistics', nameZh: '山西铝业物流' },
  { id: 'C3', kind: 'CARRIER', name: 'Baoding Bulk Transport', nameZh: '保定散货运输' },
  { id: 'C4', kind: 'CARRIER', name: 'Yuanping Coal Lines', nameZh: '原平煤运' },
];

const owners = ['BO1', 'BO2', 'BO3'];
const carriers = ['C1', 'C2', 'C3', 'C4'];
const pick = <T>(list: readonly T[], index: number): T => {
  const value = list[index % list.length];
  assert(value !== undefined, 'empty list');
  return value;
};
const pad = (value: number, width: number): string => String(value).padStart(width, '0');
/** A fixed scatter 0..1 by index, so that packs differ without a generator. */
const scatter = (index: number): number => (index * 0.618_033_988_75) % 1;

function stationDefinitions(sites: Map<string, Site>): StationDefinition[] {
  return placements.map((place) => {
    const site = sites.get(place.site);
    assert(site !== undefined, `site ${place.site} is not in sites.csv`);
    return {
      id: place.id,
      siteId: place.site,
      name: place.name,
      nameZh: place.nameZh,
      operatorId: place.operator,
      direction: place.direction,
      chainageM: site.chainageM,
      lat: site.lat,
      lon: site.lon,
      gridRegion: place.grid,
      bays: 1,
      slots: SLOTS_PER_STATION,
      chargerPowerW: 240_000,
      gridLimitW: 2_000_000,
      pvPeakW: 300_000,
      interfaceTypes: [INTERFACE],
      targetSocPercent: 90,
      maxSocPercent: place.id === 'BD1' ? 98 : 95,
    };
  });
}

function packDefinitions(stations: StationDefinition[]): PackDefinition[] {
  const places: PackDefinition['initial'][] = [
    ...stations.flatMap((station) =>
      Array.from({ length: PACKS_PER_STATION }, (_, slot) => ({ kind: 'SLOT' as const, id: `${station.id}-${slot + 1}` })),
    ),
    ...Array.from({ length: TRUCKS }, (_, truck) => ({ kind: 'TRUCK' as const, id: `T${pad(truck + 1, 3)}` })),
  ];
  return places.map((initial, index) => ({
    id: `${PACK_TYPE}-${pad(index + 1, 4)}`,
    typeCode: PACK_TYPE,
    ownerId: pick(owners, index * 7 + (index % 5)),
    initial,
    initialSocPercent: initial.kind === 'SLOT' ? 55 + Math.round(scatter(index) * 40) : 50 + Math.round(scatter(index) * 40),
    initialSohPercent: Math.round((88 + scatter(index * 3) * 12) * 10) / 10,
  }));
}

function truckDefinitions(lengthM: number): TruckDefinition[] {
  return Array.from({ length: TRUCKS }, (_, index) => {
    const west = index % 2 === 0;
    const serial = pad(index + 1, 3);
    return {
      id: `T${serial}`,
      vin: `LCT4X2BEV${pad(26_000_001 + index, 8)}`,
      plate: `${west ? '冀J' : '晋H'}${pad(10_000 + index * 137, 5)}D`,
      rfid: `E280${pad(1_170_000 + index, 12)}`,
      carrierId: pick(carriers, index),
      interfaceType: INTERFACE,
      tareMassKg: 15_100,
      initialChainageM: Math.round(6_000 + ((index + 0.5) / TRUCKS) * (lengthM - 12_000)),
      initialDirection: west ? 'WEST' : 'EAST',
      replayed: false,
    };
  });
}

/** Nobody sets out with less than the way to the first station takes, loaded and in winter: such a truck would strand. */
function raiseFirstCharge(network: NetworkFile): void {
  const world = loadWorld(1);
  const state = newPlantState({ network, world, seed: 1, atMs: 0 });
  const planner = new WayPlanner(world);
  for (const truck of Object.values(state.trucks)) {
    const [first] = planner
      .candidates(state, truck, { massKg: GROSS_MASS_KG_MAX, winter: true })
      .sort((one, other) => one.distanceM - other.distanceM);
    const pack = network.packs.find(({ id }) => id === truck.packId);
    const nominalWh = network.packTypes.find(({ code }) => code === pack?.typeCode)?.nominalWh;
    assert(first !== undefined && pack !== undefined && nominalWh !== undefined, `${truck.id} has a pack and a station ahead`);
    const requiredWh = requiredContentWh({ peakWh: first.peakWh, nominalWh });
    const requiredPercent = Math.ceil((100 * requiredWh) / ((pack.initialSohPercent / 100) * nominalWh));
    pack.initialSocPercent = Math.max(pack.initialSocPercent, requiredPercent);
  }
}

const surnames = ['Wang', 'Li', 'Zhang', 'Liu', 'Chen', 'Yang', 'Zhao', 'Huang', 'Zhou', 'Wu'];
const givenNames = ['Jianguo', 'Wei', 'Qiang', 'Lei', 'Jun', 'Yong', 'Tao', 'Ming', 'Bo', 'Hai'];

function driverDefinitions(trucks: TruckDefinition[]): DriverDefinition[] {
  return trucks.map((truck, index) => ({
    id: `D${pad(index + 1, 3)}`,
    name: `${pick(surnames, index)} ${pick(givenNames, Math.floor(index / 10) + index * 3)}`,
    carrierId: truck.carrierId,
    idToken: { idToken: `CT-${pad(90_000 + index * 31, 6)}`, type: 'Central' },
    truckIds: [truck.id],
    certifiedUntil: UNTIL,
  }));
}

const contracts: Contract[] = carriers.map((carrierId) => ({
  id: `CT-${carrierId}`,
  carrierId,
  allianceIds: ['CORRIDOR'],
  validFrom: FROM,
  validUntil: UNTIL,
  splitRule: 'LOTS',
  holdMarginBasisPoints: 500,
  holdStepFen: '1000',
  commissionServiceBasisPoints: 500,
  commissionRentBasisPoints: 300,
  settlementPeriod: 'M1',
  billing: { mode: 'PER_KWH' },
  tax: STATED_TAX_RATES,
  energyDeposit: { joinNanoYuanPerKwh: '1200000000', leaveNanoYuanPerKwh: '1050000000' },
}));

const stationRates: StationRate[] = placements.map(({ id }) => ({
  id: `SR-${id}-1`,
  stationId: id,
  effectiveFrom: FROM,
  serviceNanoYuanPerKwh: '400000000',
  handlingFen: '1000',
}));

const batteryRates: BatteryRate[] = owners.map((ownerId) => ({
  id: `BR-${ownerId}-1`,
  ownerId,
  effectiveFrom: FROM,
  rentNanoYuanPerKwh: '300000000',
  sohSteps: [
    { minSohPercent: 95, factorBasisPoints: 10_000 },
    { minSohPercent: 90, factorBasisPoints: 9_700 },
    { minSohPercent: 85, factorBasisPoints: 9_300 },
    { minSohPercent: 80, factorBasisPoints: 8_800 },
  ],
}));

const sites = readSites();
const stations = stationDefinitions(sites);
const lengthM = Math.max(...[...sites.values()].map((site) => site.chainageM));
const trucks = truckDefinitions(lengthM);
const network: NetworkFile = {
  platformId: 'PF',
  principals,
  packTypes: [
    { code: 'LFP282', nominalWh: 282_000, massKg: 3_200, nominalVoltageV: 618, interfaceType: INTERFACE },
    { code: 'LFP350', nominalWh: 350_000, massKg: 4_000, nominalVoltageV: 618, interfaceType: INTERFACE },
    { code: 'LFP423', nominalWh: 423_000, massKg: 4_800, nominalVoltageV: 618, interfaceType: INTERFACE },
  ],
  stations,
  packs: packDefinitions(stations),
  trucks,
  drivers: driverDefinitions(trucks),
  alliances: [{ id: 'CORRIDOR', name: 'Huanghua-Yuanping corridor', stationIds: stations.map(({ id }) => id), packOwnerIds: owners }],
  contracts,
  tariffs: timeOfUseTariffs(),
  stationRates,
  batteryRates,
  openingTopUps: carriers.map((carrierId) => ({ carrierId, amountFen: '20000000' })),
};
raiseFirstCharge(network);
writeFileSync(new URL('data/corridor/network.json', root), `${JSON.stringify(network, null, 1)}\n`);

import { readFileSync } from 'node:fs';
import { Prng } from '@corridor/actors/time/prng';
import { parse } from 'csv-parse/sync';
import { DEFAULT_NETWORK_PATH, loadNetwork } from '../plant/corridor-files.ts';
import type { FailingMotion } from '../scenario/faults.schema.ts';
import type { Scenario, StationPlan } from '../scenario/scenario.schema.ts';
import { baseScenario, haul, TARE_WITHOUT_PACK_KG, tariffsOn } from './base-scenario.ts';
import { corridorBusiness } from './corridor-business.ts';
import { sizedStations } from './station-sizes.ts';

/** What stands in a file: a scenario, or one that takes times from a CSV file beside it. */
type ScenarioDraft = Record<string, unknown>;

const ARRIVALS_FILE = new URL('../../../data/charging_arrivals/public_by_quarter.csv', import.meta.url);
export const ARRIVALS_CSV = 'arrivals-public.csv';

/** The shipped scenarios of the corridor by file. */
export function corridorScenarios(): ReadonlyMap<string, ScenarioDraft> {
  const base = baseScenario();
  return new Map<string, ScenarioDraft>([
    ['corridor-base.json', base],
    ['corridor-stress.json', stress(base)],
    ['corridor-282.json', withPack(base, { nominalWh: 282_000, massKg: 3_200 })],
    ['corridor-350.json', withPack(base, { nominalWh: 350_000, massKg: PACK_350_KG })],
    ['corridor-423.json', withPack(base, { nominalWh: 423_000, massKg: 4_800 })],
    ['corridor-winter.json', winter(base)],
    ['corridor-year.json', year(base)],
    ['corridor-blackout.json', blackout(base)],
    ['corridor-station-more.json', stationMore(base)],
    ['corridor-ten-packs.json', tenPacks(base)],
    ['corridor-off-peak.json', offPeak(base)],
    ['corridor-large.json', large(base)],
    ['corridor-breakdowns.json', breakdowns(base)],
    ['corridor-full.json', full(base)],
    ['corridor-large-full.json', largeFull(base)],
    ['corridor-settled.json', settled(base)],
    ['corridor-failed-motions.json', failedMotions(base)],
    ['station-irregular-arrivals.json', irregular(base)],
  ]);
}

const stress = (base: Scenario): Scenario => ({
  ...base,
  name: 'Corridor, stress',
  about: '100 trucks, 4.2 departures an hour and direction, otherwise as the base. Roads, heights and stations as in data/corridor.',
  fleets: [haul(100, 4.2)],
});

/** As in the base. */
const PACK_350_KG = 4_000;

/** Packs so new, and given out so full, that the smallest of them lasts over the mountains. The same gross mass: a heavier pack takes away payload. */
function withPack(base: Scenario, { nominalWh, massKg }: { nominalWh: number; massKg: number }): Scenario {
  const kwh = nominalWh / 1000;
  return {
    ...base,
    name: `Corridor, ${kwh} kWh packs`,
    about: `As the base with LFP${kwh} packs at 97 % of their capacity, given out at 98 % westbound in Baoding; compare corridor-282.json, corridor-350.json and corridor-423.json, which differ in nothing but the packs.`,
    pack: { ...base.pack, type: `LFP${kwh}`, nominalWh, sohPercent: 97 },
    stations: base.stations.map((station) => (station.id === 'BD1' ? { ...station, issueSocPercent: 98 } : station)),
    fleets: base.fleets.map((fleet) => (fleet.kind === 'trips' ? { ...fleet, emptyMassKg: TARE_WITHOUT_PACK_KG + massKg } : fleet)),
  };
}

function winter(base: Scenario): Scenario {
  const startsOn = '2026-01-12';
  return {
    ...base,
    name: 'Corridor, winter',
    about: 'The base in January: stiffer tyres, heated cabs and cells at 12 °C that take 60 % of the charging power.',
    weather: 'WINTER',
    startsOn,
    pack: { ...base.pack, cellTempC: 12 },
    tariffs: tariffsOn(loadNetwork(DEFAULT_NETWORK_PATH), startsOn),
  };
}

/** As the live plant has it: −3 °C in the middle of January on the plain and 27 °C in July (assumption). */
const MONTH_MEAN_C = Array.from({ length: 12 }, (_, month) => Math.round(120 - 150 * Math.cos((2 * Math.PI * month) / 12)) / 10);

function year(base: Scenario): Scenario {
  const { cellTempC: _, ...pack } = base.pack;
  return {
    ...base,
    name: 'Corridor, a year',
    about:
      'The base through the seasons from July on: trucks drive by the air of each hour, cells are 10 °C warmer than it, heated to 12 °C and cooled to 33 °C. Packs are of different age and fade by time and use.',
    days: 366,
    warmUpDays: 1,
    seeds: { first: 1, count: 4 },
    weather: {
      kind: 'climate',
      monthMeanC: MONTH_MEAN_C,
      dayRangeK: 9,
      dayDepartureK: 2.5,
      cells: { aboveAirK: 10, heatedToC: 12, cooledToC: 33 },
    },
    pack: { ...pack, sohPercent: 90, ageing: { wearFactor: 1.2, sohSpreadPercent: 8, renewAtSohPercent: 80 } },
  };
}

const blackout = (base: Scenario): Scenario => ({
  ...base,
  name: 'Corridor, black-out in Baoding',
  about: 'The base; both stations of Baoding are without power for six hours from 14:00 of the sixth day on.',
  faults: ['BD1', 'BD2'].map((stationId) => ({ kind: 'blackout', stationId, fromDay: 5 + 14 / 24, durationMs: 6 * 3_600_000 })),
});

const HOUR_MS = 3_600_000;

/** Chargers and gantries as often as the live plant's; power as rural lines fail (assumption). */
const breakdowns = (base: Scenario): Scenario => ({
  ...base,
  name: 'Corridor, with breakdowns',
  about:
    'The base; each charger works for 2,000 hours in the mean and is repaired in 3, each gantry for 40 days and is repaired in 40 minutes (median), and each station is without power once in 60 days for 40 minutes; compare with corridor-base.json.',
  faults: [
    { kind: 'breakdowns', part: 'charger', mtbfMs: 2_000 * HOUR_MS, repairTime: { kind: 'exponential', meanMs: 3 * HOUR_MS } },
    { kind: 'breakdowns', part: 'bay', mtbfMs: 40 * 24 * HOUR_MS, repairTime: { kind: 'lognormal', medianMs: 2_400_000, sigma: 0.5 } },
    { kind: 'breakdowns', part: 'station', mtbfMs: 60 * 24 * HOUR_MS, repairTime: { kind: 'deterministic', valueMs: 2_400_000 } },
  ],
});

/** Rucun fills up first: it serves both directions. */
function stationMore(base: Scenario): Scenario {
  const another = base.stations.flatMap((station): StationPlan[] => (station.id === 'RC1' ? [{ ...station, id: 'RC2' }] : []));
  return {
    ...base,
    name: 'Corridor, a second station at Rucun',
    about: 'The base with one station more where both directions meet; compare with corridor-base.json.',
    stations: [...base.stations, ...another],
  };
}

const tenPacks = (base: Scenario): Scenario => ({
  ...base,
  name: 'Corridor, ten packs a station',
  about: 'The base with ten packs, eleven chargers and a connection of 3 MW at each station: what corridor-off-peak.json is compared with.',
  stations: base.stations.map((station) => ({ ...station, packs: 10, chargers: 11, gridLimitW: 3_000_000 })),
});

const offPeak = (base: Scenario): Scenario => ({
  ...tenPacks(base),
  name: 'Corridor, charging off peak',
  about: 'Ten packs a station, charged in dear hours only as far as half of them stay ready; compare with corridor-ten-packs.json.',
  policies: { charging: 'off-peak' },
});

function large(base: Scenario): Scenario {
  const trips = haul(1_000, 1_000 / 24);
  return {
    ...base,
    name: 'Corridor, 1,000 trucks',
    about:
      'A round trip a day for each of 1,000 trucks; stations have as many bays, chargers and packs as keep every one of them below 80 % taken.',
    days: 6,
    warmUpDays: 1,
    seeds: { first: 1, count: 4 },
    eventsMax: 500_000_000,
    fleets: [trips],
    stations: sizedStations(base, trips, 1_000 / 24),
  };
}

const full = (base: Scenario): Scenario => ({
  ...base,
  name: 'Corridor, with its books',
  about:
    'The base corridor as the platform runs it: swap procedure, orders, bills and custody by the machines of the live twin; parties and agreements as in data/corridor.',
  model: 'full',
  days: 8,
  warmUpDays: 1,
  eventsMax: 500_000_000,
  business: corridorBusiness(base),
});

function largeFull(base: Scenario): Scenario {
  const scenario = large(base);
  return {
    ...scenario,
    name: 'Corridor, 1,000 trucks, with its books',
    about:
      'The corridor of 1,000 trucks as the platform runs it: 9,000 swaps a day with their procedure, orders, bills and custody; parties and agreements as in data/corridor.',
    model: 'full',
    days: 3,
    warmUpDays: 1,
    seeds: { first: 1, count: 2 },
    business: corridorBusiness(scenario),
  };
}

/** Operators by the day, owners of packs by the week, the platform by the month (assumption). */
function settled(base: Scenario): Scenario {
  const scenario = full(base);
  const business = corridorBusiness(base);
  const periods = { PLATFORM: 'M1', STATION_OPERATOR: 'D1', BATTERY_OWNER: 'W1' } as const;
  return {
    ...scenario,
    name: 'Corridor, with its settlement',
    about:
      'corridor-full.json for four weeks, with statements: station operators are paid by the day, owners of packs by the week, the platform by the month.',
    days: 28,
    seeds: { first: 1, count: 2 },
    business: {
      ...business,
      settlements: business.principals.flatMap(({ id, kind }) =>
        kind === 'CARRIER' ? [] : [{ principalId: id, period: periods[kind], belowZero: 'CARRY' as const }],
      ),
    },
  };
}

const MINUTE_MS = 60_000;

/** Shares of the live plant's gantries, and ways that are blocked (assumption); people take as long as there. */
function failedMotions(base: Scenario): Scenario {
  const scenario = full(base);
  const lognormal = (minutes: number, sigma: number) => ({ kind: 'lognormal', medianMs: minutes * MINUTE_MS, sigma }) as const;
  const failing = (motion: FailingMotion, failureRatio: number) => ({ kind: 'motions', motion, failureRatio }) as const;
  return {
    ...scenario,
    name: 'Corridor, with motions that fail',
    about:
      'corridor-full.json with motions that fail as often as in the live plant, and people at every station: 3 minutes until a swap that stands goes on, 40 until a truck without a pack has one, 90 until a slot is in use again (medians); compare with corridor-full.json.',
    stations: scenario.stations.map((station) => ({
      ...station,
      staff: { resumeTime: lognormal(3, 0.4), clearTime: lognormal(40, 0.4), slotTime: lognormal(90, 0.5) },
    })),
    faults: [
      failing('POSITION', 0.05),
      failing('MAKE_SAFE', 0.001),
      failing('UNLOCK', 0.003),
      failing('MOVE_IN', 0.0005),
      failing('PLACE', 0.005),
      failing('MOVE_OUT', 0.0005),
      failing('SEAT', 0.01),
      failing('LOCK', 0.002),
      failing('SELF_CHECK', 0.003),
    ],
  };
}

/** One station of the base, as if trucks came like cars come to public charging points. */
function irregular(base: Scenario): ScenarioDraft {
  const { roads: _, carbon: __, ...rest } = base;
  const station = base.stations.find(({ id }) => id === 'HH1');
  return {
    ...rest,
    name: 'A station with irregular arrivals',
    about: `One station; gaps between trucks are those between the instants in ${ARRIVALS_CSV}, which are drawn from the measured arrivals of data/charging_arrivals at 4 an hour. Put your own instants in their place.`,
    sites: base.sites.filter(({ id }) => id === station?.siteId),
    roads: [],
    stations: station ? [station] : [],
    fleets: [
      {
        kind: 'visits',
        id: 'visitors',
        stationId: 'HH1',
        arrivals: { kind: 'interval', between: { kind: 'empirical', csv: ARRIVALS_CSV, column: 'arrivedAt', as: 'instants' } },
        arriveSocPercent: 25,
      },
    ],
  };
}

const ARRIVALS_PER_HOUR = 4;
const ARRIVAL_DAYS = 21;
const QUARTER_MS = 900_000;

/** Instants that follow the measured shares of arrivals by the quarter of an hour. */
export function arrivalsCsv(): string {
  const rows: { public_percent: string }[] = parse(readFileSync(ARRIVALS_FILE), { columns: true });
  const shares = rows.map((row) => Number(row.public_percent));
  const total = shares.reduce((sum, share) => sum + share, 0);
  const prng = new Prng(1).fork('arrivals');
  const startMs = Date.parse('2026-07-01T00:00:00+08:00');
  const instants: string[] = [];
  for (let day = 0; day < ARRIVAL_DAYS; day += 1) {
    for (const [quarter, share] of shares.entries()) {
      const perMs = (ARRIVALS_PER_HOUR * 24 * share) / total / QUARTER_MS;
      for (let atMs = prng.exponential(1 / perMs); atMs < QUARTER_MS; atMs += prng.exponential(1 / perMs))
        instants.push(new Date(startMs + (day * shares.length + quarter) * QUARTER_MS + Math.round(atMs)).toISOString());
    }
  }
  return `arrivedAt\n${instants.join('\n')}\n`;
}

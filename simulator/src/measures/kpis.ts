import type { Scenario, StationPlan } from '../scenario/scenario.schema.ts';
import type { LoadQueues } from './load-queue.ts';
import type { StationMeasures, TruckMeasures } from './measures.ts';

/** Figures of a run; null where nothing happened that one could speak of. The unit is in the name. */
export type Kpis = Readonly<Record<string, number | null>>;

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/**
 * The length of the corridor: downtime is told for one drive along it. Of trucks that drove less in the mean it is not told: each would count
 * with a drive that it did not make, and one that stood all the time with as many as one likes.
 */
const REFERENCE_WAY_M = 550_000;

interface MeasuredPack {
  contentWh: number;
  sohPercent: number;
  /** null: it does not age. */
  ageing: { renewedAtMs: readonly number[] } | null;
}

/** What figures are taken from, in either model. */
export interface MeasuredWorld {
  yards: readonly { measures: StationMeasures; plan: StationPlan }[];
  scenario: Scenario;
  packs: readonly MeasuredPack[];
  truckMeasures: TruckMeasures;
  loads: LoadQueues;
  /** Of the run, its end. */
  nowMs: number;
}

const HEADINGS = ['out', 'back'] as const;

export function stationKpis({ measures, plan }: MeasuredWorld['yards'][number], countedMs: number): Kpis {
  const { areas, arrivals, lost, swaps, chargedWh, returnedWh } = measures;
  const days = countedMs / DAY_MS;
  return {
    ...waitKpis(measures.waitsMs),
    ...unendedKpis([measures]),
    ...headedKpis([measures]),
    arrivals,
    lostRatio: ratio(lost, arrivals),
    swapsPerDay: swaps / days,
    swapsPerBayPerDay: swaps / days / plan.bays,
    waitingTrucksMean: areas.waitingTrucks / countedMs,
    bayBusyRatio: areas.busyBays / countedMs / plan.bays,
    readyPacksMean: areas.readyPacks / countedMs,
    chargerBusyRatio: areas.busyChargers / countedMs / plan.chargers,
    returnedWhMean: ratio(returnedWh, swaps),
    chargedWhPerDay: chargedWh / days,
  };
}

export function totalKpis(world: MeasuredWorld, countedMs: number): Kpis {
  const { yards, packs } = world;
  const days = countedMs / DAY_MS;
  const all = yards.map(({ measures }) => measures);
  const sum = (of: 'arrivals' | 'lost' | 'swaps' | 'chargedWh') => all.reduce((total, measures) => total + measures[of], 0);
  const waitsMs = all.flatMap(({ waitsMs }) => waitsMs);
  const trucks = trucksOf(world.scenario.fleets);
  return {
    ...waitKpis(waitsMs),
    ...unendedKpis(all),
    ...headedKpis(all),
    arrivals: sum('arrivals'),
    lostRatio: ratio(sum('lost'), sum('arrivals')),
    swapsPerDay: sum('swaps') / days,
    swapsPerPackPerDay: sum('swaps') / days / packs.length,
    packsOnTrucksRatio: trucks === 0 ? null : trucks / packs.length,
    ...tripKpis(world, days),
    ...world.loads.kpis(world.nowMs, countedMs),
    chargedWhPerDay: sum('chargedWh') / days,
  };
}

/** Of trucks on round trips; null where there are none. */
function tripKpis({ yards, scenario, truckMeasures }: MeasuredWorld, days: number): Kpis {
  const { trips, strandings, distanceM, consumedWh, serviceMs, towMs, towedM } = truckMeasures;
  const trucks = trucksOf(scenario.fleets.filter(({ kind }) => kind === 'trips'));
  const each = (sum: number) => ratio(sum / days, trucks);
  const downMs = yards.reduce((sum, { measures }) => sum + measures.waitedMs, 0) + serviceMs + towMs;
  return {
    tripsPerDay: trucks === 0 ? null : trips / days,
    strandingsPerTrip: ratio(strandings, trips),
    distanceMPerTruckDay: each(distanceM),
    consumptionWhPerKm: ratio(consumedWh, distanceM / 1000),
    towedMPerTruckDay: each(towedM),
    downtimeMsPerTrip: ratio(downMs, trips),
    downtimeMsPer550Km: trucks === 0 || distanceM < trucks * REFERENCE_WAY_M ? null : (downMs / distanceM) * REFERENCE_WAY_M,
  };
}

/** Trucks that are there for the whole run. */
export const trucksOf = (fleets: Scenario['fleets']): number =>
  fleets.reduce((count, fleet) => count + (fleet.kind === 'visits' ? 0 : fleet.trucks), 0);

function waitKpis(waitsMs: readonly number[]): Kpis {
  const sorted = Float64Array.from(waitsMs).sort();
  const share = (isLonger: (waitMs: number) => boolean) => ratio(waitsMs.filter(isLonger).length, waitsMs.length);
  return {
    waitMsMean: ratio(
      waitsMs.reduce((sum, waitMs) => sum + waitMs, 0),
      waitsMs.length,
    ),
    waitMsP95: quantile(sorted, 0.95),
    waitMsP99: quantile(sorted, 0.99),
    waitedRatio: share((waitMs) => waitMs > 0),
    waitedOver5MinRatio: share((waitMs) => waitMs > 5 * MINUTE_MS),
    waitedOver15MinRatio: share((waitMs) => waitMs > 15 * MINUTE_MS),
  };
}

/** Waits that are not over when the run ends: where there are many, all figures of waits are too low. */
function unendedKpis(stations: readonly StationMeasures[]): Kpis {
  const waitingAtEnd = stations.reduce((sum, measures) => sum + measures.waitingAtEnd, 0);
  const waits = stations.reduce((sum, { waitsMs }) => sum + waitsMs.length, 0);
  return { waitingAtEnd, waitingAtEndRatio: ratio(waitingAtEnd, waits) };
}

/** By where the trucks were going; nothing where nobody goes out and back. */
function headedKpis(stations: readonly StationMeasures[]): Kpis {
  const waits = HEADINGS.map((heading) => [heading, stations.flatMap(({ headedWaitsMs }) => headedWaitsMs[heading])] as const);
  if (waits.every(([, waitsMs]) => waitsMs.length === 0)) return {};
  return Object.fromEntries(
    waits.flatMap(([heading, waitsMs]) => {
      const { waitMsMean = null, waitMsP95 = null } = waitKpis(waitsMs);
      return [
        [`waitMsMean.${heading}`, waitMsMean],
        [`waitMsP95.${heading}`, waitMsP95],
      ];
    }),
  );
}

/** The smallest value that so many do not exceed. */
const quantile = (sorted: Float64Array, at: number): number | null => sorted[Math.max(0, Math.ceil(at * sorted.length) - 1)] ?? null;
const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

import { chooseStation } from '@corridor/actors/dispatch/choose-station';
import { opposite } from '@corridor/actors/road/direction';
import { faultsOf } from './active-faults.ts';
import { socPercentOf, sohPercentOf } from './pack-physics.ts';
import { type PlantFact, type PlantState, type PlantTruck, tripIdOf } from './plant-state.ts';
import { driveTruck, grossMassKg, stand, winterRatio } from './truck-motion.ts';
import { GROSS_MASS_KG_MAX, type WayPlanner } from './way-ahead.ts';
import type { World } from './world.ts';

const CHOICE_EVERY_MS = 5 * 60_000;
/** So near its goal a driver has made up his mind. */
const APPROACH_M = 1_000;
/** After 4 h at the wheel, 20 min of rest. */
const DRIVING_MS_MAX = 4 * 3_600_000;
const REST_MS = 20 * 60_000;
const STRAND_SOC_PERCENT = 3;
/** A charging van reaches a stranded truck and gives it enough to limp on (assumption). */
const RESCUE_MS = 90 * 60_000;
const RESCUE_RATIO_OF_NOMINAL = 0.12;
const EMPTY_TRIP_RATIO = 0.1;
/** Part of nominal that must be gone for a swap to be worth its price; in need a little is enough (assumption). */
const WORTH_A_SWAP_RATIO = 0.1;
const NEEDED_RATIO = 0.02;
/** Least, usual, most (assumption). */
const CAUTION_RATIO = [0, 0.03, 0.2] as const;

export type TruckStep = { state: PlantState; world: World; planner: WayPlanner; facts: PlantFact[]; durationMs: number };

/** Moves one truck on by one step. Queues and bays are handled where they stand, in bay-traffic. */
export function stepTruck(step: TruckStep, truck: PlantTruck, ambientC: number): void {
  const { state, world, durationMs } = step;
  const now = state.atMs;
  const broken = faultsOf(state, 'BREAK_DOWN').find((fault) => fault.truckId === truck.id);
  if (broken && truck.mode === 'DRIVING') breakDown(step, truck, broken.untilMs);
  if (truck.mode !== 'DRIVING') {
    stand(state, world, truck, { durationMs, ambientC });
    if (truck.mode === 'QUEUEING' || truck.mode === 'WAITING') noteRest(truck, durationMs);
    if (truck.untilMs !== null && truck.untilMs <= now) endOfStop(step, truck);
    return;
  }
  if (now >= truck.nextChoiceAtMs && !isApproaching(state, truck)) chooseGoal(step, truck, ambientC);
  if (truck.drivenMs >= DRIVING_MS_MAX) return stopFor(truck, 'RESTING', now + REST_MS);
  const endM = truck.direction === 'WEST' ? world.road.endM : world.road.startM;
  const goal = truck.goal && truck.goal.direction === truck.direction ? state.stations[truck.goal.stationId] : undefined;
  const arrived = driveTruck(state, world, truck, { stopM: goal?.chainageM ?? endM, durationMs, ambientC });
  const pack = truck.packId === null ? undefined : state.packs[truck.packId];
  if (!pack || socPercentOf(pack) <= STRAND_SOC_PERCENT) return strand(step, truck);
  if (!arrived) return;
  if (goal) return joinQueue(step, truck, goal.id);
  endTrip(step, truck);
}

function isApproaching(state: PlantState, { goal, direction, chainageM }: PlantTruck): boolean {
  const station = goal?.direction === direction ? state.stations[goal.stationId] : undefined;
  return station !== undefined && Math.abs(station.chainageM - chainageM) <= APPROACH_M;
}

function stopFor(truck: PlantTruck, mode: PlantTruck['mode'], untilMs: number | null): void {
  truck.mode = mode;
  truck.untilMs = untilMs;
  truck.speedMps = 0;
  truck.motorPowerW = 0;
}

/** Waiting counts as rest once it lasted long enough. */
function noteRest(truck: PlantTruck, durationMs: number): void {
  truck.restedMs += durationMs;
  if (truck.restedMs >= REST_MS) truck.drivenMs = 0;
}

function endOfStop(step: TruckStep, truck: PlantTruck): void {
  const { state, facts } = step;
  switch (truck.mode) {
    case 'RESTING':
      truck.drivenMs = 0;
      return driveOn(state, truck);
    case 'LOADING':
      truck.drivenMs = 0;
      beginTrip(step, truck);
      return driveOn(state, truck);
    case 'WAITING':
      if (truck.stationId !== null) return joinQueue(step, truck, truck.stationId);
      return driveOn(state, truck);
    case 'STRANDED':
    case 'BROKEN_DOWN': {
      const pack = truck.packId === null ? undefined : state.packs[truck.packId];
      if (truck.mode === 'STRANDED' && pack) pack.contentWh += RESCUE_RATIO_OF_NOMINAL * pack.nominalWh;
      facts.push({
        kind: 'TRUCK_EVENT',
        truckId: truck.id,
        event: 'recovered',
        tripId: tripIdOf(truck.id, truck.tripNo),
        detail: truck.mode,
      });
      return driveOn(state, truck);
    }
    case 'DRIVING':
    case 'QUEUEING':
    case 'ENTERING':
    case 'IN_BAY':
      return;
  }
}

/** Back onto the road, with a fresh mind about where to swap. */
export function driveOn(state: PlantState, truck: PlantTruck): void {
  stopFor(truck, 'DRIVING', null);
  truck.restedMs = 0;
  truck.stationId = null;
  truck.bayId = null;
  truck.nextChoiceAtMs = state.atMs;
}

/** Stands in line, last; who comes back from waiting keeps the time of his arrival. */
export function joinQueue({ state, facts }: TruckStep, truck: PlantTruck, stationId: string): void {
  const station = state.stations[stationId];
  if (!station) return;
  stopFor(truck, 'QUEUEING', null);
  truck.stationId = stationId;
  truck.queuedAtMs ??= state.atMs;
  truck.restedMs = 0;
  station.queue.push(truck.id);
  facts.push({ kind: 'STATION_CHANGED', stationId });
}

function strand({ state, facts }: TruckStep, truck: PlantTruck): void {
  stopFor(truck, 'STRANDED', state.atMs + RESCUE_MS);
  facts.push({ kind: 'TRUCK_EVENT', truckId: truck.id, event: 'stranded', tripId: tripIdOf(truck.id, truck.tripNo), detail: 'pack empty' });
}

function breakDown({ facts }: TruckStep, truck: PlantTruck, untilMs: number): void {
  stopFor(truck, 'BROKEN_DOWN', untilMs);
  facts.push({ kind: 'TRUCK_EVENT', truckId: truck.id, event: 'alarm', tripId: tripIdOf(truck.id, truck.tripNo), detail: 'broken down' });
}

/** End of the road: unload, turn, load. */
function endTrip({ state, world, facts }: TruckStep, truck: PlantTruck): void {
  const prng = world.prng.fork(`${truck.id}:turn:${truck.tripNo}`);
  facts.push({ kind: 'TRUCK_EVENT', truckId: truck.id, event: 'trip_ended', tripId: tripIdOf(truck.id, truck.tripNo), detail: null });
  stopFor(truck, 'LOADING', state.atMs + Math.round(prng.triangular(40, 60, 100) * 60_000));
}

function beginTrip({ state, world, facts }: TruckStep, truck: PlantTruck): void {
  truck.tripNo += 1;
  truck.direction = opposite(truck.direction);
  truck.loadKg = loadOfTrip(state, world, truck);
  // A goal beyond the turn was on the pass that begins now; it is thought over again anyway.
  facts.push({
    kind: 'TRUCK_EVENT',
    truckId: truck.id,
    event: 'trip_started',
    tripId: tripIdOf(truck.id, truck.tripNo),
    detail: truck.direction === 'WEST' ? 'ore' : 'coal',
  });
}

/** Ore up, coal down, filled to the greatest mass allowed; one trip in ten is empty. */
export function loadOfTrip(state: PlantState, world: World, truck: PlantTruck): number {
  if (world.prng.fork(`${truck.id}:load:${truck.tripNo}`).chance(EMPTY_TRIP_RATIO)) return 0;
  const pack = truck.packId === null ? undefined : state.packs[truck.packId];
  return GROSS_MASS_KG_MAX - truck.tareMassKg - (pack?.massKg ?? 4_000);
}

/** What a driver keeps beyond the reserve, another on each trip, so that packs come back at every SOC [part of nominal]. */
function cautionRatio(world: World, truck: PlantTruck): number {
  const [least, usual, most] = CAUTION_RATIO;
  return world.prng.fork(`${truck.id}:caution:${truck.tripNo}`).triangular(least, usual, most);
}

/** Where to swap next; a station that refused this truck is left out until it was served elsewhere. */
export function chooseGoal(
  { state, world, planner }: Pick<TruckStep, 'state' | 'world' | 'planner'>,
  truck: PlantTruck,
  ambientC: number,
  exceptStationId: string | null = null,
): boolean {
  const pack = truck.packId === null ? undefined : state.packs[truck.packId];
  truck.nextChoiceAtMs = state.atMs + CHOICE_EVERY_MS;
  if (!pack) return false;
  const winter = winterRatio(ambientC) > 0.3;
  const candidates = planner
    .candidates(state, truck, { massKg: grossMassKg(state, truck), winter })
    .filter(({ stationId }) => stationId !== exceptStationId);
  const { contentWh, nominalWh } = pack;
  const fullWh = (world.targetSocPercent / 100) * (sohPercentOf(pack) / 100) * nominalWh;
  // Nobody swaps a full pack: the station that a truck just leaves would else look best whenever the next one is far.
  const emptierThan = (ratio: number) => candidates.filter(({ peakWh }) => contentWh - peakWh <= fullWh - ratio * nominalWh);
  const worthIt = emptierThan(WORTH_A_SWAP_RATIO);
  const tries = [
    { stations: worthIt, contentWh: contentWh - cautionRatio(world, truck) * nominalWh },
    { stations: worthIt, contentWh },
    { stations: emptierThan(NEEDED_RATIO), contentWh },
  ].map((each) => chooseStation({ ...each, nominalWh }));
  const choice =
    tries.find((each) => each.kind === 'STATION' && !each.belowReserve) ?? chooseStation({ stations: candidates, contentWh, nominalWh });
  if (choice.kind === 'NONE') return false;
  truck.goal = { stationId: choice.station.stationId, direction: choice.station.direction };
  return !choice.belowReserve;
}

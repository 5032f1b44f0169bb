import { isBlackedOut } from './active-faults.ts';
import { chooseGoal, driveOn, joinQueue, type TruckStep } from './driver.ts';
import type { PlantBay, PlantState, PlantStation, PlantTruck } from './plant-state.ts';
import { readyPacksFor, withoutPack } from './way-ahead.ts';

/** From the head of the queue onto the rails. */
const ENTER_MS = 25_000;
/** A refused driver tries the same station again after this, longer each time. */
const REFUSED_WAIT_MS = 10 * 60_000;
const REFUSED_WAITS_MAX = 6;
/** So often the station looks whether it has a pack for a driver who waits for one. */
const CALL_EVERY_MS = 30_000;

/** Lets trucks into free bays and served ones out. */
export function stepBayTraffic(step: TruckStep, station: PlantStation): void {
  const { state, facts } = step;
  if (state.atMs % CALL_EVERY_MS < step.durationMs) callWaiting(step, station);
  for (const bay of station.bays) {
    if (bay.truckId === null) {
      admitNext(state, station, bay, facts);
      continue;
    }
    const truck = state.trucks[bay.truckId];
    if (!truck) continue;
    if (truck.mode === 'ENTERING' && (truck.untilMs ?? 0) <= state.atMs) dock(step, station, bay, truck);
    if (bay.docked && bay.released && bay.motion === null && truck.packId !== null) leave(step, station, bay, truck);
  }
}

/** A pack more than trucks that stand in line: whoever waits longest for one that he may have gets in line again. */
function callWaiting(step: TruckStep, station: PlantStation): void {
  const { state, world } = step;
  const waiting = Object.values(state.trucks).filter(
    (truck) => truck.mode === 'WAITING' && truck.waitsForPack && truck.stationId === station.id,
  );
  if (waiting.length === 0) return;
  const inBays = station.bays.flatMap(({ truckId }) => (truckId === null ? [] : [truckId]));
  const inLine = withoutPack(station, [...station.queue, ...inBays]);
  const served = waiting.filter(({ id }) => readyPacksFor(id, { state, world, station }) > inLine);
  const [first, ...others] = served;
  if (first === undefined) return;
  const longest = others.reduce((longest, truck) => ((truck.queuedAtMs ?? 0) < (longest.queuedAtMs ?? 0) ? truck : longest), first);
  joinQueue(step, longest, station.id);
}

function admitNext(state: PlantState, station: PlantStation, bay: PlantBay, facts: TruckStep['facts']): void {
  const [truckId] = station.queue;
  const truck = truckId === undefined ? undefined : state.trucks[truckId];
  if (!truck || !bay.entranceOpen || station.emergencyStop || station.fire || isBlackedOut(state, station.id)) return;
  station.queue.shift();
  truck.mode = 'ENTERING';
  truck.untilMs = state.atMs + ENTER_MS;
  truck.bayId = bay.id;
  bay.truckId = truck.id;
  bay.broughtPackId = truck.packId;
  bay.docked = false;
  bay.released = false;
  facts.push({ kind: 'STATION_CHANGED', stationId: station.id });
}

function dock({ facts }: TruckStep, station: PlantStation, bay: PlantBay, truck: PlantTruck): void {
  truck.mode = 'IN_BAY';
  truck.untilMs = null;
  bay.docked = true;
  bay.visits += 1;
  bay.parkBrakeOn = true;
  bay.offsetM = 0.05;
  bay.angleDeg = 1.5;
  bay.seatSensors = truck.packId === null ? 0 : 4;
  bay.locks = ['LOCKED', 'LOCKED', 'LOCKED', 'LOCKED'];
  facts.push({ kind: 'BAY_CHANGED', stationId: station.id, bayId: bay.id });
}

function leave(step: TruckStep, station: PlantStation, bay: PlantBay, truck: PlantTruck): void {
  const { state, facts } = step;
  const served = truck.packId !== bay.broughtPackId;
  Object.assign(bay, {
    truckId: null,
    broughtPackId: null,
    docked: false,
    released: false,
    parkBrakeOn: false,
    chocked: false,
    hvOff: false,
    seatSensors: 0,
  });
  facts.push({ kind: 'BAY_CHANGED', stationId: station.id, bayId: bay.id });
  if (served) {
    truck.refusals = 0;
    truck.queuedAtMs = null;
    truck.goal = null;
    return driveOn(state, truck);
  }
  truck.refusals += 1;
  const goalElsewhere = chooseGoal(step, truck, station.ambientC, station.id);
  if (goalElsewhere) {
    const goal = truck.goal;
    driveOn(state, truck);
    truck.queuedAtMs = null;
    truck.goal = goal;
    // Not thought over at once: the station that just refused would look best again.
    truck.nextChoiceAtMs = state.atMs + 30 * 60_000;
    return;
  }
  truck.mode = 'WAITING';
  truck.waitsForPack = readyPacksFor(truck.id, { state, world: step.world, station }) === 0;
  truck.bayId = null;
  truck.stationId = station.id;
  truck.untilMs = state.atMs + REFUSED_WAIT_MS * Math.min(truck.refusals, REFUSED_WAITS_MAX);
}

import type { KeptPack, OutOfUse, PanelPrompt } from '@corridor/gateway/ports/local-panel';
import type { MotionOrder, MotionResult } from '@corridor/gateway/ports/robot';
import { assert, violated } from '@corridor/protocols/assert';
import { drawChargerFailures } from './active-faults.ts';
import { stepBayTraffic } from './bay-traffic.ts';
import { chooseGoal, stepTruck } from './driver.ts';
import { beginMotion, stepGantry } from './gantry.ts';
import { callCrew, stepCrew } from './maintenance-crew.ts';
import { stepPack } from './pack-physics.ts';
import type { PlantBay, PlantFact, PlantFault, PlantSlot, PlantState, PlantStation } from './plant-state.ts';
import { heatPacks, stepHazards } from './station-hazards.ts';
import { callPerson, stepPerson } from './station-person.ts';
import { stepStationPower } from './station-power.ts';
import { WayPlanner } from './way-ahead.ts';
import { type Weather, weatherAt } from './weather.ts';
import type { World } from './world.ts';

/** Length of a step of the plant, scope ms. */
export const STEP_MS = 1_000;
const WEATHER_EVERY_MS = 60_000;
const HOUR_MS = 3_600_000;
const LAPSE_C_PER_M = 0.006;
const FAULTS_MAX = 1_000;

/**
 * The physical world, stepped in scope time. Knows no wall clock and no network: what is asked of it comes in through
 * methods, what changed in it comes out of {@link Plant.step} as facts. Same state and same orders, same future.
 */
export class Plant {
  readonly state: PlantState;
  readonly world: World;
  readonly #planner: WayPlanner;
  #facts: PlantFact[] = [];
  #plainWeather: Weather | null = null;

  constructor(state: PlantState, world: World) {
    this.state = state;
    this.world = world;
    this.#planner = new WayPlanner(world);
  }

  /** Moves the world on by {@link STEP_MS}. @returns what changed, also through orders since the step before */
  step(): PlantFact[] {
    const { state, world } = this;
    const facts = this.#facts;
    this.#facts = [];
    this.#stepWeather();
    heatPacks(state);
    for (const station of Object.values(state.stations)) this.#stepStation(station, facts);
    const truckStep = { state, world, planner: this.#planner, facts, durationMs: STEP_MS };
    for (const station of Object.values(state.stations)) stepBayTraffic(truckStep, station);
    for (const truck of Object.values(state.trucks)) stepTruck(truckStep, truck, this.ambientC(this.#altM(truck.chainageM)));
    state.atMs += STEP_MS;
    return facts;
  }

  /** Air temperature at an altitude now, °C. */
  ambientC(altM: number): number {
    return this.#weather().ambientC - LAPSE_C_PER_M * altM;
  }

  /**
   * Orders a motion, or asks for one again by its id.
   * @returns the result when it has ended, null while it is under way: then a MOTION_ENDED fact will follow
   */
  perform(stationId: string, bayId: string, order: MotionOrder): MotionResult | null {
    const bay = this.bay(stationId, bayId);
    const finished = bay.finished.find(({ motionId }) => motionId === order.motionId);
    if (finished) return finished.result;
    if (bay.motion?.motionId !== order.motionId) beginMotion(this.state, this.world, bay, order);
    return null;
  }

  freeze(stationId: string, bayId: string): void {
    const { motion } = this.bay(stationId, bayId);
    if (motion) motion.frozen = true;
  }

  unfreeze(stationId: string, bayId: string): void {
    const { motion } = this.bay(stationId, bayId);
    if (motion) motion.frozen = false;
  }

  setCharging(stationId: string, evseId: number, order: { powerW: number; untilSocPercent: number }): void {
    const slot = this.slot(stationId, evseId);
    slot.order = { powerW: Math.max(0, order.powerW), untilSocPercent: order.untilSocPercent };
    // The contactor opens at once, so that a gripper may take the pack in the same instant.
    if (slot.order.powerW === 0) slot.powerW = 0;
  }

  setLock(stationId: string, evseId: number, locked: boolean): void {
    const slot = this.slot(stationId, evseId);
    if (slot.locked === locked) return;
    slot.locked = locked;
    this.#facts.push({ kind: 'SLOT_CHANGED', stationId, evseId });
  }

  setEntrance(stationId: string, bayId: string, open: boolean): void {
    this.bay(stationId, bayId).entranceOpen = open;
  }

  showPrompt(stationId: string, bayId: string, prompt: PanelPrompt | null): void {
    const bay = this.bay(stationId, bayId);
    // The same prompt again, while somebody is on the way, calls nobody else; after an act in vain it does.
    if (bay.prompt?.kind === prompt?.kind && bay.prompt?.reasonCode === prompt?.reasonCode && bay.actAtMs !== null) return;
    bay.prompt = prompt;
    callPerson(this.state, this.world, bay);
  }

  /** What the station's panel lists as out of use now. */
  showOutOfUse(stationId: string, outOfUse: readonly OutOfUse[]): void {
    callCrew(this.state, this.world, this.station(stationId), outOfUse);
  }

  /** Which packs the station's panel says are kept, and for whom: drivers who have none count on the others. */
  showKept(stationId: string, kept: readonly KeptPack[]): void {
    this.station(stationId).kept = [...kept];
  }

  /** The driver takes an advice when the pack reaches that station. */
  advise(truckId: string, stationId: string): boolean {
    const truck = this.state.trucks[truckId];
    if (truck?.mode !== 'DRIVING') return false;
    const before = truck.goal;
    const ahead = this.#planner
      .candidates(this.state, truck, { massKg: 49_000, winter: true })
      .find((station) => station.stationId === stationId);
    const pack = truck.packId === null ? undefined : this.state.packs[truck.packId];
    if (!ahead || !pack || ahead.peakWh > pack.contentWh) return false;
    truck.goal = { stationId, direction: ahead.direction };
    truck.nextChoiceAtMs = this.state.atMs + HOUR_MS;
    return before?.stationId !== stationId;
  }

  /** Lets something go wrong. @returns false when this fault is already there */
  inject(fault: PlantFault): boolean {
    assert(this.state.faults.length < FAULTS_MAX, 'too many faults at once');
    if (this.state.faults.some(({ id }) => id === fault.id)) return false;
    this.state.faults.push(fault);
    if (fault.kind === 'GANTRY_FAULT') this.#bayById(fault.bayId).gantryFaultUntilMs = fault.untilMs;
    return true;
  }

  clearFault(id: string): void {
    const fault = this.state.faults.find((fault) => fault.id === id);
    this.state.faults = this.state.faults.filter((other) => other !== fault);
    if (fault?.kind === 'GANTRY_FAULT') this.#bayById(fault.bayId).gantryFaultUntilMs = this.state.atMs;
  }

  /** What drivers read of a station before they choose where to swap. */
  setClosed(stationId: string, closed: boolean): void {
    this.station(stationId).closed = closed;
  }

  station(stationId: string): PlantStation {
    const station = this.state.stations[stationId];
    assert(station !== undefined, `the plant has no station ${stationId}`);
    return station;
  }

  bay(stationId: string, bayId: string): PlantBay {
    const bay = this.station(stationId).bays.find(({ id }) => id === bayId);
    assert(bay !== undefined, `${stationId} has no bay ${bayId}`);
    return bay;
  }

  slot(stationId: string, evseId: number): PlantSlot {
    const slot = this.station(stationId).slots.find((slot) => slot.evseId === evseId);
    assert(slot !== undefined, `${stationId} has no slot ${evseId}`);
    return slot;
  }

  /** Gives every truck on the road a first goal. */
  chooseFirstGoals(): void {
    for (const truck of Object.values(this.state.trucks))
      chooseGoal({ state: this.state, world: this.world, planner: this.#planner }, truck, this.ambientC(0));
  }

  #bayById(bayId: string): PlantBay {
    const bay = Object.values(this.state.stations)
      .flatMap(({ bays }) => bays)
      .find(({ id }) => id === bayId);
    assert(bay !== undefined, `the plant has no bay ${bayId}`);
    return bay;
  }

  #stepStation(station: PlantStation, facts: PlantFact[]): void {
    const { state, world } = this;
    const weather = { ...this.#weather(), ambientC: this.ambientC(station.altM) };
    stepHazards(state, station, weather, facts);
    stepStationPower({ state, world, station, weather, facts }, STEP_MS);
    stepCrew(state, station, facts);
    for (const bay of station.bays) {
      stepGantry({ state, world, station, bay, facts }, STEP_MS);
      stepPerson({ state, station, bay, facts });
      const gripped = bay.grippedPackId === null ? undefined : state.packs[bay.grippedPackId];
      if (gripped) stepPack(gripped, { powerW: 0, durationMs: STEP_MS, ambientC: weather.ambientC, conditioned: false }, world.cells);
    }
  }

  #stepWeather(): void {
    const { state, world } = this;
    if (this.#plainWeather === null || state.atMs % WEATHER_EVERY_MS < STEP_MS)
      this.#plainWeather = weatherAt({ atMs: state.atMs, altM: 0, prng: world.prng });
    if (state.atMs % HOUR_MS < STEP_MS) {
      state.faults = state.faults.filter(({ untilMs }) => untilMs > state.atMs);
      state.faults.push(...drawChargerFailures(state, (name, ratio) => world.prng.fork(name).chance(ratio)));
    }
  }

  #weather(): Weather {
    this.#plainWeather ??= weatherAt({ atMs: this.state.atMs, altM: 0, prng: this.world.prng });
    return this.#plainWeather;
  }

  /** Altitude for the air temperature only: the profile's nearest point does. */
  #altM(chainageM: number): number {
    const { road } = this.world;
    const index = Math.round(((chainageM - road.startM) / (road.endM - road.startM)) * (road.altM.length - 1));
    return road.altM[Math.min(road.altM.length - 1, Math.max(0, index))] ?? violated(`no height at ${chainageM} m`);
  }
}

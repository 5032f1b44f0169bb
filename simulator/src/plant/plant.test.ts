import { createHash } from 'node:crypto';
import { canReach } from '@corridor/actors/dispatch/reach';
import type { Motion } from '@corridor/gateway/ports/robot';
import { expect, it } from 'vitest';
import { DEFAULT_NETWORK_PATH, loadNetwork, loadWorld } from './corridor-files.ts';
import { newPlantState } from './new-plant.ts';
import { socPercentOf } from './pack-physics.ts';
import { Plant } from './plant.ts';
import type { PlantFact, PlantState, PlantStation } from './plant-state.ts';
import { GROSS_MASS_KG_MAX, WayPlanner } from './way-ahead.ts';

const AT_MS = Date.parse('2026-05-11T00:00:00Z');
const network = loadNetwork(DEFAULT_NETWORK_PATH);
const newPlant = (seed: number, atMs = AT_MS) => {
  const world = loadWorld(seed);
  return new Plant(newPlantState({ network, world, seed, atMs }), world);
};

/** The shortest control system there is: charges everything and orders the motions of a swap one after the other. */
const SWAP: readonly Motion[] = [
  'POSITION',
  'MAKE_SAFE',
  'UNLOCK',
  'LIFT',
  'MOVE_IN',
  'PLACE',
  'PICK',
  'MOVE_OUT',
  'SEAT',
  'LOCK',
  'SELF_CHECK',
  'RELEASE',
];
const REFUSAL: readonly Motion[] = ['RELEASE'];

type Procedure = { motions: readonly Motion[]; next: number; attempt: number; inEvseId: number; outEvseId: number };
class Controls {
  readonly procedures = new Map<string, Procedure>();
  swaps = 0;
  /** Distance between two swaps of a truck [m], the least of all. */
  leastBetweenM = Number.POSITIVE_INFINITY;
  readonly #swappedAtM = new Map<string, number>();

  step(plant: Plant): PlantFact[] {
    for (const station of Object.values(plant.state.stations)) this.#control(plant, station);
    return plant.step();
  }

  #control(plant: Plant, station: PlantStation): void {
    for (const slot of station.slots)
      if (slot.packId !== null && slot.order.powerW === 0)
        plant.setCharging(station.id, slot.evseId, { powerW: 240_000, untilSocPercent: 95 });
    for (const bay of station.bays) {
      if (!bay.docked || bay.released || bay.motion) continue;
      const key = `${bay.id}:${bay.visits}`;
      const procedure = this.procedures.get(key) ?? this.#begin(plant, station, key);
      const last = bay.finished.at(-1);
      if (last?.motionId === `${key}:${procedure.next}:${procedure.attempt}`) {
        if (last.result.ok || last.result.reason === 'NO_HANDSHAKE' || last.result.reason === 'ISOLATION_FAULT') {
          procedure.next += 1;
          procedure.attempt = 1;
        } else procedure.attempt += 1;
      }
      const motion = procedure.motions[procedure.next];
      if (!motion) continue;
      if (motion === 'RELEASE' && procedure.motions === SWAP && procedure.attempt === 1) this.#noteSwap(plant, bay.truckId);
      const evseId = motion === 'PICK' ? procedure.outEvseId : motion === 'PLACE' || motion === 'MOVE_IN' ? procedure.inEvseId : null;
      if (motion === 'PICK') plant.setCharging(station.id, procedure.outEvseId, { powerW: 0, untilSocPercent: 0 });
      plant.perform(station.id, bay.id, {
        motionId: `${key}:${procedure.next}:${procedure.attempt}`,
        motion,
        evseId,
        attempt: procedure.attempt,
      });
    }
  }

  #noteSwap({ state }: Plant, truckId: string | null): void {
    const truck = truckId === null ? undefined : state.trucks[truckId];
    if (!truck) return;
    this.swaps += 1;
    this.leastBetweenM = Math.min(this.leastBetweenM, truck.odometerM - (this.#swappedAtM.get(truck.id) ?? Number.NEGATIVE_INFINITY));
    this.#swappedAtM.set(truck.id, truck.odometerM);
  }

  #begin(plant: Plant, station: PlantStation, key: string): Procedure {
    const empty = station.slots.find(({ packId }) => packId === null);
    const best = station.slots
      .filter(({ packId }) => packId !== null)
      .sort((one, other) => soc(plant.state, other.packId) - soc(plant.state, one.packId))[0];
    const served = empty && best && soc(plant.state, best.packId) >= 90;
    const procedure = { motions: served ? SWAP : REFUSAL, next: 0, attempt: 1, inEvseId: empty?.evseId ?? 0, outEvseId: best?.evseId ?? 0 };
    this.procedures.set(key, procedure);
    return procedure;
  }
}

const soc = (state: PlantState, packId: string | null) => {
  const pack = packId === null ? undefined : state.packs[packId];
  return pack ? socPercentOf(pack) : 0;
};
const hash = (state: PlantState) => createHash('sha256').update(JSON.stringify(state)).digest('hex');

function checkPlaces(state: PlantState): void {
  const places = [
    ...Object.values(state.trucks).map(({ id, packId }) => [packId, `truck ${id}`]),
    ...Object.values(state.stations).flatMap(({ slots, bays, id }) => [
      ...slots.map(({ packId, evseId }) => [packId, `slot ${id}-${evseId}`]),
      ...bays.map(({ grippedPackId, id }) => [grippedPackId, `gantry ${id}`]),
    ]),
  ].filter(([packId]) => packId !== null);
  expect(new Set(places.map(([packId]) => packId)).size).toBe(places.length);
  expect(places.length).toBe(Object.keys(state.packs).length);
}

function run(plant: Plant, controls: Controls, hours: number): PlantFact[] {
  const facts: PlantFact[] = [];
  for (let second = 0; second < hours * 3600; second += 1) {
    facts.push(...controls.step(plant));
    if (second % 600 === 0) checkPlaces(plant.state);
  }
  return facts;
}

it('keeps sixty trucks moving for half a day with every pack in one place', () => {
  const plant = newPlant(1);
  const controls = new Controls();
  const contentWh = () => Object.values(plant.state.packs).reduce((sum, pack) => sum + pack.contentWh, 0);
  const before = contentWh();
  const facts = run(plant, controls, 12);
  const trucks = Object.values(plant.state.trucks);
  expect(trucks.reduce((sum, { odometerM }) => sum + odometerM, 0) / trucks.length / 1000).toBeGreaterThan(350);
  expect(controls.swaps).toBeGreaterThan(150);
  expect(facts.filter((fact) => fact.kind === 'TRUCK_EVENT' && fact.event === 'stranded')).toEqual([]);
  // Energy: what the chargers delivered is what packs gained, what trucks drew, less what descents gave back.
  const slots = Object.values(plant.state.stations).flatMap(({ slots }) => slots);
  const delivered = slots.reduce((sum, { gridWh, pvWh }) => sum + gridWh + pvWh, 0);
  const discharged = Object.values(plant.state.packs).reduce((sum, { throughputWh }) => sum + throughputWh, 0);
  const recovered = contentWh() - before - 0.98 * delivered + discharged;
  expect(recovered).toBeGreaterThan(0);
  expect(recovered / discharged).toBeLessThan(0.15);
});

it('gives every truck enough for the way to its first station, also loaded and in winter', () => {
  const world = loadWorld(1);
  const state = newPlantState({ network, world, seed: 1, atMs: AT_MS });
  const planner = new WayPlanner(world);
  for (const truck of Object.values(state.trucks)) {
    const ways = planner.candidates(state, truck, { massKg: GROSS_MASS_KG_MAX, winter: true });
    const { contentWh = 0, nominalWh = 0 } = state.packs[truck.packId ?? ''] ?? {};
    expect(
      ways.some(({ peakWh }) => canReach({ contentWh, peakWh, nominalWh })),
      truck.id,
    ).toBe(true);
  }
});

it('sends no truck back to the station that it leaves, in winter when a pack just reaches the next one', () => {
  const plant = newPlant(1, Date.parse('2026-11-22T16:00:00Z'));
  const controls = new Controls();
  run(plant, controls, 10);
  expect(controls.swaps).toBeGreaterThan(100);
  expect(controls.leastBetweenM).toBeGreaterThan(10_000);
});

it('goes on from its stored state as if nothing had happened, and twice the same', () => {
  const plant = newPlant(7);
  const controls = new Controls();
  run(plant, controls, 2);
  const stored = JSON.stringify(plant.state);
  const again = new Plant(JSON.parse(stored) as PlantState, loadWorld(7));
  const againControls = new Controls();
  for (const [key, procedure] of controls.procedures) againControls.procedures.set(key, { ...procedure });
  run(plant, controls, 1);
  run(again, againControls, 1);
  expect(hash(again.state)).toBe(hash(plant.state));
});

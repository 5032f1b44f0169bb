import { describe, expect, it } from 'vitest';
import { DEFAULT_NETWORK_PATH, loadNetwork, loadWorld } from './corridor-files.ts';
import { newPlantState } from './new-plant.ts';
import { sohPercentOf } from './pack-physics.ts';
import { Plant } from './plant.ts';
import type { PlantFact, PlantFault, PlantTruck } from './plant-state.ts';
import { WayPlanner } from './way-ahead.ts';

const network = loadNetwork(DEFAULT_NETWORK_PATH);
const NIGHT_MS = Date.parse('2026-05-11T16:00:00Z');
const FOREVER = Number.MAX_SAFE_INTEGER;

function newPlant(): Plant {
  const world = loadWorld(2);
  return new Plant(newPlantState({ network, world, seed: 2, atMs: NIGHT_MS }), world);
}

function run(plant: Plant, minutes: number): PlantFact[] {
  const facts: PlantFact[] = [];
  for (let second = 0; second < minutes * 60; second += 1) facts.push(...plant.step());
  return facts;
}

const inject = (plant: Plant, fault: PlantFault) => plant.inject(fault);
const truckOf = (plant: Plant, id: string): PlantTruck => {
  const truck = plant.state.trucks[id];
  if (!truck) throw new Error(`no truck ${id}`);
  return truck;
};

function chargeEverything(plant: Plant, stationId: string): void {
  for (const slot of plant.station(stationId).slots) {
    const pack = slot.packId === null ? undefined : plant.state.packs[slot.packId];
    if (!pack) continue;
    pack.contentWh = 0.3 * pack.nominalWh;
    plant.setCharging(stationId, slot.evseId, { powerW: 240_000, untilSocPercent: 95 });
  }
}

it('charges within the limit of the grid, and meters what it gives', () => {
  const plant = newPlant();
  chargeEverything(plant, 'BD1');
  const before = plant.station('BD1').slots.reduce((sum, { gridWh, pvWh }) => sum + gridWh + pvWh, 0);
  run(plant, 1);
  const full = plant.station('BD1').gridPowerW;
  expect(full).toBeGreaterThan(1_500_000);
  expect(full).toBeLessThanOrEqual(2_000_000);
  inject(plant, { kind: 'GRID_LIMIT', id: 'half', stationId: 'BD1', ratio: 0.5, untilMs: FOREVER });
  run(plant, 1);
  expect(plant.station('BD1').gridPowerW).toBeLessThanOrEqual(1_000_001);
  expect(plant.station('BD1').gridPowerW).toBeGreaterThan(900_000);
  const given = plant.station('BD1').slots.reduce((sum, { gridWh, pvWh }) => sum + gridWh + pvWh, 0) - before;
  expect(given).toBeGreaterThan(30_000);
  inject(plant, { kind: 'CHARGER_DOWN', id: 'down', stationId: 'BD1', evseId: 1, untilMs: FOREVER });
  inject(plant, { kind: 'BLACKOUT', id: 'dark', stationId: 'BD1', untilMs: plant.state.atMs + 60_000 });
  const facts = run(plant, 1);
  expect(plant.station('BD1').gridPowerW).toBe(0);
  expect(facts).toContainEqual({ kind: 'STATION_CHANGED', stationId: 'BD1' });
  run(plant, 1);
  expect(plant.slot('BD1', 1).chargingState).toBe('FAULT');
  expect(plant.slot('BD1', 2).chargingState).toBe('CHARGING');
});

it('charges with the sun first by day', () => {
  const plant = newPlant();
  plant.state.atMs = Date.parse('2026-06-21T04:00:00Z');
  chargeEverything(plant, 'BD1');
  run(plant, 5);
  const [slot] = plant.station('BD1').slots;
  expect(slot?.pvWh).toBeGreaterThan(0);
  expect(slot?.gridWh).toBeGreaterThan(slot?.pvWh ?? 0);
});

it('stops trucks in front of a closed road and lets them go on', () => {
  const plant = newPlant();
  const truck = truckOf(plant, 'T001');
  Object.assign(truck, { chainageM: 199_000, direction: 'WEST' });
  inject(plant, { kind: 'ROAD_CLOSED', id: 'closed', fromM: 200_000, toM: 201_000, untilMs: plant.state.atMs + 1_200_000 });
  run(plant, 15);
  expect(truck.chainageM).toBeLessThan(200_000);
  expect(truck.speedMps).toBe(0);
  run(plant, 15);
  expect(truck.chainageM).toBeGreaterThan(201_000);
});

it('slows trucks down in snow and makes them use more', () => {
  const drive = (snow: boolean) => {
    const plant = newPlant();
    const truck = truckOf(plant, 'T001');
    Object.assign(truck, { chainageM: 60_000, direction: 'WEST', goal: null, nextChoiceAtMs: FOREVER });
    if (snow) inject(plant, { kind: 'SNOW', id: 'snow', fromM: 0, toM: 600_000, untilMs: FOREVER });
    run(plant, 10);
    return truck.odometerM;
  };
  expect(drive(true) / drive(false)).toBeCloseTo(0.6, 1);
});

it('breaks a truck down and brings it back, and strands one with an empty pack', () => {
  const plant = newPlant();
  inject(plant, { kind: 'BREAK_DOWN', id: 'broken', truckId: 'T002', untilMs: plant.state.atMs + 600_000 });
  const empty = truckOf(plant, 'T003');
  const pack = plant.state.packs[empty.packId ?? ''];
  if (pack) pack.contentWh = 0.02 * pack.nominalWh;
  const facts = run(plant, 120).filter((fact) => fact.kind === 'TRUCK_EVENT');
  const eventsOf = (truckId: string) => facts.filter((fact) => fact.truckId === truckId).map(({ event }) => event);
  expect(eventsOf('T002').slice(0, 2)).toEqual(['alarm', 'recovered']);
  expect(eventsOf('T003').slice(0, 2)).toEqual(['stranded', 'recovered']);
});

it('lets a person act only when the cause is gone, and clear a bay by hand', () => {
  const plant = newPlant();
  const bay = plant.bay('HH1', 'HH1-B1');
  inject(plant, { kind: 'EMERGENCY_STOP', id: 'stop', stationId: 'HH1', untilMs: plant.state.atMs + 3_600_000 });
  plant.step();
  plant.showPrompt('HH1', 'HH1-B1', { kind: 'CONFIRM_RESUME', reasonCode: 'INTERLOCK_ESTOP' });
  const acted = (facts: PlantFact[]) => facts.filter((fact) => fact.kind === 'PERSON_ACTED');
  expect(acted(run(plant, 55))).toEqual([]);
  expect(acted(run(plant, 30))).toHaveLength(1);
  // A truck whose pack hangs in the gripper of a dead gantry.
  const truck = truckOf(plant, 'T004');
  Object.assign(truck, { mode: 'IN_BAY', stationId: 'HH1', bayId: bay.id });
  const packId = truck.packId;
  Object.assign(bay, { truckId: truck.id, broughtPackId: packId, docked: true, grippedPackId: packId });
  truck.packId = null;
  const pack = plant.state.packs[packId ?? ''];
  if (pack) pack.place = { kind: 'GANTRY', bayId: bay.id };
  plant.showPrompt('HH1', 'HH1-B1', { kind: 'CLEAR_BAY', reasonCode: 'GIVEN_UP' });
  expect(acted(run(plant, 180))).toHaveLength(1);
  expect(truck.packId).toBe(packId);
  expect(bay.grippedPackId).toBeNull();
  expect(bay.truckId).not.toBe('T004');
});

it('repairs a gantry in the time it takes, however often somebody tries meanwhile', () => {
  const plant = newPlant();
  const untilMs = plant.state.atMs + 601_000;
  inject(plant, { kind: 'GANTRY_FAULT', id: 'gantry', bayId: 'HH1-B1', untilMs });
  for (let attempt = 1; plant.state.atMs < untilMs; attempt += 1) {
    plant.perform('HH1', 'HH1-B1', { motionId: `try-${attempt}`, motion: 'LOCK', evseId: null, attempt });
    while (plant.bay('HH1', 'HH1-B1').motion) plant.step();
  }
  expect(plant.bay('HH1', 'HH1-B1').gantryFaultUntilMs).toBe(untilMs);
});

describe('a driver who is refused where no pack is ready', () => {
  function refuse(plant: Plant, truckId: string): void {
    const truck = truckOf(plant, truckId);
    const bay = plant.bay('RC1', 'RC1-B1');
    // Too empty for any other station.
    const pack = plant.state.packs[truck.packId ?? ''];
    if (pack) pack.contentWh = 0.04 * pack.nominalWh;
    Object.assign(truck, { mode: 'IN_BAY', stationId: 'RC1', bayId: bay.id, chainageM: 435_700, queuedAtMs: plant.state.atMs });
    Object.assign(bay, { truckId, broughtPackId: truck.packId, docked: true, released: true });
    plant.step();
  }
  function leaveReady(plant: Plant, count: number): void {
    for (const [index, { packId }] of plant.station('RC1').slots.entries()) {
      const pack = plant.state.packs[packId ?? ''];
      if (pack) pack.contentWh = (index < count ? 0.97 : 0.3) * pack.nominalWh * (sohPercentOf(pack) / 100);
    }
  }

  it('comes back when one is, the longest waiting first, not when his time of waiting ends', () => {
    const plant = newPlant();
    leaveReady(plant, 0);
    refuse(plant, 'T010');
    refuse(plant, 'T002');
    expect(truckOf(plant, 'T010')).toMatchObject({ mode: 'WAITING', waitsForPack: true });
    run(plant, 2);
    expect(truckOf(plant, 'T010').mode).toBe('WAITING');
    leaveReady(plant, 1);
    run(plant, 2);
    expect([truckOf(plant, 'T010').mode, truckOf(plant, 'T002').mode]).toEqual(['IN_BAY', 'WAITING']);
  });

  it('waits his time where he was refused for another reason', () => {
    const plant = newPlant();
    leaveReady(plant, 3);
    refuse(plant, 'T010');
    run(plant, 9);
    expect(truckOf(plant, 'T010')).toMatchObject({ mode: 'WAITING', waitsForPack: false });
    run(plant, 2);
    expect(truckOf(plant, 'T010').mode).toBe('IN_BAY');
  });

  it('counts on no pack that is kept for another, who comes for it', () => {
    const plant = newPlant();
    leaveReady(plant, 0);
    refuse(plant, 'T010');
    refuse(plant, 'T002');
    const { slots } = plant.station('RC1');
    plant.showKept('RC1', [{ packId: slots[0]?.packId ?? '', truckId: 'T002' }]);
    leaveReady(plant, 1);
    run(plant, 2);
    expect([truckOf(plant, 'T010').mode, truckOf(plant, 'T002').mode]).toEqual(['WAITING', 'IN_BAY']);
  });
});

it('tells a driver who chooses a station how many packs it has for him, those that are kept for others left out', () => {
  const plant = newPlant();
  const world = loadWorld(2);
  const { slots, queue } = plant.station('RC1');
  for (const { packId } of slots) {
    const pack = plant.state.packs[packId ?? ''];
    if (pack) pack.contentWh = 0.97 * pack.nominalWh * (sohPercentOf(pack) / 100);
  }
  const readyFor = (truckId: string) =>
    new WayPlanner(world)
      .candidates(plant.state, { ...truckOf(plant, truckId), chainageM: 430_000, direction: 'WEST' }, { massKg: 40_000, winter: false })
      .find(({ stationId }) => stationId === 'RC1')?.readyPacks;
  const all = slots.filter(({ packId }) => packId !== null).length;
  expect(readyFor('T010')).toBe(all);
  plant.showKept('RC1', [{ packId: slots[0]?.packId ?? '', truckId: 'T002' }]);
  expect([readyFor('T010'), readyFor('T002')]).toEqual([all - 1, all]);
  // Who waits for his own takes none of the others.
  queue.push('T002');
  expect(readyFor('T010')).toBe(all - 1);
});

import { join } from 'node:path';
import type { StationEquipment } from '@corridor/gateway/ports/equipment';
import type { Motion } from '@corridor/gateway/ports/robot';
import { temporaryFolder } from '@corridor/testkit/temporary-folder';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { DrivenClock } from '../clock/driven-clock.ts';
import { PlantHost } from '../host/plant-host.ts';
import { PlantStore } from '../host/plant-store.ts';
import { DEFAULT_NETWORK_PATH, loadNetwork, loadWorld } from '../plant/corridor-files.ts';
import { newPlantState } from '../plant/new-plant.ts';
import { Plant } from '../plant/plant.ts';
import type { PlantState } from '../plant/plant-state.ts';
import { simulatedEquipment } from './station-equipment.ts';

/** A host whose wall the test moves: every tick is a wall second, `factor` scope seconds. */
function hostOf(path: string, state: PlantState | null, factor = 30) {
  let wallMs = 0;
  const world = loadWorld(5);
  const plant = new Plant(
    state ?? newPlantState({ network: loadNetwork(DEFAULT_NETWORK_PATH), world, seed: 5, atMs: Date.parse('2026-05-11T00:00:00Z') }),
    world,
  );
  const store = PlantStore.open(path);
  const clock = new DrivenClock({ scopeAtMs: plant.state.atMs, factor, wallNowMs: () => wallMs });
  const host = new PlantHost({ plant, clock, store, log: pino({ level: 'silent' }), wallNowMs: () => wallMs });
  const wallSecond = async () => {
    wallMs += 1_000;
    host.tick();
    await Promise.resolve();
  };
  return { host, plant, store, clock, wallSecond };
}

/** Sends a truck to HH1 and lets it dock. */
async function dockTruck(plant: Plant, equipment: StationEquipment, wallSecond: () => Promise<void>): Promise<string> {
  plant.state.trucks['T005'] = { ...plant.state.trucks['T005']!, mode: 'QUEUEING', stationId: 'HH1' };
  plant.station('HH1').queue.push('T005');
  for (let second = 0; second < 60 && !equipment.bays[0]?.sensors.read().truckDocked; second += 1) await wallSecond();
  return 'T005';
}

it('carries a swap through on the plant, durably before each answer', async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'plant.db');
  const { host, plant, store, clock, wallSecond } = hostOf(path, null);
  const { equipment } = simulatedEquipment(host, 'HH1');
  const bay = equipment.bays[0]!;
  let changes = 0;
  bay.sensors.onChange(() => {
    changes += 1;
  });
  const truckId = await dockTruck(plant, equipment, wallSecond);
  expect(changes).toBeGreaterThan(0);
  const brought = plant.state.trucks[truckId]?.packId;
  const empty = equipment.rack.slots().find(({ pack }) => pack === null)!.evseId;
  const full = equipment.rack.slots().find(({ pack }) => (pack?.socPercent ?? 0) > 50)!.evseId;
  const issued = plant.slot('HH1', full).packId;
  const order: [Motion, number | null][] = [
    ['POSITION', null],
    ['MAKE_SAFE', null],
    ['UNLOCK', null],
    ['LIFT', null],
    ['MOVE_IN', empty],
    ['PLACE', empty],
    ['PICK', full],
    ['MOVE_OUT', null],
    ['SEAT', null],
    ['LOCK', null],
    ['SELF_CHECK', null],
    ['RELEASE', null],
  ];
  for (const [index, [motion, evseId]] of order.entries()) {
    for (let attempt = 1; ; attempt += 1) {
      const motionId = `HH1-1-${index}-${attempt}`;
      const seen = { ended: false };
      const pending = bay.robot.perform({ motionId, motion, evseId, attempt }).then((result) => {
        seen.ended = true;
        // Told only what the disk holds.
        expect(store.load()?.state.stations['HH1']?.bays[0]?.finished.at(-1)?.motionId).toBe(motionId);
        return result;
      });
      for (let second = 0; second < 20 && !seen.ended; second += 1) await wallSecond();
      const result = await pending;
      expect(await bay.robot.perform({ motionId, motion, evseId, attempt })).toEqual(result);
      if (result.ok || result.reason === 'NO_HANDSHAKE' || result.reason === 'ISOLATION_FAULT') break;
    }
  }
  expect(plant.state.trucks[truckId]?.packId).toBe(issued);
  expect(plant.slot('HH1', empty).packId).toBe(brought);
  await wallSecond();
  expect(bay.sensors.read().truckDocked).toBe(false);
  clock.dispose();
  host.stop();
  store.close();
});

it('freezes a motion on an emergency stop and goes on only when told', async () => {
  using folder = temporaryFolder();
  const { host, plant, store, clock, wallSecond } = hostOf(join(folder.path, 'plant.db'), null, 2);
  const { equipment } = simulatedEquipment(host, 'HH1');
  const bay = equipment.bays[0]!;
  await dockTruck(plant, equipment, wallSecond);
  const seen = { ended: false };
  const motion = bay.robot.perform({ motionId: 'HH1-9-0-1', motion: 'MAKE_SAFE', evseId: null, attempt: 1 }).then((result) => {
    seen.ended = true;
    return result;
  });
  plant.inject({ kind: 'EMERGENCY_STOP', id: 'stop', stationId: 'HH1', untilMs: Number.MAX_SAFE_INTEGER });
  for (let second = 0; second < 30; second += 1) await wallSecond();
  expect(bay.robot.status()).toMatchObject({ motionId: 'HH1-9-0-1', frozen: true });
  plant.clearFault('stop');
  for (let second = 0; second < 30; second += 1) await wallSecond();
  expect(seen.ended).toBe(false);
  bay.robot.unfreeze();
  for (let second = 0; second < 30 && !seen.ended; second += 1) await wallSecond();
  expect(seen.ended).toBe(true);
  await motion;
  clock.dispose();
  host.stop();
  store.close();
});

it('goes on at an instant that was never shown before, after a kill', async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'plant.db');
  const first = hostOf(path, null);
  first.host.start();
  for (let second = 0; second < 20; second += 1) await first.wallSecond();
  const shownMs = first.clock.nowMs();
  // Killed: nothing is saved any more, the lock goes with the process.
  const stored = first.store.load()!;
  first.host.stop();
  first.clock.dispose();
  first.store.close();
  expect(stored.leaseUntilMs).toBeGreaterThanOrEqual(shownMs);
  expect(stored.state.atMs).toBeGreaterThan(shownMs - 5_000 * 30);
});

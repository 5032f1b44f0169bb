import { MOTIONS } from '@corridor/gateway/ports/robot';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { DEFAULT_NETWORK_PATH, loadNetwork, loadWorld } from './corridor-files.ts';
import { newPlantState } from './new-plant.ts';
import { Plant } from './plant.ts';
import type { PlantState } from './plant-state.ts';

const network = loadNetwork(DEFAULT_NETWORK_PATH);
const small = {
  ...network,
  stations: network.stations.filter(({ id }) => id === 'HH1'),
  trucks: network.trucks.slice(0, 1),
  packs: network.packs.filter(({ initial }) => initial.id.startsWith('HH1-') || initial.id === network.trucks[0]?.id),
};

function docked(seed: number): Plant {
  const world = loadWorld(seed);
  const plant = new Plant(newPlantState({ network: small, world, seed, atMs: 1_750_000_000_000 }), world);
  const [truck] = Object.values(plant.state.trucks);
  const bay = plant.bay('HH1', 'HH1-B1');
  Object.assign(truck ?? {}, { mode: 'IN_BAY', stationId: 'HH1', bayId: bay.id });
  Object.assign(bay, { truckId: truck?.id, broughtPackId: truck?.packId, docked: true, seatSensors: 4 });
  return plant;
}

/** Where each pack is, seen from the places. */
function placesOf({ trucks, stations }: PlantState): string[] {
  return [
    ...Object.values(trucks).map(({ packId }) => packId),
    ...Object.values(stations).flatMap(({ slots, bays }) => [
      ...slots.map(({ packId }) => packId),
      ...bays.map(({ grippedPackId }) => grippedPackId),
    ]),
  ].filter((packId) => packId !== null);
}

it('keeps every pack in exactly one place, whatever nonsense the gantry is told', () => {
  const order = fc.record({
    motion: fc.constantFrom(...MOTIONS.filter((motion) => motion !== 'RELEASE')),
    evseId: fc.integer({ min: 1, max: 9 }),
  });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1_000 }), fc.array(order, { maxLength: 12 }), (seed, orders) => {
      const plant = docked(seed);
      const packs = Object.keys(plant.state.packs).toSorted();
      for (const [index, { motion, evseId }] of orders.entries()) {
        const motionId = `${seed}-${index}`;
        plant.perform('HH1', 'HH1-B1', { motionId, motion, evseId, attempt: 1 });
        for (let second = 0; second < 120 && plant.bay('HH1', 'HH1-B1').motion !== null; second += 1) plant.step();
        expect(plant.perform('HH1', 'HH1-B1', { motionId, motion, evseId, attempt: 1 })).not.toBeNull();
        expect(placesOf(plant.state).toSorted()).toEqual(packs);
      }
    }),
    { numRuns: 40 },
  );
});

it('refuses a second motion while one is under way', () => {
  const plant = docked(1);
  plant.perform('HH1', 'HH1-B1', { motionId: 'a', motion: 'POSITION', evseId: null, attempt: 1 });
  expect(() => plant.perform('HH1', 'HH1-B1', { motionId: 'b', motion: 'POSITION', evseId: null, attempt: 1 })).toThrow(/under way/);
});

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@corridor/testkit/temporary-folder';
import { expect, it } from 'vitest';
import { DEFAULT_NETWORK_PATH, loadNetwork, loadWorld } from '../plant/corridor-files.ts';
import { newPlantState } from '../plant/new-plant.ts';
import { PlantStore, PlantStoreError } from './plant-store.ts';

const state = newPlantState({ network: loadNetwork(DEFAULT_NETWORK_PATH), world: loadWorld(3), seed: 3, atMs: 1_000 });

it('gives back what was saved last, and an instant that scope time had not passed', () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'deep', 'plant.db');
  const store = PlantStore.open(path);
  expect(store.load()).toBeNull();
  store.save(state);
  store.save({ ...state, atMs: 7_000 });
  store.lease(9_000);
  store.close();
  const again = PlantStore.open(path);
  expect(again.load()).toEqual({ state: { ...state, atMs: 7_000 }, leaseUntilMs: 9_000 });
  again.close();
});

it('refuses a second owner and a damaged file in one line', () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'plant.db');
  const store = PlantStore.open(path);
  store.save(state);
  expect(() => PlantStore.open(path)).toThrow(expect.objectContaining({ code: 'PLANT_STORE_IN_USE' }) as PlantStoreError);
  store.close();
  writeFileSync(path, 'this is no database, and long enough to be read as one'.repeat(100));
  expect(() => PlantStore.open(path)).toThrow(PlantStoreError);
});

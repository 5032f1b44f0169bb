import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DEFAULT_NETWORK_PATH, loadNetwork, loadWorld } from '../plant/corridor-files.ts';
import { newPlantState } from '../plant/new-plant.ts';
import { Plant } from '../plant/plant.ts';
import { followClosures } from './follow-closures.ts';
import { twinApi } from './twin-api.ts';

/** What the platform says of its stations. */
let said: unknown = [];
let asked = 0;
const server = createServer((_, response) => {
  asked += 1;
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(said));
});

beforeEach(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
});

/** Looks once. */
async function look(plant: Plant): Promise<void> {
  const ending = new AbortController();
  const api = twinApi(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, () => 'token');
  const once = {
    ...api,
    get: async (path: string) => {
      ending.abort();
      return api.get(path);
    },
  };
  await followClosures({ api: once, plant, signal: ending.signal, log: pino({ level: 'silent' }) });
}

it('lets drivers head for no station that is closed, and for it again when it is open', async () => {
  const world = loadWorld(1);
  const plant = new Plant(newPlantState({ network: loadNetwork(DEFAULT_NETWORK_PATH), world, seed: 1, atMs: 1_750_000_000_000 }), world);
  plant.chooseFirstGoals();
  const heading = (stationId: string) => Object.values(plant.state.trucks).filter(({ goal }) => goal?.stationId === stationId).length;
  const closed = 'FP1';
  const before = heading(closed);
  expect(before).toBeGreaterThan(2);

  said = [
    { id: closed, state: 'closed' },
    { id: 'ELSEWHERE', state: 'closed' },
  ];
  await look(plant);
  plant.chooseFirstGoals();
  expect(heading(closed)).toBe(0);

  // An answer that is none changes nothing.
  said = { code: 'UNAVAILABLE' };
  await look(plant);
  expect(plant.station(closed).closed).toBe(true);

  said = [{ id: closed, state: 'operative' }];
  await look(plant);
  plant.chooseFirstGoals();
  expect(heading(closed)).toBe(before);
  expect(asked).toBe(3);
});

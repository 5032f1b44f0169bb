import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@corridor/testkit/temporary-folder';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { DrivenClock } from '../clock/driven-clock.ts';
import { PlantHost } from '../host/plant-host.ts';
import { PlantStore } from '../host/plant-store.ts';
import { DEFAULT_NETWORK_PATH, loadNetwork, loadWorld } from '../plant/corridor-files.ts';
import { newPlantState } from '../plant/new-plant.ts';
import { Plant } from '../plant/plant.ts';
import { startControlServer } from './control-server.ts';
import { FAULT_CATALOGUE } from './fault-catalogue.ts';
import { FaultControl } from './fault-control.ts';
import { PLANT_FAULTS } from './plant-fault.ts';
import { WIRE_FAULTS } from './wire-fault.ts';

function controlOn(folder: string) {
  const world = loadWorld(1);
  const plant = new Plant(newPlantState({ network: loadNetwork(DEFAULT_NETWORK_PATH), world, seed: 1, atMs: 1_750_000_000_000 }), world);
  const store = PlantStore.open(join(folder, 'plant.db'));
  const clock = new DrivenClock({ scopeAtMs: plant.state.atMs, factor: 1, wallNowMs: () => 0 });
  const log = pino({ level: 'silent' });
  const host = new PlantHost({ plant, clock, store, log, wallNowMs: () => 0 });
  return { plant, store, control: new FaultControl(host, null, log) };
}

it('has an injector for every problem of the catalogue', () => {
  expect(FAULT_CATALOGUE.filter(({ id }) => id.startsWith('Q')).map(({ id }) => id)).toEqual(
    Array.from({ length: 20 }, (_, index) => `Q${index + 1}`),
  );
  const kinds = new Set(
    FAULT_CATALOGUE.flatMap(({ injectors }) =>
      injectors.flatMap((injector) => (injector.layer === 'NATURAL' ? [] : [injector.kind as string])),
    ),
  );
  expect([...kinds].sort()).toEqual([...Object.keys(WIRE_FAULTS), ...Object.keys(PLANT_FAULTS)].sort());
});

it('injects into the plant with usual values, and refuses what cannot be', () => {
  using folder = temporaryFolder();
  const { plant, store, control } = controlOn(folder.path);
  const injected = control.inject({ kind: 'GRID_LIMIT', stationId: 'HH1' });
  expect(injected.ok).toBe(true);
  expect(plant.state.faults[0]).toMatchObject({ kind: 'GRID_LIMIT', ratio: 0.5, untilMs: plant.state.atMs + 7_200_000 });
  expect(control.inject({ kind: 'GRID_LIMIT', stationId: 'XX9' })).toEqual({ ok: false, reason: 'there is no station XX9' });
  expect(control.inject({ kind: 'NO_SUCH' })).toMatchObject({ ok: false });
  expect(control.inject({ kind: 'GRID_LIMIT', stationId: 'HH1', ratio: 3 })).toMatchObject({ ok: false });
  expect(control.inject({ kind: 'LOST', sources: ['HH1', 'ZZ9'] })).toEqual({ ok: false, reason: 'there is no station or truck ZZ9' });
  expect(control.inject({ kind: 'LOST' })).toEqual({ ok: false, reason: 'started with --no-faults' });
  expect(control.active()).toHaveLength(1);
  expect(control.clear(injected.ok ? injected.id : '')).toBe(true);
  expect(control.active()).toEqual([]);
  store.close();
});

it('is reached over a loopback door whose key only its owner reads', async () => {
  using folder = temporaryFolder();
  const { plant, store, control } = controlOn(folder.path);
  const file = join(folder.path, 'control.json');
  const server = await startControlServer(control, file);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const { url, token } = JSON.parse(readFileSync(file, 'utf8')) as { url: string; token: string };
  expect((await fetch(`${url}/faults`)).status).toBe(401);
  const headers = { authorization: `Bearer ${token}` };
  const posted = await fetch(`${url}/faults`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ fault: { kind: 'BLACKOUT', stationId: 'BD1' }, durationMs: 1_000 }),
  });
  expect(posted.status).toBe(201);
  expect(plant.state.faults).toHaveLength(1);
  const bad = await fetch(`${url}/faults`, { method: 'POST', headers, body: '{' });
  expect(bad.status).toBe(400);
  await server.stop();
  store.close();
});

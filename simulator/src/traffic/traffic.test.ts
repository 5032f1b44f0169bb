import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { subject } from '@corridor/protocols/subject';
import { temporaryFolder } from '@corridor/testkit/temporary-folder';
import { startTestNats, type TestNats } from '@corridor/testkit/test-nats';
import { freePort } from '@corridor/twin/embedded/free-port';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { PlantStore } from '../host/plant-store.ts';
import { STEP_MS } from '../plant/plant.ts';
import type { PlantState } from '../plant/plant-state.ts';
import { type Heard, STAND_IN_TOKEN, serveEnrolment, smallNetwork, standIn } from './platform-rig.ts';
import { startTraffic } from './start-traffic.ts';
import type { TrafficConfig } from './traffic-config.ts';

async function configFor(
  nats: TestNats,
  { folder, apiUrl, trucks }: { folder: string; apiUrl: string; trucks: number },
): Promise<TrafficConfig> {
  const networkPath = join(folder, 'network.json');
  writeFileSync(networkPath, JSON.stringify(smallNetwork(trucks)));
  return {
    networkPath,
    apiUrl,
    natsUrl: nats.url,
    factor: 100,
    seed: 3,
    dataDir: folder,
    scope: 'live',
    clockCreds: (await nats.credentials.issueService('clock', 'clock')).creds,
    token: () => STAND_IN_TOKEN,
    logLevel: 'silent',
    faults: true,
    pagePort: null,
  };
}

const silent = pino({ level: 'silent' });
const swap = (event: string) => (message: Heard) => message.key === `station:evt:swap.${event}`;

/** Every pack once, in the place it believes to be in. */
function expectPacksInPlace(state: PlantState): void {
  const places = [
    ...Object.values(state.trucks).map(({ packId }) => packId),
    ...Object.values(state.stations).flatMap(({ slots, bays }) => [
      ...slots.map(({ packId }) => packId),
      ...bays.map(({ grippedPackId }) => grippedPackId),
    ]),
  ].filter((packId) => packId !== null);
  expect(places.toSorted()).toEqual(Object.keys(state.packs).toSorted());
}

/** Numbers of a source's events, boot by boot, without holes. */
function expectNoHoles(heard: readonly Heard[], id: string): void {
  const boots = Map.groupBy(
    heard.filter((message) => message.id === id && !message.key.includes(':tele:')),
    ({ bootId }) => bootId,
  );
  for (const events of boots.values()) {
    const numbers = [...new Set(events.map(({ seq }) => seq))];
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  }
}

/** Trucks report the instant of the world that was measured, not that of sending: after a stall they would seem to leap. */
function expectMeasuredTimes(heard: readonly Heard[], worldAtMs: number): void {
  const reports = heard.filter(({ key }) => key === 'truck:tele:truck' || key === 'truck:tele:pack');
  expect(reports.length).toBeGreaterThan(10);
  expect(reports.filter(({ atMs }) => (atMs - worldAtMs) % STEP_MS !== 0)).toEqual([]);
}

it('swaps trucks through real gateways and goes on after a stop', async () => {
  using folder = temporaryFolder();
  await using nats = await startTestNats();
  await using http = await serveEnrolment(nats);
  const config = await configFor(nats, { folder: folder.path, apiUrl: http.url, trucks: 5 });
  const connection = await nats.connect(await nats.credentials.issueService('twin'));
  const platform = await standIn(connection);
  const ticks: { factor: number }[] = [];
  connection.subscribe(subject.clock('live'), { callback: (_error, message) => void ticks.push(message.json()) });
  const fatal: unknown[] = [];
  const start = () => startTraffic(config, { log: silent, onFatal: (cause) => fatal.push(cause) });

  const first = await start();
  await first.started;
  await platform.until(swap('completed'));
  await platform.until(({ key }) => key === 'truck:tele:pack');
  const stoppedAtMs = first.host.clock.nowMs();
  await first.stop();
  // By its source: what was not confirmed in time is said again.
  const online = platform.heard.filter(({ key }) => key === 'truck:evt:online').map(({ id }) => id);
  expect(new Set(online).size).toBe(5);
  expect(ticks.at(-1)?.factor).toBe(100);

  config.pagePort = await freePort();
  const second = await start();
  expect(second.host.plant.state.atMs).toBeGreaterThanOrEqual(stoppedAtMs - 1_000);
  expectPacksInPlace(second.host.plant.state);
  await second.started;
  await platform.until(({ id, bootId }) => id === 'HH1' && bootId === 2);
  const shown = await fetch(`http://127.0.0.1:${config.pagePort}/api/station`);
  expect(await shown.json()).toMatchObject({ mayAct: false });
  await second.stop();
  await connection.close();
  expect(platform.refused).toEqual([]);
  expect(fatal).toEqual([]);
  expectNoHoles(platform.heard, 'HH1');
  expectMeasuredTimes(platform.heard, second.host.plant.state.atMs);
});

it('enrols a T-box anew when its credentials are revoked', async () => {
  using folder = temporaryFolder();
  await using nats = await startTestNats();
  await using http = await serveEnrolment(nats);
  const config = await configFor(nats, { folder: folder.path, apiUrl: http.url, trucks: 1 });
  const connection = await nats.connect(await nats.credentials.issueService('twin'));
  const platform = await standIn(connection);
  const traffic = await startTraffic(config, { log: silent, onFatal: () => undefined });
  await traffic.started;
  await platform.until(({ key }) => key === 'truck:evt:online');
  await nats.credentials.revoke(http.issued.get('T001') ?? '');
  const again = await platform.until(({ key, bootId }) => key === 'truck:evt:online' && bootId === 2);
  expect(again.id).toBe('T001');
  await traffic.stop();
  await connection.close();
});

it('loses nothing physical when it is killed in the middle of a swap', async () => {
  using folder = temporaryFolder();
  await using nats = await startTestNats();
  await using http = await serveEnrolment(nats);
  const config = await configFor(nats, { folder: folder.path, apiUrl: http.url, trucks: 2 });
  const credsPath = join(folder.path, 'clock.creds');
  writeFileSync(credsPath, config.clockCreds ?? '', { mode: 0o600 });
  const connection = await nats.connect(await nats.credentials.issueService('twin'));
  const platform = await standIn(connection);
  const run = (factor: number): ChildProcess =>
    spawn(
      process.execPath,
      [
        fileURLToPath(new URL('main.ts', import.meta.url)),
        '--network',
        config.networkPath,
        '--api',
        config.apiUrl,
        '--nats',
        config.natsUrl,
        '--factor',
        String(factor),
        '--data-dir',
        folder.path,
        '--creds',
        credsPath,
        '--log-level',
        'silent',
      ],
      { env: { ...process.env, SIM_TOKEN: STAND_IN_TOKEN }, stdio: 'inherit' },
    );
  const first = run(50);
  await platform.until(swap('lifted'));
  first.kill('SIGKILL');
  await once(first, 'exit');
  const store = PlantStore.open(join(folder.path, 'plant.db'));
  const killed = store.load();
  store.close();
  expectPacksInPlace(killed?.state ?? ({ trucks: {}, stations: {}, packs: { none: null } } as never));
  // What the gateway said before the kill is true on the disk: the pack had left its truck.
  const lifted = platform.heard.find(swap('lifted'));
  expect(killed?.state.trucks[String(lifted?.data['truckId'])]?.packId).toBeNull();

  const second = run(100);
  const completed = await platform.until(swap('completed'));
  expect(completed.data['requestId']).toBe(lifted?.data['requestId']);
  second.kill('SIGINT');
  const [code] = (await once(second, 'exit')) as [number | null];
  expect(code).toBe(0);
  await connection.close();
  expect(platform.refused).toEqual([]);
  expectNoHoles(platform.heard, 'HH1');
  for (const event of ['battery_in', 'battery_out', 'completed']) {
    const told = platform.heard.filter((message) => swap(event)(message) && message.data['requestId'] === completed.data['requestId']);
    expect(new Set(told.map(({ bootId, seq }) => `${bootId}:${seq}`)).size).toBe(1);
  }
});

import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { NetworkFile } from '@corridor/protocols/network-file';
import type { Logger } from 'pino';
import { DrivenClock } from '../clock/driven-clock.ts';
import { startControlServer } from '../faults/control-server.ts';
import { FaultControl } from '../faults/fault-control.ts';
import { FaultGate } from '../faults/fault-gate.ts';
import { WireProxy } from '../faults/wire-proxy.ts';
import { PlantHost } from '../host/plant-host.ts';
import { PlantStore } from '../host/plant-store.ts';
import { loadNetwork, loadWorld } from '../plant/corridor-files.ts';
import { newPlantState } from '../plant/new-plant.ts';
import { Plant, STEP_MS } from '../plant/plant.ts';
import type { PlantState } from '../plant/plant-state.ts';
import { TboxJournal } from '../tbox/tbox-journal.ts';
import { type ClockPublisher, publishClock } from './clock-publisher.ts';
import { Enrolment } from './enrolment.ts';
import { Fleet } from './fleet.ts';
import { followClosures } from './follow-closures.ts';
import { StationRunner } from './station-runner.ts';
import { keepToppedUp } from './top-ups.ts';
import type { TrafficConfig } from './traffic-config.ts';
import { twinApi } from './twin-api.ts';

export type Traffic = {
  readonly host: PlantHost;
  readonly stations: ReadonlyMap<string, StationRunner>;
  readonly fleet: Fleet;
  readonly faults: FaultControl;
  /** Resolves when every gateway is running and every T-box connected. */
  readonly started: Promise<void>;
  stop(): Promise<void>;
};

/**
 * Builds or restores the world and sets it going: plant, gateways, T-boxes, clock, top-ups.
 * @param onFatal something that cannot go on; the caller stops everything
 * @throws PlantStoreError, NetworkFileError
 */
export async function startTraffic(
  config: TrafficConfig,
  { log, onFatal }: { log: Logger; onFatal: (cause: unknown) => void },
): Promise<Traffic> {
  const { dataDir } = config;
  const network = loadNetwork(config.networkPath);
  const store = PlantStore.open(join(dataDir, 'plant.db'));
  const { plant, clock } = openWorld(config, network, store, log);
  const host = new PlantHost({ plant, clock, store, log, wallNowMs: () => performance.now() });
  const journal = TboxJournal.open(join(dataDir, 'tboxes.db'));
  const ending = new AbortController();
  const api = twinApi(config.apiUrl, config.token);
  const enrolment = new Enrolment({ api, dir: join(dataDir, 'creds'), signal: ending.signal, log });
  const proxy = config.faults
    ? await WireProxy.start({ natsUrl: config.natsUrl, gate: new FaultGate(plant.world.prng.fork('wire')), log })
    : null;
  const faults = new FaultControl(host, proxy, log);
  const control = await startControlServer(faults, join(dataDir, 'control.json'));
  const common = { scope: config.scope, host, enrolment, natsUrl: proxy?.url ?? config.natsUrl, log };
  const stations = new Map(
    network.stations.map((station, index) => {
      const pagePort = config.pagePort === null ? null : config.pagePort + index;
      return [station.id, new StationRunner({ ...common, station, dataDir, pagePort, onFatal })];
    }),
  );
  const fleet = new Fleet({ ...common, journal });
  host.start();
  const clockPublisher =
    config.clockCreds === null
      ? null
      : publishClock({ natsUrl: config.natsUrl, creds: config.clockCreds, scope: config.scope, clock, log });
  if (clockPublisher === null) log.warn('no credentials for the clock: the scope runs at wall time for the twin');
  const started = startAll(stations, fleet);
  const toppingUp = keepToppedUp({ api, network, signal: ending.signal, log });
  const closures = followClosures({ api, plant, signal: ending.signal, log });
  for (const running of [started, toppingUp, closures, clockPublisher]) {
    running?.catch((cause: unknown) => {
      if (!ending.signal.aborted) onFatal(cause);
    });
  }
  const stop = async () => {
    ending.abort();
    await Promise.allSettled([started, toppingUp, closures]);
    await fleet.stop();
    await Promise.all([...stations.values()].map((station) => station.stop('simulator stopped')));
    await stopClock(clockPublisher);
    faults.stop();
    await control.stop();
    await proxy?.stop();
    host.stop();
    clock.dispose();
    journal.close();
    store.close();
  };
  return { host, stations, fleet, faults, started, stop };
}

async function startAll(stations: ReadonlyMap<string, StationRunner>, fleet: Fleet): Promise<void> {
  for (const station of stations.values()) await station.start();
  await fleet.start();
}

async function stopClock(publisher: Promise<ClockPublisher> | null): Promise<void> {
  const [outcome] = await Promise.allSettled([publisher]);
  if (outcome.status === 'fulfilled') await outcome.value?.stop();
}

/** The stored world brought up to the instant that the scope's clock had been promised, or a new one. */
function openWorld(config: TrafficConfig, network: NetworkFile, store: PlantStore, log: Logger): { plant: Plant; clock: DrivenClock } {
  const stored = store.load();
  const seed = stored?.state.seed ?? config.seed;
  if (stored && seed !== config.seed) log.warn({ seed, asked: config.seed }, 'the stored world keeps its own seed');
  const world = loadWorld(seed);
  const state: PlantState = stored?.state ?? newPlantState({ network, world, seed, atMs: wholeSecondNowMs() });
  const plant = new Plant(state, world);
  if (stored) {
    while (plant.state.atMs + STEP_MS <= stored.leaseUntilMs) plant.step();
    log.info({ scopeAt: new Date(plant.state.atMs).toISOString() }, 'the world goes on where it stopped');
  } else {
    plant.chooseFirstGoals();
    log.info({ seed, trucks: Object.keys(state.trucks).length, stations: Object.keys(state.stations).length }, 'a new world');
  }
  const scopeAtMs = Math.max(plant.state.atMs, stored?.leaseUntilMs ?? 0);
  return { plant, clock: new DrivenClock({ scopeAtMs, factor: config.factor, wallNowMs: () => performance.now() }) };
}

/** A new world begins at wall time; from then on only the clock counts. */
function wholeSecondNowMs(): number {
  return Math.floor(new Date().getTime() / 1000) * 1000;
}

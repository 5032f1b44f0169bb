import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DEFAULT_NETWORK_FILE, readNetworkFile } from '@corridor/twin/seed/network-files';
import type { NatsConnection } from '@nats-io/transport-node';
import pg from 'pg';
import { faultsInBooks } from './books.ts';
import { ScriptedGateway } from './scripted-gateway.ts';
import { ScriptedStation } from './scripted-station.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { startTestNats, type TestNats } from './test-nats.ts';
import { startTestPostgres, type TestPostgres } from './test-postgres.ts';
import { TwinProcess } from './twin-process.ts';

const STATIONS = ['HH1', 'BD1', 'YP1'] as const;
const SWAPS_EACH_MIN = 4;
/** Trucks that come to one station in turn. */
const TRUCKS_EACH = 20;
/** Longest step of the scripted robots [ms]. */
const STEP_MS_MAX = 30;

/** Small generator of the seed, so that a run can be had again. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

export interface KillWorld {
  nats: TestNats;
  postgres: TestPostgres;
  twin: TwinProcess;
  gateways: Map<string, { gateway: ScriptedGateway; nc: NatsConnection }>;
  reboot: (stationId: string) => Promise<void>;
}
/** Kills something and brings it back. */
export type Kill = (world: KillWorld, random: () => number) => Promise<void>;

export const KILLS = {
  twin: async ({ twin }) => {
    await twin.kill9();
    twin.start();
    await twin.ready();
  },
  postgres: async ({ postgres, twin }) => {
    await postgres.kill9();
    await postgres.start();
    if (!twin.running) twin.start();
    await twin.ready();
  },
  nats: async ({ nats }) => {
    await nats.kill9();
    await nats.start();
  },
  gateway: async ({ reboot }, random) => {
    await reboot(STATIONS[Math.floor(random() * STATIONS.length)] ?? STATIONS[0]);
  },
} as const satisfies Record<string, Kill>;

export interface KillReport {
  readonly swapsStarted: number;
  readonly swapsRefused: number;
  /** What does not hold; empty: all is well. */
  readonly faults: readonly string[];
  readonly twinExitCode: number | null;
}

/** Runs swaps at three stations while `kill` does its work again and again, then looks into the books. */
export async function killRun({ kill, kills, seed }: { kill: Kill; kills: number; seed: number }): Promise<KillReport> {
  using folder = temporaryFolder();
  await using nats = await startTestNats();
  await using postgres = await startTestPostgres({ durable: true });
  const twin = await TwinProcess.create({ nats, databaseUrl: postgres.url, dataDir: join(folder.path, 'twin') });
  twin.start();
  await twin.ready();
  const network = readNetworkFile(DEFAULT_NETWORK_FILE);
  const onTruck = ScriptedStation.packsOnTrucks(network);
  const random = randomOf(seed);
  const gateways: KillWorld['gateways'] = new Map();
  const reboot = async (stationId: string) => {
    const known = gateways.get(stationId);
    known?.gateway.stop();
    await known?.nc.close();
    const nc = await nats.connect(await nats.credentials.issueStation(stationId));
    const gateway = known?.gateway ?? new ScriptedGateway({ stationId });
    gateways.set(stationId, { gateway, nc });
    await gateway.boot(nc);
  };
  for (const stationId of STATIONS) await reboot(stationId);
  const stations = STATIONS.map((stationId) => {
    const gateway = gateways.get(stationId)?.gateway;
    if (!gateway) throw new Error(`${stationId} has no gateway`);
    return new ScriptedStation({ gateway, network, onTruck, pace: async () => sleep(random() * STEP_MS_MAX) });
  });

  const campaign = { isOver: false };
  const work = Promise.all(
    stations.map(async (station, place) => {
      for (let swap = 0; !campaign.isOver || swap < SWAPS_EACH_MIN; swap += 1) {
        await station.serve(`T${String(place * TRUCKS_EACH + (swap % TRUCKS_EACH) + 1).padStart(3, '0')}`);
      }
    }),
  );
  const world: KillWorld = { nats, postgres, twin, gateways, reboot };
  for (let done = 0; done < kills; done += 1) {
    await sleep(100 + random() * 900);
    await kill(world, random);
  }
  campaign.isOver = true;
  await work;
  for (const { gateway } of gateways.values()) await gateway.settled();

  const logged = stations.flatMap(({ log }) => log);
  const faults = await faultsIn(postgres.url, stations);
  for (const { gateway, nc } of gateways.values()) {
    gateway.stop();
    await nc.close();
  }
  const started = logged.filter(({ outcome }) => outcome.started).length;
  return { swapsStarted: started, swapsRefused: logged.length - started, faults, twinExitCode: await twin.stop() };
}

async function faultsIn(url: string, stations: readonly ScriptedStation[]): Promise<string[]> {
  const db = new pg.Pool({ connectionString: url, max: 1 });
  const faults = await faultsInBooks(
    db,
    stations.flatMap(({ log }) => log),
  );
  const { rows } = await db.query<{ pack_id: string; place_id: string }>('select pack_id, place_id from custody where until is null');
  const stored = new Map(rows.map((row) => [row.pack_id, row.place_id]));
  for (const station of stations) {
    for (const [packId, slotId] of station.places()) {
      if (stored.get(packId) !== slotId) faults.push(`${packId} is in ${slotId}, the books say ${stored.get(packId)}`);
    }
  }
  await db.end();
  return faults;
}

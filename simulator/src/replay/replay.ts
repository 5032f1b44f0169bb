import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { TruckDefinition } from '@corridor/protocols/network-file';
import type { Logger } from 'pino';
import { DrivenClock } from '../clock/driven-clock.ts';
import { loadWorld } from '../plant/corridor-files.ts';
import { TboxJournal } from '../tbox/tbox-journal.ts';
import { Enrolment } from '../traffic/enrolment.ts';
import { pause, type TwinApi, TwinApiError, twinApi, whenReachable } from '../traffic/twin-api.ts';
import { loadMappedCsv, parseColumnMap } from './mapped-csv.ts';
import { type RecordedTrip, RecordingError } from './recorded-trip.ts';
import type { ReplayConfig } from './replay-config.ts';
import { replayTruck } from './replay-truck.ts';
import { loadTeslaSemi } from './tesla-semi.ts';

const FOLLOW_EVERY_WALL_MS = 10_000;
const TICK_WALL_MS = 200;

/** @throws RecordingError */
export function loadRecording(config: Pick<ReplayConfig, 'dataset' | 'map'>): RecordedTrip[] {
  if (config.dataset === 'tesla-semi') return loadTeslaSemi();
  if (config.map === null)
    throw new RecordingError(`"${config.dataset}" is no dataset that comes with the product; a CSV of your own needs --map`);
  return loadMappedCsv(config.dataset, parseColumnMap(config.map));
}

/** Replays until the recording is over or `signal` comes. @throws TwinApiError, AuthorizationError */
export async function replay(
  config: ReplayConfig,
  trips: readonly RecordedTrip[],
  { log, signal }: { log: Logger; signal: AbortSignal },
): Promise<void> {
  const api = twinApi(config.apiUrl, config.token ?? (() => ''));
  const scene = await sceneClock(api, signal, log);
  const clock = new DrivenClock({ ...scene, wallNowMs: () => performance.now() });
  const journal = TboxJournal.open(join(config.dataDir, 'tboxes.db'));
  const enrolment = new Enrolment({ api, dir: null, signal, log });
  const ticking = setInterval(() => clock.tick(), TICK_WALL_MS);
  const over = new AbortController();
  const following = follow(api, clock, AbortSignal.any([signal, over.signal]), log);
  try {
    const { road } = loadWorld(0);
    const trucks = [...Map.groupBy(trips, ({ truck }) => truck).values()].slice(0, config.trucksMax);
    await Promise.all(
      trucks.map(async (trips, index) => {
        const truckId = `R${String(index + 1).padStart(2, '0')}`;
        await register(api, truckId, config.carrierId, road.startM);
        const { creds, natsUrl } = await enrolment.credentials('truck', truckId);
        const url = config.natsUrl ?? natsUrl;
        if (url === null) throw new RecordingError('the twin names no NATS server: give --nats');
        const speed = config.speed ?? clock.factor();
        await replayTruck({
          truckId,
          scope: config.scope,
          trips,
          road,
          clock,
          journal,
          nats: { url, creds },
          speed,
          gapSMax: config.gapSMax,
          signal,
          log,
        });
      }),
    );
  } finally {
    over.abort();
    await following;
    clearInterval(ticking);
    clock.dispose();
    journal.close();
  }
}

/** The scope's own time and pace, as the platform shows them. */
async function sceneClock(api: TwinApi, signal: AbortSignal, log: Logger): Promise<{ scopeAtMs: number; factor: number }> {
  const scene = (await whenReachable(
    () => api.get('/api/v1/scene'),
    signal,
    (cause) => log.info({ reason: cause.message }, 'waiting for the twin'),
  )) as { scopeAt?: unknown; factor?: unknown } | null;
  const scopeAtMs = Date.parse(String(scene?.scopeAt));
  const factor = Number(scene?.factor);
  if (Number.isNaN(scopeAtMs) || !(factor > 0)) throw new TwinApiError('the scene shows no clock', { status: null, problemCode: null });
  return { scopeAtMs, factor };
}

async function follow(api: TwinApi, clock: DrivenClock, signal: AbortSignal, log: Logger): Promise<void> {
  for (;;) {
    await pause(FOLLOW_EVERY_WALL_MS, signal);
    if (signal.aborted) return;
    try {
      clock.follow(await sceneClock(api, signal, log));
    } catch (cause) {
      if (!(cause instanceof TwinApiError)) throw cause;
      log.warn({ reason: cause.message }, 'the clock of the scope was not read');
    }
  }
}

/** The same truck again changes nothing. */
async function register(api: TwinApi, truckId: string, carrierId: string, initialChainageM: number): Promise<void> {
  const definition: TruckDefinition = {
    id: truckId,
    vin: `REPLAY${truckId.padStart(11, '0')}`,
    plate: truckId,
    rfid: `REPLAY-${truckId}`,
    carrierId,
    interfaceType: 'RECORDED',
    tareMassKg: 15_000,
    initialChainageM,
    initialDirection: 'WEST',
    replayed: true,
  };
  await api.post('/api/v1/trucks', definition);
}

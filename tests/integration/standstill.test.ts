import { join } from 'node:path';
import { stationReading } from '@corridor/actors/network/telemetry.fixture';
import { faultsInBooks } from '@corridor/testkit/books';
import { ScriptedGateway } from '@corridor/testkit/scripted-gateway';
import { ScriptedStation } from '@corridor/testkit/scripted-station';
import { temporaryFolder } from '@corridor/testkit/temporary-folder';
import { startTestNats } from '@corridor/testkit/test-nats';
import { openTestPool } from '@corridor/testkit/test-pool';
import { startTestPostgres } from '@corridor/testkit/test-postgres';
import { TwinProcess } from '@corridor/testkit/twin-process';
import { DEFAULT_NETWORK_FILE, readNetworkFile } from '@corridor/twin/seed/network-files';
import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { expect, it } from 'vitest';

const FACTOR = 100;
/** A swap is given up as lost when its gateway is heard and has said nothing of it for 30 minutes. */
const STANDSTILL_SCOPE_MS = 40 * 60_000;
/** Then the swap is done and all of it published. */
const REPORTED_AFTER_MS = 8 * 60_000;
/** The truck is in the bay, and the procedure under way. */
const STEP_OF_THE_KILL = 3;
/** What waits in the stream before the swap: with 20,000 the events win the race against the timers also when time does not wait. */
const WAITING_BEFORE = 60_000;

/** Fills the stream with an event of this station that was taken already: read, found known, and dropped. */
async function fillStream(asService: NatsConnection, asStation: NatsConnection): Promise<void> {
  const manager = await jetstreamManager(asService, { checkAPI: false });
  const known = await manager.streams.getMessage('EVT', { seq: 1 });
  if (!known) throw new Error('the stream is empty');
  for (let count = 0; count < WAITING_BEFORE; count += 1) asStation.publish(known.subject, known.data);
  await asStation.flush();
}

/** Says that it is there, as every gateway does: telemetry is read beside the events, so it is heard while they wait. */
function heartbeat(asStation: NatsConnection, scopeNowMs: () => number): NodeJS.Timeout {
  let seq = 0;
  return setInterval(() => {
    seq += 1;
    const at = new Date(scopeNowMs()).toISOString();
    const head = { schema: 'tele.station/1', src: 'HH1', bootId: 1, seq, tsEvent: at, tsSend: at, backfill: false, q: [] };
    asStation.publish('evs.v1.live.station.HH1.tele.station', JSON.stringify({ ...head, data: stationReading() }));
  }, 500);
}

it('bills a swap that a station reported behind much else while the twin was dead for longer than its watchdogs wait', {
  timeout: 240_000,
}, async () => {
  using folder = temporaryFolder();
  await using nats = await startTestNats();
  await using postgres = await startTestPostgres();
  const driver = await nats.connect(await nats.credentials.issueService('driver'));
  const begunMs = Date.now();
  let skippedMs = 0;
  const scopeNowMs = () => begunMs + (Date.now() - begunMs) * FACTOR + skippedMs;
  const tick = () => {
    const [scopeAt, wallAt] = [new Date(scopeNowMs()).toISOString(), new Date().toISOString()];
    driver.publish('evs.v1.live.clock', JSON.stringify({ scopeAt, wallAt, factor: FACTOR }));
  };
  const ticking = setInterval(tick, 1_000);
  const twin = await TwinProcess.create({ nats, databaseUrl: postgres.url, dataDir: join(folder.path, 'twin') });
  twin.start();
  await twin.ready();
  const db = openTestPool({ url: postgres.url, max: 1 });
  const nc = await nats.connect(await nats.credentials.issueStation('HH1'));
  const gateway = new ScriptedGateway({ stationId: 'HH1', nowMs: scopeNowMs });
  tick();
  await gateway.boot(nc);
  await gateway.settled();
  const network = readNetworkFile(DEFAULT_NETWORK_FILE);
  const beating = heartbeat(nc, scopeNowMs);
  let step = 0;
  let overAtMs = 0;
  const station = new ScriptedStation({
    gateway,
    network,
    onTruck: ScriptedStation.packsOnTrucks(network),
    pace: async () => {
      step += 1;
      if (step !== STEP_OF_THE_KILL) return;
      await twin.kill9();
      overAtMs = scopeNowMs() + STANDSTILL_SCOPE_MS;
      await fillStream(driver, nc);
      skippedMs += REPORTED_AFTER_MS;
    },
  });
  await station.serve('T001');
  // Nobody is there to see the time pass: it is skipped.
  skippedMs += Math.max(0, overAtMs - scopeNowMs());
  twin.start();
  await gateway.settled();
  expect(overAtMs).toBeGreaterThan(0);
  const { rows } = await db.query('select state, reason from swap_order');
  expect(rows).toEqual([{ state: 'CLEARED', reason: null }]);
  expect(await faultsInBooks(db, station.log)).toEqual([]);
  clearInterval(ticking);
  clearInterval(beating);
  // Before PostgreSQL goes, which the twin's end gives it time for.
  await db.end();
  await twin.stop();
  gateway.stop();
  await Promise.all([nc.close(), driver.close()]);
});

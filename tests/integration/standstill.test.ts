import { join } from 'node:path';
import { faultsInBooks } from '@corridor/testkit/books';
import { ScriptedGateway } from '@corridor/testkit/scripted-gateway';
import { ScriptedStation } from '@corridor/testkit/scripted-station';
import { temporaryFolder } from '@corridor/testkit/temporary-folder';
import { startTestNats } from '@corridor/testkit/test-nats';
import { startTestPostgres } from '@corridor/testkit/test-postgres';
import { TwinProcess } from '@corridor/testkit/twin-process';
import { until } from '@corridor/testkit/until';
import { DEFAULT_NETWORK_FILE, readNetworkFile } from '@corridor/twin/seed/network-files';
import pg from 'pg';
import { expect, it } from 'vitest';

const FACTOR = 100;
/** An order whose swap does not begin is given up after ten minutes. */
const STANDSTILL_SCOPE_MS = 20 * 60_000;
const REPORTED_AFTER_MS = 8 * 60_000;

/** The way as a whole. That time waits is shown by the writer's own tests: here the events may win the race without it. */
it('bills a swap that a station reported while the twin was suspended for longer than its watchdogs wait', {
  timeout: 180_000,
}, async () => {
  using folder = temporaryFolder();
  await using nats = await startTestNats();
  await using postgres = await startTestPostgres();
  const driver = await nats.connect(await nats.credentials.issueService('driver'));
  const begunMs = Date.now();
  const scopeNowMs = () => begunMs + (Date.now() - begunMs) * FACTOR;
  const tick = () => {
    const [scopeAt, wallAt] = [new Date(scopeNowMs()).toISOString(), new Date().toISOString()];
    driver.publish('evs.v1.live.clock', JSON.stringify({ scopeAt, wallAt, factor: FACTOR }));
  };
  const ticking = setInterval(tick, 1_000);
  const twin = await TwinProcess.create({ nats, databaseUrl: postgres.url, dataDir: join(folder.path, 'twin') });
  twin.start();
  await twin.ready();
  const db = new pg.Pool({ connectionString: postgres.url, max: 1 });
  const nc = await nats.connect(await nats.credentials.issueStation('HH1'));
  const gateway = new ScriptedGateway({ stationId: 'HH1', nowMs: scopeNowMs });
  tick();
  await gateway.boot(nc);
  await gateway.settled();
  const network = readNetworkFile(DEFAULT_NETWORK_FILE);
  let step = 0;
  let heldUntilMs = 0;
  const station = new ScriptedStation({
    gateway,
    network,
    onTruck: ScriptedStation.packsOnTrucks(network),
    pace: async () => {
      step += 1;
      // The start was commanded and nothing of it is reported: the order waits for that, and no longer than ten minutes.
      if (step !== 1) return;
      twin.suspend();
      const suspendedAtMs = scopeNowMs();
      heldUntilMs = suspendedAtMs + STANDSTILL_SCOPE_MS;
      // In time, but after the server has stopped sending to who does not ask.
      await until('the swap goes on', 30_000, async () => (scopeNowMs() > suspendedAtMs + REPORTED_AFTER_MS ? true : null));
    },
  });
  await station.serve('T001');
  await until('the standstill is over', 60_000, async () => (scopeNowMs() > heldUntilMs ? true : null));
  twin.resume();
  await gateway.settled();
  expect(heldUntilMs).toBeGreaterThan(0);
  const { rows } = await db.query('select state, reason from swap_order');
  expect(rows).toEqual([{ state: 'CLEARED', reason: null }]);
  expect(await faultsInBooks(db, station.log)).toEqual([]);
  clearInterval(ticking);
  // Before PostgreSQL goes, which the twin's end gives it time for.
  await db.end();
  await twin.stop();
  gateway.stop();
  await Promise.all([nc.close(), driver.close()]);
});

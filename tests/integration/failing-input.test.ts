import { join } from 'node:path';
import { faultsInBooks } from '@corridor/testkit/books';
import { ScriptedGateway } from '@corridor/testkit/scripted-gateway';
import { ScriptedStation } from '@corridor/testkit/scripted-station';
import { temporaryFolder } from '@corridor/testkit/temporary-folder';
import { startTestNats } from '@corridor/testkit/test-nats';
import { openTestPool } from '@corridor/testkit/test-pool';
import { startTestPostgres } from '@corridor/testkit/test-postgres';
import { TwinProcess } from '@corridor/testkit/twin-process';
import { until } from '@corridor/testkit/until';
import { DEFAULT_NETWORK_FILE, readNetworkFile } from '@corridor/twin/seed/network-files';
import { jetstreamManager } from '@nats-io/jetstream';
import { expect, it } from 'vitest';

/**
 * An event that the writer cannot take, made by a constraint that only this test adds: the process ends with it, and the
 * one after the next passes over it and goes on.
 */
it('passes over an event on which the writer fails, and takes everything else', async () => {
  using folder = temporaryFolder();
  await using nats = await startTestNats();
  await using postgres = await startTestPostgres();
  const twin = await TwinProcess.create({ nats, databaseUrl: postgres.url, dataDir: join(folder.path, 'twin') });
  twin.start();
  await twin.ready();
  const db = openTestPool({ url: postgres.url, max: 1 });
  await db.query(`alter table swap_event add constraint fails check (subject not like '%gateway.fault_cleared' or payload is null)`);

  const nc = await nats.connect(await nats.credentials.issueStation('HH1'));
  const gateway = new ScriptedGateway({ stationId: 'HH1' });
  await gateway.boot(nc);
  await gateway.settled();
  const network = readNetworkFile(DEFAULT_NETWORK_FILE);
  const station = new ScriptedStation({ gateway, network, onTruck: ScriptedStation.packsOnTrucks(network) });
  gateway.event('gateway', 'fault_cleared', {
    faultId: 'f1',
    code: 'GANTRY_FAULT',
    level: 2,
    scope: 'station',
    scopeId: 'HH1',
    detail: '',
  });
  const served = station.serve('T001');

  // As whoever supervises it would: started again whenever it ends.
  let starts = 1;
  const keepRunning = async () => {
    while (starts < 20 && (await twin.exited()) !== 0) {
      starts += 1;
      twin.start();
    }
  };
  const supervised = keepRunning();
  await served;
  await gateway.settled();
  expect(starts).toBeGreaterThan(1);
  expect(await faultsInBooks(db, station.log)).toEqual([]);
  const { rows } = await db.query<{ failures: number; error: string }>('select failures, error from failed_input');
  expect(rows).toEqual([{ failures: 2, error: expect.stringContaining('fails') }]);
  await twin.ready();
  // Nothing is passed over in silence: the message, an alarm, a number.
  const authorization = `Bearer ${await twin.token()}`;
  const read = async (path: string) => (await fetch(`${twin.url}${path}`, { headers: { authorization } })).text();
  expect(JSON.parse(await read('/api/v1/alarms?open=true'))).toMatchObject({
    items: expect.arrayContaining([
      expect.objectContaining({
        code: 'INPUT_FAILED',
        scope: 'station',
        scopeId: 'HH1',
        detail: expect.stringContaining('gateway.fault_cleared'),
      }),
    ]),
  });
  const metrics = await read('/metrics');
  expect(metrics).toContain('corridor_refused_total{reason="INPUT_FAILED"} 1');
  expect(metrics).toContain('corridor_passed_over_total{kind="event"} 1');
  const service = await nats.connect(await nats.credentials.issueService('twin'));
  const { streams } = await jetstreamManager(service);
  const kept = await until('the message is kept', 30_000, () =>
    streams.getMessage('REFUSED', { last_by_subj: 'evs.v1.live.twin.refused.HH1.evt' }),
  );
  expect(kept.json()).toMatchObject({
    reason: 'INPUT_FAILED',
    detail: expect.stringMatching(/boot 1 seq \d+, \d+ in the stream.*fails/s),
  });
  await service.close();
  await twin.stop();
  await supervised;
  gateway.stop();
  await nc.close();
  await db.end();
});

import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { temporaryFolder } from '@corridor/testkit/temporary-folder';
import { startTestNats, type TestNats } from '@corridor/testkit/test-nats';
import { JetStreamApiError, jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { describe, expect, it } from 'vitest';
import { silentLog } from '../log.ts';
import { connectNats } from '../nats/connection.ts';
import type { Credentials } from '../nats/enrolment.ts';
import { ensureStreams } from '../nats/streams.ts';
import { LOOPBACK } from './free-port.ts';
import { findNatsServer } from './nats-binary.ts';
import { startNatsServer } from './nats-server.ts';
import { processIdentity } from './process-identity.ts';

const log = silentLog();

async function connectTwin(nats: TestNats): Promise<NatsConnection> {
  const twin = await nats.connect(await nats.credentials.issueService('twin'));
  await ensureStreams(await jetstreamManager(twin));
  return twin;
}

/** Tries once, and does not come back. */
const connectOnce = (nats: TestNats, { creds, inboxPrefix }: Credentials) =>
  connectNats({ url: nats.url, creds, inboxPrefix, name: 'test', more: { waitOnFirstConnect: false, reconnect: false } });

describe('a gateway', () => {
  it('speaks for itself and nobody else', async () => {
    await using nats = await startTestNats();
    const twin = await connectTwin(nats);
    const gateway = await nats.connect(await nats.credentials.issueStation('HH1'));
    const stream = jetstream(gateway);
    expect(await stream.publish('evs.v1.live.station.HH1.tele.station', '{}')).toMatchObject({ stream: 'TELE', seq: 1 });
    expect(await stream.publish('evs.v1.live.station.HH1.evt.swap.arrived', '{}')).toMatchObject({ stream: 'EVT' });
    expect(await stream.publish('evs.v1.live.station.HH1.res.c1', '{}')).toMatchObject({ stream: 'EVT', seq: 2 });
    for (const foreign of [
      'evs.v1.live.station.HJ1.tele.station',
      'evs.v1.live.truck.HH1.tele.truck',
      'evs.v1.sim-1.station.HH1.tele.station',
      'evs.v1.live.station.HH1.ack',
      'evs.v1.live.twin.order.o1.cleared',
      'evs.v1.live.clock',
      '$JS.API.STREAM.DELETE.EVT',
    ]) {
      await expect(stream.publish(foreign, '{}', { timeout: 60_000 })).rejects.toThrow(/permissions violation/i);
    }
    await Promise.all([gateway.close(), twin.close()]);
  });

  it('hears its commands and acks, answers them once, and hears nothing else', async () => {
    await using nats = await startTestNats();
    const twin = await connectTwin(nats);
    const gateway = await nats.connect(await nats.credentials.issueTruck('T001'));
    gateway.subscribe('evs.v1.live.truck.T001.cmd.>', { callback: (_error, message) => void message.respond('accepted') });
    const acks = gateway.subscribe('evs.v1.live.truck.T001.ack', { max: 1 });
    await gateway.flush();
    expect((await twin.request('evs.v1.live.truck.T001.cmd.notify.show', '{}', { timeout: 60_000 })).string()).toBe('accepted');
    twin.publish('evs.v1.live.truck.T001.ack', '{"bootId":1,"evtSeq":2}');
    const heard: string[] = [];
    for await (const message of acks) heard.push(message.string());
    expect(heard).toEqual(['{"bootId":1,"evtSeq":2}']);
    for (const foreign of ['evs.v1.live.>', 'evs.v1.live.clock', 'evs.v1.live.truck.T002.cmd.>', '_INBOX.>', '_SVC.twin.>']) {
      const refused = Promise.withResolvers<string>();
      gateway.subscribe(foreign, { callback: (error) => refused.resolve(String(error?.message)) });
      expect(await refused.promise).toMatch(/permissions violation/i);
    }
    await Promise.all([gateway.close(), twin.close()]);
  });

  it('is cut off when it is revoked, also after a restart; another enrolment counts', async () => {
    await using nats = await startTestNats();
    const lost = await nats.credentials.issueStation('HH1');
    const gateway = await connectOnce(nats, lost);
    const closed = gateway.closed();
    await nats.credentials.revoke(lost.publicKey);
    expect(await closed).toBeInstanceOf(Error);
    await expect(connectOnce(nats, lost)).rejects.toThrow(/authorization/i);
    const fresh = await nats.credentials.issueStation('HH1');
    await (await connectOnce(nats, fresh)).close();
    await nats.kill9();
    await nats.start();
    await expect(connectOnce(nats, lost)).rejects.toThrow(/authorization/i);
    await (await connectOnce(nats, fresh)).close();
  });
});

describe('services', () => {
  it('of the clock drive the clock and do nothing else', async () => {
    await using nats = await startTestNats();
    const driver = await nats.connect(await nats.credentials.issueService('traffic', 'clock'));
    const ticks = driver.subscribe('evs.v1.live.clock', { max: 1 });
    driver.publish('evs.v1.live.clock', 'tick');
    for await (const tick of ticks) expect(tick.string()).toBe('tick');
    const refused = Promise.withResolvers<string>();
    driver.subscribe('evs.v1.live.>', { callback: (error) => refused.resolve(String(error?.message)) });
    expect(await refused.promise).toMatch(/permissions violation/i);
    await driver.close();
  });

  it('nobody connects without credentials', async () => {
    await using nats = await startTestNats();
    const anonymous = connectNats({
      url: nats.url,
      creds: null,
      name: 'nobody',
      inboxPrefix: '_INBOX.x',
      more: { waitOnFirstConnect: false, reconnect: false },
    });
    await expect(anonymous).rejects.toThrow(/authorization/i);
  });
});

describe('startNatsServer', () => {
  it('keeps streams, keys and credentials through kill -9', async () => {
    await using nats = await startTestNats();
    const twin = await nats.credentials.issueService('twin');
    const before = await nats.connect(twin);
    await ensureStreams(await jetstreamManager(before));
    await jetstream(before).publish('evs.v1.live.station.HH1.tele.station', '{}', { msgID: 'm1' });
    await before.close();
    await nats.kill9();
    await nats.start();
    const after = await nats.connect(twin);
    const manager = await jetstreamManager(after);
    await ensureStreams(manager);
    expect((await manager.streams.info('TELE')).state.messages).toBe(1);
    expect(await jetstream(after).publish('evs.v1.live.station.HH1.tele.station', '{}', { msgID: 'm1' })).toMatchObject({
      duplicate: true,
    });
    await expect(manager.streams.info('OTHER')).rejects.toBeInstanceOf(JetStreamApiError);
    await after.close();
  });

  it('stops a server that a killed start left behind', async () => {
    using folder = temporaryFolder();
    const dir = join(folder.path, 'nats');
    const first = await startNatsServer({ dir, scope: 'live', log });
    // As after a kill: the record names a starter that is gone.
    const record = JSON.parse(readFileSync(join(dir, 'run.json'), 'utf8')) as { owner: { pid: number; identity: string } };
    writeFileSync(join(dir, 'run.json'), JSON.stringify({ ...record, owner: { pid: record.owner.pid, identity: 'before:0' } }));
    const second = await startNatsServer({ dir, scope: 'live', log });
    expect(processIdentity(first.pid)).toBeNull();
    await second.stop();
    expect(existsSync(join(dir, 'run.json'))).toBe(false);
  });

  it('keeps its secrets to its own account, and refuses a damaged key file', async () => {
    using folder = temporaryFolder();
    const dir = join(folder.path, 'nats');
    const server = await startNatsServer({ dir, scope: 'live', log });
    await server.stop();
    for (const file of ['keys.json', 'server.conf']) expect(statSync(join(dir, file)).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(dir, 'server.conf'), 'utf8')).not.toMatch(/S[OAU]A[A-Z0-9]{50}/);
    writeFileSync(join(dir, 'keys.json'), '{"operatorSeed":');
    await expect(startNatsServer({ dir, scope: 'live', log })).rejects.toMatchObject({ code: 'NATS_KEYS_DAMAGED' });
  });

  it('says so when a file is in the way of the folder', async () => {
    using folder = temporaryFolder();
    writeFileSync(join(folder.path, 'data'), '');
    await expect(startNatsServer({ dir: join(folder.path, 'data'), scope: 'live', log })).rejects.toMatchObject({
      code: 'DATA_DIR_NOT_USABLE',
    });
  });

  it('says which port is in use', async () => {
    using folder = temporaryFolder();
    const blocker = createServer();
    const listening = Promise.withResolvers<void>();
    blocker.listen(0, LOOPBACK, () => listening.resolve());
    await listening.promise;
    const address = blocker.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await expect(startNatsServer({ dir: join(folder.path, 'nats'), scope: 'live', port, log })).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      port,
    });
    blocker.close();
  });

  it('says in one line what to do without a nats-server', async () => {
    await expect(findNatsServer({ env: { NATS_SERVER_BIN: '/nowhere/nats-server' }, log })).rejects.toMatchObject({
      code: 'NATS_SERVER_MISSING',
      message: expect.stringMatching(/^No nats-server found \(NATS_SERVER_BIN=\/nowhere\/nats-server does not run\): install it [^\n]+$/),
    });
  });
});

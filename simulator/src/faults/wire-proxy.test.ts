import { Prng } from '@corridor/actors/time/prng';
import { startTestNats } from '@corridor/testkit/test-nats';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, credsAuthenticator } from '@nats-io/transport-node';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { FaultGate } from './fault-gate.ts';
import { WireProxy } from './wire-proxy.ts';

it('passes a client through to a real server, and does to its messages what is asked', async () => {
  await using nats = await startTestNats();
  const twin = await nats.connect(await nats.credentials.issueService('twin'));
  const manager = await jetstreamManager(twin);
  await manager.streams.add({ name: 'TELE', subjects: ['evs.v1.*.*.*.tele.>'] });
  const stored = async () => (await manager.streams.info('TELE')).state.messages;
  const proxy = await WireProxy.start({ natsUrl: nats.url, gate: new FaultGate(new Prng(1)), log: pino({ level: 'silent' }) });
  const { creds } = await nats.credentials.issueTruck('T001');
  const client = await connect({
    servers: proxy.url,
    inboxPrefix: '_INBOX.T001',
    authenticator: credsAuthenticator(new TextEncoder().encode(creds)),
    maxReconnectAttempts: -1,
    reconnectTimeWait: 50,
  });
  client.subscribe('evs.v1.live.truck.T001.ack', { callback: () => undefined });
  await client.flush();
  const js = jetstream(client);
  const publish = (id: string) => js.publish('evs.v1.live.truck.T001.tele.truck', '{}', { msgID: id });
  const all = { sources: [], ratio: 1 };

  expect((await publish('a')).stream).toBe('TELE');
  expect(await stored()).toBe(1);

  proxy.setFaults([{ kind: 'LOST', ...all }]);
  expect((await publish('b')).stream).toBe('LOST');
  expect(await stored()).toBe(1);

  proxy.setFaults([{ kind: 'DUPLICATE', ...all, copies: 3 }]);
  const arrived = Promise.withResolvers<void>();
  let copies = 0;
  twin.subscribe('evs.v1.live.truck.T001.tele.truck', {
    callback: () => {
      copies += 1;
      if (copies === 4) arrived.resolve();
    },
  });
  await twin.flush();
  await publish('c');
  await arrived.promise;

  const statuses = client.status()[Symbol.asyncIterator]();
  proxy.setFaults([{ kind: 'OFFLINE', sources: ['T001'], ratio: 1 }]);
  for (let next = await statuses.next(); next.value?.type !== 'disconnect'; ) next = await statuses.next();
  proxy.setFaults([]);
  for (let next = await statuses.next(); next.value?.type !== 'reconnect'; ) next = await statuses.next();
  expect((await publish('d')).stream).toBe('TELE');

  await client.close();
  await proxy.stop();
  await twin.close();
});

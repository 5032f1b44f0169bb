import { startTestNats } from '@corridor/testkit/test-nats';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { expect, it } from 'vitest';
import { silentLog } from '../log.ts';
import { StreamReader } from './stream-reader.ts';

/** Resolves when `isTrue` does, asked after each message. */
function collector() {
  const seen: string[] = [];
  let wanted: { count: number; resolve: () => void } | null = null;
  return {
    seen,
    take: (text: string) => {
      seen.push(text);
      if (wanted && seen.length >= wanted.count) wanted.resolve();
    },
    reached: async (count: number) => {
      if (seen.length >= count) return;
      await new Promise<void>((resolve) => {
        wanted = { count, resolve };
      });
    },
  };
}

async function reconnected(nc: NatsConnection): Promise<void> {
  for await (const status of nc.status()) if (status.type === 'reconnect') return;
}

it('reads in order from where it is told, also after the server was killed', async () => {
  await using nats = await startTestNats();
  const nc = await nats.connect(await nats.credentials.issueService('twin'));
  const js = jetstream(nc);
  await (await jetstreamManager(nc)).streams.add({ name: 'EVT', subjects: ['evs.v1.*.*.*.evt.>'] });
  const publish = async (text: string) => js.publish('evs.v1.live.station.HH1.evt.swap.arrived', text);
  for (let n = 1; n <= 5; n += 1) await publish(`m${n}`);

  const collected = collector();
  let nextSeq = 3;
  let words = 0;
  const said = Promise.withResolvers<void>();
  const reader = new StreamReader({
    nc,
    stream: 'EVT',
    filter: null,
    from: () => nextSeq,
    onStreamShorter: () => {},
    onAtEnd: () => {
      // Of the idle stream: the word after the last message comes from the message.
      if (collected.seen.length < 3) return;
      words += 1;
      if (words === 3) said.resolve();
    },
    onMessage: (message) => {
      if (message.streamSeq < nextSeq) return;
      nextSeq = message.streamSeq + 1;
      collected.take(new TextDecoder().decode(message.data));
    },
    ahead: 100,
    wallNowMs: Date.now,
    log: silentLog(),
  });
  reader.start();
  await collected.reached(3);
  expect(collected.seen).toEqual(['m3', 'm4', 'm5']);
  // Again and again while nothing comes: without it the time of the scope would stand still.
  await said.promise;

  const back = reconnected(nc);
  await nats.kill9();
  await nats.start();
  await back;
  reader.restart();
  await publish('m6');
  await collected.reached(4);
  expect(collected.seen.at(-1)).toBe('m6');

  await reader.stop();
  await nc.close();
});

it('opens its consumer anew when that says no more', async () => {
  await using nats = await startTestNats();
  const nc = await nats.connect(await nats.credentials.issueService('twin'));
  const js = jetstream(nc);
  const manager = await jetstreamManager(nc);
  await manager.streams.add({ name: 'EVT', subjects: ['evs.v1.*.*.*.evt.>'] });
  const publish = async (text: string) => js.publish('evs.v1.live.station.HH1.evt.swap.arrived', text);
  const collected = collector();
  let nextSeq = 1;
  const reader = new StreamReader({
    nc,
    stream: 'EVT',
    filter: null,
    from: () => nextSeq,
    onStreamShorter: () => {},
    onMessage: (message) => {
      if (message.streamSeq < nextSeq) return;
      nextSeq = message.streamSeq + 1;
      collected.take(new TextDecoder().decode(message.data));
    },
    ahead: 100,
    wallNowMs: Date.now,
    log: silentLog(),
  });
  reader.start();
  await publish('m1');
  await collected.reached(1);

  for await (const { name } of manager.consumers.list('EVT')) await manager.consumers.delete('EVT', name);
  await publish('m2');
  await collected.reached(2);

  // With the server goes what it knew of the consumer; nobody tells the reader.
  const back = reconnected(nc);
  await nats.kill9();
  await nats.start();
  await back;
  await publish('m3');
  await collected.reached(3);
  expect(collected.seen).toEqual(['m1', 'm2', 'm3']);
  await reader.stop();
  await nc.close();
});

import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { NetworkFile } from '@corridor/protocols/network-file';
import { connectNats } from '@corridor/twin/nats/connection';
import { jetstream } from '@nats-io/jetstream';
import { type EncodedMessage, EncodedTelemetry } from './encoded-telemetry.ts';

/** What the publisher is told over its channel. */
export type PublisherTask =
  /** As fast as the stream takes them. */
  | { kind: 'closed'; readings: number; bootId: number }
  /** At times fixed beforehand, whatever the receivers do. */
  | { kind: 'open'; readingsPerS: number; seconds: number; bootId: number };

/** What it answers when everything is in the stream. */
export interface Published {
  messages: number;
  readings: number;
  lastStreamSeq: number;
  /** Wall ms since the epoch. */
  firstAtMs: number;
  lastAtMs: number;
}

/** Messages on the way to the stream at most. */
const IN_FLIGHT_MAX = 256;
const SCOPE = 'live';

const [natsUrl = '', credsFile = '', inboxPrefix = '', networkFile = ''] = process.argv.slice(2);
const file = JSON.parse(readFileSync(networkFile, 'utf8')) as NetworkFile;
const nc = await connectNats({ url: natsUrl, creds: readFileSync(credsFile, 'utf8'), name: 'publisher', inboxPrefix });
const js = jetstream(nc);

async function run(task: PublisherTask): Promise<Published> {
  const telemetry = new EncodedTelemetry(file, { scope: SCOPE, bootId: task.bootId, seed: 1 });
  const published: Published = { messages: 0, readings: 0, lastStreamSeq: 0, firstAtMs: Date.now(), lastAtMs: 0 };
  const inFlight = new Set<Promise<void>>();
  let landed = Promise.withResolvers<void>();
  const toStream = async ({ subject, payload, id }: EncodedMessage): Promise<void> => {
    const { seq } = await js.publish(subject, payload, { msgID: id });
    published.lastStreamSeq = Math.max(published.lastStreamSeq, seq);
  };
  const send = (atMs: number): void => {
    const message = telemetry.next(atMs);
    published.messages += 1;
    published.readings += message.readings;
    const sent = toStream(message);
    inFlight.add(sent);
    void sent.finally(() => {
      inFlight.delete(sent);
      landed.resolve();
      landed = Promise.withResolvers<void>();
    });
  };
  if (task.kind === 'closed') {
    while (published.readings < task.readings) {
      send(Date.now());
      if (inFlight.size >= IN_FLIGHT_MAX) await landed.promise;
    }
  } else await sendOnTime(task, send, published);
  await Promise.all(inFlight);
  published.lastAtMs = Date.now();
  return published;
}

/** Each message carries the time at which it was due, so that a late start counts as delay. */
async function sendOnTime(task: Extract<PublisherTask, { kind: 'open' }>, send: (atMs: number) => void, published: Published) {
  const beginMs = Date.now();
  while (published.readings < task.readingsPerS * task.seconds) {
    const dueMs = beginMs + (published.readings / task.readingsPerS) * 1_000;
    const waitMs = dueMs - Date.now();
    if (waitMs > 0) await sleep(Math.ceil(waitMs));
    else send(Math.round(dueMs));
  }
}

process.on('message', (task: PublisherTask) => {
  run(task).then(
    (published) => process.send?.(published),
    (cause: unknown) => {
      process.stderr.write(`publisher: ${cause instanceof Error ? cause.stack : String(cause)}\n`);
      process.exit(1);
    },
  );
});
process.once('disconnect', () => process.exit(0));
process.once('SIGTERM', () => process.exit(0));
process.send?.({ ready: true });

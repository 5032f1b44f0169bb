import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert } from '@corridor/protocols/assert';
import type { NetworkFile } from '@corridor/protocols/network-file';
import { NodeProcess } from '@corridor/testkit/node-process';
import { temporaryFolder } from '@corridor/testkit/temporary-folder';
import { startTestPlatform, type TestPlatform } from '@corridor/testkit/test-platform';
import { until } from '@corridor/testkit/until';
import { jetstream } from '@nats-io/jetstream';
import pg from 'pg';
import { type Bench, type BenchContext, median } from '../metric.ts';
import { largeNetwork, mixedSize } from '../workload/large-network.ts';
import { firstReports } from './crowd.ts';
import type { BytesMeasured } from './measure-bytes.ts';

/** Twins of a whole run, and of a smoke. */
const WHOLE = 100_000;
const SMALL = 5_000;
const GOAL_BYTES = 4_300;
const GOAL_RECOVERY_S = 10;
const STARTED_WITHIN_MS = 300_000;

/** What a twin takes in memory, and how long 100,000 of them take from the database to readiness. */
export const actorsBench: Bench = {
  name: 'actors',
  about: 'bytes per twin with its signals, and the time from the database to /readyz for 100,000 twins',
  async run(context) {
    const twins = context.smoke ? SMALL : WHOLE;
    context.say(`${twins.toLocaleString('en')} twins`);
    const measured = await measureBytes(twins);
    context.say(`${measured.readings} readings, ${measured.actors} actors, ${Math.round(measured.bytes / 1e6)} MB`);
    const whole = measured.bytes + measured.referenceBytes;
    context.report({ metric: 'bytes_per_twin', value: whole / twins, unit: 'B', goal: GOAL_BYTES, direction: 'at-most' });
    context.report({ case: 'without definitions', metric: 'bytes_per_twin', value: measured.bytes / twins, unit: 'B' });
    await reportRecovery(context, twins);
  },
};

async function measureBytes(twins: number): Promise<BytesMeasured> {
  const child = new NodeProcess({
    name: 'measure-bytes',
    script: new URL('./measure-bytes.ts', import.meta.url),
    args: [String(twins)],
    nodeFlags: ['--expose-gc'],
  });
  child.start();
  return (await child.message()) as BytesMeasured;
}

/** Registers the network once, kills the twin, and starts it again as often as asked for. */
async function reportRecovery(context: BenchContext, twins: number): Promise<void> {
  using folder = temporaryFolder();
  const networkFile = join(folder.path, 'network.json');
  const file = largeNetwork(mixedSize(twins));
  writeFileSync(networkFile, JSON.stringify(file));
  context.say(`registering ${twins} twins`);
  await using platform = await startTestPlatform({ networkFile, durable: true, readyWithinMs: STARTED_WITHIN_MS });
  await assertStored(platform, twins);
  await report(platform, file);
  // In order, so that the last values are stored as well: they are part of what is restored.
  await platform.twin.stop();
  platform.twin.start();
  await platform.ready(STARTED_WITHIN_MS);
  const seconds: number[] = [];
  for (let round = 1; round <= (context.smoke ? 1 : 3); round += 1) {
    await platform.twin.kill9();
    platform.twin.start();
    seconds.push((await platform.ready(STARTED_WITHIN_MS)) / 1_000);
    context.say(`start ${round}: ${seconds.at(-1)?.toFixed(2)} s`);
  }
  const metric = twins === WHOLE ? 'recovery_100k_s' : 'recovery_s';
  context.report({ metric, value: median(seconds), unit: 's', goal: GOAL_RECOVERY_S, direction: 'at-most' });
}

const IN_FLIGHT_MAX = 500;

/** One reading of each twin, through NATS; returns when all are committed. */
async function report({ nats, twin, postgres }: TestPlatform, file: NetworkFile): Promise<void> {
  const nc = await nats.connect(await nats.credentials.issueService('first-reports'));
  const stream = jetstream(nc);
  let lastSeq = 0;
  let sending: Promise<number>[] = [];
  const landed = async () => {
    lastSeq = Math.max(lastSeq, ...(await Promise.all(sending)));
    sending = [];
  };
  for (const { subject, envelope } of firstReports(file, Date.now())) {
    sending.push(stream.publish(subject, JSON.stringify(envelope)).then(({ seq }) => seq));
    if (sending.length >= IN_FLIGHT_MAX) await landed();
  }
  await landed();
  await nc.close();
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  const look = async (): Promise<true | null> => {
    const { rows } = await client.query<{ seq: string }>(`select stream_seq::text as seq from ingest_position where stream = 'TELE'`);
    return Number(rows[0]?.seq) >= lastSeq ? true : null;
  };
  await until('a reading of each twin is committed', STARTED_WITHIN_MS, look, () => twin.output);
  await client.end();
}

async function assertStored(platform: TestPlatform, twins: number): Promise<void> {
  const client = new pg.Client({ connectionString: platform.postgres.url });
  await client.connect();
  try {
    const { rows } = await client.query<{ count: string }>(
      `select count(*)::text as count from actor_snapshot where machine in ('slot', 'pack', 'truck')`,
    );
    assert(Number(rows[0]?.count) === twins, `${rows[0]?.count} twins are stored, not ${twins}`);
  } finally {
    await client.end();
  }
}

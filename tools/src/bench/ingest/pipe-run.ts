import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NetworkFile } from '@corridor/protocols/network-file';
import { NodeProcess } from '@corridor/testkit/node-process';
import { temporaryFolder } from '@corridor/testkit/temporary-folder';
import { startTestPlatform, type TestPlatform } from '@corridor/testkit/test-platform';
import { until } from '@corridor/testkit/until';
import { makeFolder } from '@corridor/twin/embedded/make-folder';
import pg from 'pg';
import { largeNetwork, type NetworkSize } from '../workload/large-network.ts';
import type { Published, PublisherTask } from '../workload/publisher.ts';

/** Who takes the readings out of NATS. */
export type Pipe = 'actors' | 'bare';

/** The platform, a publisher, and the bare pipe beside it; one of the two pipes runs at a time. */
export interface PipeRig {
  /** Address of the twin. */
  readonly url: string;
  /** Empties the time series and starts a pipe. */
  start(pipe: Pipe): Promise<void>;
  stop(pipe: Pipe): Promise<void>;
  /** Sends what `task` says, as a new boot of every gateway; returns when all of it is committed. */
  send(task: PublisherTask): Promise<Published & { committedAtMs: number }>;
  /** The three in a row, after a warm-up. */
  run(pipe: Pipe, warmUpReadings: number, task: PublisherTask): Promise<Published & { committedAtMs: number }>;
  query<Row extends pg.QueryResultRow>(sql: string): Promise<Row[]>;
  [Symbol.asyncDispose](): Promise<void>;
}

const DRAINED_WITHIN_MS = 180_000;
const TABLES = ['telemetry_pack', 'telemetry_slot', 'telemetry_station', 'telemetry_truck', 'telemetry_meter', 'telemetry_bay'];

export async function startPipeRig(size: NetworkSize, options: { twinFlags?: readonly string[] } = {}): Promise<PipeRig> {
  await using built = new AsyncDisposableStack();
  const folder = built.use(temporaryFolder());
  const networkFile = join(folder.path, 'network.json');
  const file: NetworkFile = largeNetwork(size);
  writeFileSync(networkFile, JSON.stringify(file));
  const platform = built.use(
    await startTestPlatform({
      networkFile,
      durable: true,
      // Tells when each row was committed, by the same clock as the sender's.
      postgresFlags: ['track_commit_timestamp=on'],
      twinFlags: options.twinFlags ?? [],
    }),
  );
  const credsOf = async (name: string): Promise<{ file: string; inboxPrefix: string }> => {
    const { creds, inboxPrefix } = await platform.nats.credentials.issueService(name);
    makeFolder(join(folder.path, 'creds'));
    const path = join(folder.path, 'creds', `${name}.creds`);
    writeFileSync(path, creds, { mode: 0o600 });
    return { file: path, inboxPrefix };
  };
  const publisherCreds = await credsOf('publisher');
  const publisher = new NodeProcess({
    name: 'publisher',
    script: new URL('../workload/publisher.ts', import.meta.url),
    args: [platform.nats.url, publisherCreds.file, publisherCreds.inboxPrefix, networkFile],
  });
  const bareCreds = await credsOf('bare-pipe');
  const bare = new NodeProcess({
    name: 'bare-pipe',
    script: new URL('./bare-pipe.ts', import.meta.url),
    args: [platform.nats.url, bareCreds.file, bareCreds.inboxPrefix, platform.postgres.url],
  });
  built.defer(async () => {
    await Promise.all([publisher.stop(), bare.stop()]);
  });
  const client = built.adopt(new pg.Client({ connectionString: platform.postgres.adminUrl.replace(/\/postgres$/, '/corridor') }), (open) =>
    open.end(),
  );
  await client.connect();
  publisher.start();
  await publisher.message();
  await platform.twin.stop();
  const kept = built.move();
  return {
    url: platform.url,
    ...pipeRunner({ platform, bare, publisher, client }),
    query: async (sql) => (await client.query(sql)).rows,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

type Parts = { platform: TestPlatform; bare: NodeProcess; publisher: NodeProcess; client: pg.Client };

function pipeRunner({ platform, bare, publisher, client }: Parts): Pick<PipeRig, 'start' | 'stop' | 'send' | 'run'> {
  let bootId = 0;
  const rig = {
    async start(pipe: Pipe): Promise<void> {
      await client.query(`truncate ${TABLES.join(', ')}`);
      await client.query('checkpoint');
      const process = pipe === 'actors' ? platform.twin : bare;
      process.start();
      if (pipe === 'actors') await platform.ready();
      else await bare.message();
    },
    async stop(pipe: Pipe): Promise<void> {
      await (pipe === 'actors' ? platform.twin : bare).stop();
    },
    async send(task: PublisherTask): Promise<Published & { committedAtMs: number }> {
      bootId += 1;
      publisher.send({ ...task, bootId });
      const published = (await publisher.message()) as Published;
      const look = async (): Promise<true | null> => {
        const { rows } = await client.query<{ seq: string }>(`select stream_seq::text as seq from ingest_position where stream = 'TELE'`);
        return Number(rows[0]?.seq) >= published.lastStreamSeq ? true : null;
      };
      await until('everything committed', DRAINED_WITHIN_MS, look, () => `${platform.twin.output}${bare.output}`);
      return { ...published, committedAtMs: Date.now() };
    },
    async run(pipe: Pipe, warmUpReadings: number, task: PublisherTask): Promise<Published & { committedAtMs: number }> {
      await rig.start(pipe);
      await rig.send({ kind: 'closed', readings: warmUpReadings, bootId: 0 });
      const published = await rig.send(task);
      await rig.stop(pipe);
      return published;
    },
  };
  return rig;
}

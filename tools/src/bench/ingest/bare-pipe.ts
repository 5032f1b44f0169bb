import { readFileSync } from 'node:fs';
import { ReferenceStore } from '@corridor/actors/network/reference-store';
import { assert } from '@corridor/protocols/assert';
import { LaneBook } from '@corridor/twin/completeness/lane-book';
import { openDatabase } from '@corridor/twin/db/db';
import { SourceClocks } from '@corridor/twin/ingest/source-time';
import { StreamReader } from '@corridor/twin/ingest/stream-reader';
import { TelemetryIntake } from '@corridor/twin/ingest/telemetry-intake';
import { TelemetryStore } from '@corridor/twin/ingest/telemetry-store';
import { createLog } from '@corridor/twin/log';
import { connectNats } from '@corridor/twin/nats/connection';
import { loadPosition } from '@corridor/twin/restore/load-position';
import { loadReference } from '@corridor/twin/restore/load-reference';
import { ScopeClock } from '@corridor/twin/writer/scope-clock';

/**
 * The way of a reading from NATS into its committed row, and nothing else: the twin's own consumer, decoder, batches and
 * COPY, without signals, actors, scene and HTTP. What the twin is compared with.
 */
const SCOPE = 'live';
const TELEMETRY_AHEAD = 500;
const [natsUrl = '', credsFile = '', inboxPrefix = '', databaseUrl = ''] = process.argv.slice(2);

const log = createLog({ name: 'bare-pipe', level: 'warn' });
const database = openDatabase({ url: databaseUrl, log, name: 'bare-pipe' });
const position = await loadPosition(database.pool);
assert(position !== null, 'the database was filled before');
const reference = new ReferenceStore(position.platformId, () => null);
reference.apply(await loadReference(database.pool, position.platformId));
const wallNowMs = () => Date.now();
const clock = new ScopeClock({ wallNowMs, storedScopeMs: null, driven: false });
const store = await TelemetryStore.open({
  database,
  platformId: position.platformId,
  log,
  scopeNowMs: () => clock.nowMs(),
  onRetry: () => undefined,
});
const intake = new TelemetryIntake({
  laneBook: new LaneBook(),
  platformId: position.platformId,
  scope: SCOPE,
  reference,
  clock,
  sourceClocks: new SourceClocks(),
  wallNowMs,
  store,
  onTelemetry: () => undefined,
  onWritten: () => undefined,
  eventBootOf: () => 0,
  onRefused: ({ reason, detail }) => log.error({ reason, detail }, 'refused'),
  onDuplicate: () => undefined,
  onSkewChanged: () => undefined,
  onFatal: (cause) => {
    log.fatal({ err: cause }, 'the pipe broke');
    process.exit(1);
  },
});
const nc = await connectNats({ url: natsUrl, creds: readFileSync(credsFile, 'utf8'), name: 'bare-pipe', inboxPrefix });
const reader = new StreamReader({
  nc,
  stream: 'TELE',
  filter: null,
  from: () => intake.nextSeq,
  onStreamShorter: (lastSeq) => intake.streamShorter(lastSeq),
  onMessage: (message) => intake.take(message),
  ahead: TELEMETRY_AHEAD,
  wallNowMs: Date.now,
  log,
});
reader.start();
const stop = async () => {
  await reader.stop();
  await intake.stop();
  await nc.close();
  await database.close();
  process.exit(0);
};
process.once('SIGTERM', () => void stop());
process.once('disconnect', () => process.exit(0));
process.send?.({ ready: true });

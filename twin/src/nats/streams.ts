import { STREAMS } from '@corridor/protocols/subject';
import { DiscardPolicy, type JetStreamManager, RetentionPolicy, StorageType, type StreamConfig } from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';

const DAY_MS = 86_400_000;
const GIB = 1024 ** 3;

export type StreamName = keyof typeof STREAMS;

/** Age, size and time within which a repeated message id is dropped. The oldest go first: what counts is in the database. */
const LIMITS: Readonly<Record<StreamName, { maxAgeMs: number; maxBytes: number; duplicateWindowMs: number }>> = {
  TELE: { maxAgeMs: 7 * DAY_MS, maxBytes: 2 * GIB, duplicateWindowMs: 600_000 },
  EVT: { maxAgeMs: 90 * DAY_MS, maxBytes: 4 * GIB, duplicateWindowMs: DAY_MS },
  TWIN: { maxAgeMs: 7 * DAY_MS, maxBytes: GIB, duplicateWindowMs: 600_000 },
  REFUSED: { maxAgeMs: 30 * DAY_MS, maxBytes: GIB / 4, duplicateWindowMs: 120_000 },
};

function streamConfig(name: StreamName): Partial<StreamConfig> & { name: string } {
  const { maxAgeMs, maxBytes, duplicateWindowMs } = LIMITS[name];
  return {
    name,
    subjects: [...STREAMS[name]],
    storage: StorageType.File,
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.Old,
    max_age: nanos(maxAgeMs),
    max_bytes: maxBytes,
    duplicate_window: nanos(duplicateWindowMs),
    num_replicas: 1,
  };
}

/** Makes the four streams, or brings existing ones up to these limits. */
export async function ensureStreams(manager: JetStreamManager): Promise<void> {
  const existing = new Set<string>();
  for await (const name of manager.streams.names()) existing.add(name);
  for (const name of Object.keys(STREAMS) as StreamName[]) {
    const config = streamConfig(name);
    if (existing.has(name)) await manager.streams.update(name, config);
    else await manager.streams.add(config);
  }
}

import { ROOT, STREAMS } from '@corridor/protocols/subject';
import {
  AckPolicy,
  DeliverPolicy,
  DiscardPolicy,
  type JetStreamManager,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
} from '@nats-io/jetstream';
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

/** Messages under way to one consumer: bounds the memory of the twin and the work that a restart repeats. */
const ACK_PENDING_MAX = 20_000;
const ACK_WAIT_MS = 30_000;

export const consumerName = (stream: 'TELE' | 'EVT', scope: string) => `twin-${stream.toLowerCase()}-${scope}`;

/**
 * The twin's durable consumers of one scope. Acknowledging a message acknowledges all before it; what was not
 * acknowledged comes again after 30 s or a restart, so the reader drops what it has committed.
 */
export async function ensureConsumers(manager: JetStreamManager, scope: string): Promise<{ tele: string; evt: string }> {
  const ensure = async (stream: 'TELE' | 'EVT'): Promise<string> => {
    const name = consumerName(stream, scope);
    // One filter only: servers before 2.10 take no list. The stream holds nothing else of the scope.
    await manager.consumers.add(stream, {
      durable_name: name,
      filter_subject: `${ROOT}.${scope}.>`,
      ack_policy: AckPolicy.All,
      ack_wait: nanos(ACK_WAIT_MS),
      deliver_policy: DeliverPolicy.All,
      max_ack_pending: ACK_PENDING_MAX,
      max_deliver: -1,
    });
    return name;
  };
  return { tele: await ensure('TELE'), evt: await ensure('EVT') };
}

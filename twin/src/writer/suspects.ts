import type { Db } from '../db/db.ts';
import { jsonOf } from './json-rows.ts';
import type { ReceivedEvent } from './writer-batch.ts';

/** Refusal of an event that was passed over because the writer failed on it twice. */
export const INPUT_FAILED = 'INPUT_FAILED';
/** Once with others, once alone: then it is the one. */
const FAILURES_MAX = 2;
const ERROR_MAX = 2_000;

type Numbered = Pick<ReceivedEvent, 'source' | 'bootId' | 'seq'>;
const keyOf = ({ source, bootId, seq }: Numbered): string => `${source} ${bootId} ${seq}`;

/** Events on which the writer failed before: they are taken one by one, and passed over when they failed alone. */
export class Suspects {
  readonly #failures: ReadonlyMap<string, number>;

  constructor(failures: ReadonlyMap<string, number>) {
    this.#failures = failures;
  }

  has(event: Numbered): boolean {
    return this.#failures.size > 0 && this.#failures.has(keyOf(event));
  }

  mustSkip(event: Numbered): boolean {
    return this.#failures.size > 0 && (this.#failures.get(keyOf(event)) ?? 0) >= FAILURES_MAX;
  }
}

export async function loadSuspects(db: Db, platformId: string): Promise<Suspects> {
  const { rows } = await db.query<{ src: string; boot_id: number; seq: bigint; failures: number }>({
    text: 'select src, boot_id, seq, failures from failed_input where platform_id = $1',
    values: [platformId],
  });
  return new Suspects(
    new Map(rows.map(({ src, boot_id, seq, failures }) => [keyOf({ source: src, bootId: boot_id, seq: Number(seq) }), failures])),
  );
}

/** Notes the events of a batch that failed; called when nothing else of the process may write any more. */
export async function recordSuspects(db: Db, platformId: string, events: readonly Numbered[], cause: unknown): Promise<void> {
  if (events.length === 0) return;
  const error = (
    cause instanceof Error ? `${cause.message} ${cause.cause instanceof Error ? cause.cause.message : ''}` : String(cause)
  ).slice(0, ERROR_MAX);
  await db.query({
    text: `insert into failed_input as f (platform_id, src, boot_id, seq, failures, error)
           select $2, r.src, r.boot_id, r.seq, 1, $3 from json_to_recordset($1::json) as r(src text, boot_id integer, seq bigint)
           on conflict (platform_id, src, boot_id, seq) do update set failures = f.failures + 1, error = excluded.error, failed_at = now()`,
    values: [jsonOf(events.map(({ source, bootId, seq }) => ({ src: source, boot_id: bootId, seq }))), platformId, error],
  });
}

export async function clearSuspects(db: Db, platformId: string, events: readonly Numbered[]): Promise<void> {
  if (events.length === 0) return;
  await db.query({
    text: `delete from failed_input f using json_to_recordset($1::json) as r(src text, boot_id integer, seq bigint)
            where f.platform_id = $2 and f.src = r.src and f.boot_id = r.boot_id and f.seq = r.seq`,
    values: [jsonOf(events.map(({ source, bootId, seq }) => ({ src: source, boot_id: bootId, seq }))), platformId],
  });
}

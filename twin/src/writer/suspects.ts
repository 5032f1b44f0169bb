import type { Db } from '../db/db.ts';
import type { UpkeepWork } from '../upkeep.ts';
import { type InputName, nameOf } from './input-name.ts';
import type { Stepped } from './job.ts';
import { jsonOf } from './json-rows.ts';

/** Once with others, once alone: then it is the one. */
const FAILURES_MAX = 2;
/** What comes again and again is tried again after this [wall ms]: it may depend on a state that has changed since. */
export const TRY_AGAIN_MS = 3_600_000;
const ERROR_MAX = 2_000;

type Key = Pick<InputName, 'kind' | 'name'>;
const keyOf = ({ kind, name }: Key): string => `${kind} ${name}`;

export interface NotedFailure extends Key {
  readonly failures: number;
  /** Wall time of the last one. */
  readonly failedAtMs: number;
  readonly error: string;
}

/** `alone`: in a batch of its own. `passOver`: not at all. */
export type Verdict = 'take' | 'alone' | 'passOver';

/** Inputs on which the writer failed before: they are taken one by one, and passed over when they failed alone. */
export class Suspects {
  readonly #noted: Map<string, NotedFailure>;
  readonly #wallNowMs: () => number;

  constructor(noted: Iterable<NotedFailure>, wallNowMs: () => number) {
    this.#noted = new Map([...noted].map((each) => [keyOf(each), each]));
    this.#wallNowMs = wallNowMs;
  }

  verdictOn(input: Stepped): Verdict {
    if (this.#noted.size === 0) return 'take';
    const name = nameOf(input);
    const noted = this.#noted.get(keyOf(name));
    if (noted === undefined) return 'take';
    if (noted.failures < FAILURES_MAX) return 'alone';
    return name.comesOnce || this.#wallNowMs() - noted.failedAtMs < TRY_AGAIN_MS ? 'passOver' : 'alone';
  }

  /** What was said when the writer failed on it last. */
  errorOf(name: Key): string {
    return this.#noted.get(keyOf(name))?.error ?? '';
  }

  /** They went well, and that is committed. */
  cleared(names: readonly Key[]): void {
    for (const name of names) this.#noted.delete(keyOf(name));
  }
}

export async function loadSuspects(db: Db, platformId: string, wallNowMs: () => number): Promise<Suspects> {
  const { rows } = await db.query<{ kind: InputName['kind']; input: string; failures: number; failed_at: Date; error: string }>({
    text: 'select kind, input, failures, failed_at, error from failed_input where platform_id = $1',
    values: [platformId],
  });
  return new Suspects(
    rows.map(({ kind, input, failures, failed_at, error }) => ({ kind, name: input, failures, failedAtMs: failed_at.getTime(), error })),
    wallNowMs,
  );
}

/** The database did not take the note in time. */
export class NotNotedError extends Error {
  readonly code = 'FAILURE_NOT_NOTED';
  constructor(withinMs: number) {
    super(`what the writer failed on could not be noted within ${withinMs} ms`);
  }
}

/**
 * Notes what the writer failed on; called when nothing else of the process may write any more.
 * @param withinMs wall time: a process that cannot go on has to end, also when the database does not answer
 * @throws NotNotedError; what the database says
 */
export async function recordSuspects(
  db: Db,
  { platformId, inputs, cause, withinMs }: { platformId: string; inputs: readonly InputName[]; cause: unknown; withinMs: number },
): Promise<void> {
  if (inputs.length === 0) return;
  const rows = new Map(inputs.map(({ kind, name }) => [keyOf({ kind, name }), { kind, input: name }]));
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new NotNotedError(withinMs)), withinMs);
  try {
    await Promise.race([
      late.promise,
      db.query({
        text: `insert into failed_input as f (platform_id, kind, input, failures, error)
               select $2, r.kind, r.input, 1, $3 from json_to_recordset($1::json) as r(kind text, input text)
               on conflict (platform_id, kind, input) do update
                 set failures = f.failures + 1, error = excluded.error, failed_at = now()`,
        values: [jsonOf([...rows.values()]), platformId, errorText(cause)],
      }),
    ]);
  } finally {
    clearTimeout(timer);
  }
}

/** A message and that of its cause; U+0000, which no text of the database holds, left out. */
function errorText(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause).slice(0, ERROR_MAX);
  const text = cause.cause instanceof Error ? `${cause.message}: ${cause.cause.message}` : cause.message;
  return text.replaceAll('\0', '').toWellFormed().slice(0, ERROR_MAX);
}

/** As long as the stream keeps an event [wall days]: after that no input comes again by itself. */
const KEPT_DAYS = 90;
const FORGET_EVERY_MS = 21_600_000;

/** Forgets what failed so long ago that it can no longer come. @returns how many */
export async function forgetOldSuspects(db: Db, platformId: string): Promise<number> {
  const { rowCount } = await db.query({
    text: 'delete from failed_input where platform_id = $1 and failed_at < now() - make_interval(days => $2)',
    values: [platformId, KEPT_DAYS],
  });
  return rowCount ?? 0;
}

export const failedInputsUpkeep = (db: Db, platformId: string): UpkeepWork => ({
  what: 'failed inputs',
  everyMs: FORGET_EVERY_MS,
  work: () => forgetOldSuspects(db, platformId),
});

export async function clearSuspects(db: Db, platformId: string, names: readonly Key[]): Promise<void> {
  if (names.length === 0) return;
  await db.query({
    text: `delete from failed_input f using json_to_recordset($1::json) as r(kind text, input text)
            where f.platform_id = $2 and f.kind = r.kind and f.input = r.input`,
    values: [jsonOf(names.map(({ kind, name }) => ({ kind, input: name }))), platformId],
  });
}

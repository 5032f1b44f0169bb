import { parseRoadProfile } from '@corridor/actors/road/road-profile';
import { Prng } from '@corridor/actors/time/prng';
import { assert } from '@corridor/protocols/assert';
import { startTestTwin, type TestTwin } from '@corridor/testkit/test-twin';
import { type Database, openDatabase } from '@corridor/twin/db/db';
import { silentLog } from '@corridor/twin/log';
import { restoreCore } from '@corridor/twin/restore/restore-core';
import { corridorTexts, DEFAULT_NETWORK_FILE, readNetworkFile } from '@corridor/twin/seed/network-files';
import type { Bench, BenchContext } from '../metric.ts';
import { fillBusiness } from './fill-business.ts';
import { fillTelemetry } from './fill-telemetry.ts';
import { PAST_QUESTIONS, type PastQuestion } from './past-questions.ts';

const DAY_MS = 86_400_000;
const WHOLE = { days: 30, asked: 400, warmUp: 20 };
const SMOKE = { days: 0.1, asked: 10, warmUp: 2 };
const GOAL_MS = 500;

/** What is asked of random instants of a month, over HTTP, from a database that holds all of it. */
export const historyBench: Bench = {
  name: 'history',
  about: 'scene, queues, equipment and orders at a random instant of 30 days of 60 trucks (16 M rows), over HTTP',
  async run(context) {
    const size = context.smoke ? SMOKE : WHOLE;
    const untilMs = Date.now() - 60_000;
    const span = { fromMs: untilMs - size.days * DAY_MS, untilMs };
    await using platform = await startTestTwin({ prepare: async (url) => fill(url, span, context) });
    const random = new Prng(15_000_000);
    const instants = Array.from({ length: size.warmUp + size.asked }, () => Math.round(random.uniform(span.fromMs, span.untilMs)));
    for (const question of PAST_QUESTIONS) await measure(question, { platform, instants, warmUp: size.warmUp, context });
  },
};

interface Asked {
  platform: TestTwin;
  instants: readonly number[];
  warmUp: number;
  context: BenchContext;
}

/** @throws InvariantError when an answer is a refusal, or nothing was found at any instant */
async function measure(question: PastQuestion, { platform, instants, warmUp, context }: Asked): Promise<void> {
  const headers = await Promise.all(question.callers.map(async (caller) => ({ authorization: `Bearer ${await platform.token(caller)}` })));
  const tookMs: number[] = [];
  let found = 0;
  for (const [index, atMs] of instants.entries()) {
    const answer = await ask(`${platform.twin.url}/api/v1${at(question.path, atMs)}`, headers[index % headers.length]);
    found += question.found(answer.body);
    if (index >= warmUp) tookMs.push(answer.tookMs);
  }
  assert(found > 0, `${question.name}: nothing was found at any instant`);
  tookMs.sort((one, other) => one - other);
  const rank = (part: number): number => tookMs[Math.min(Math.ceil(part * tookMs.length), tookMs.length) - 1] ?? Number.NaN;
  const figure = { case: question.name, unit: 'ms' };
  context.say(
    `${question.name}: ${Math.round(found / instants.length)} found each time; slowest of ${tookMs.length}: ${Math.round(rank(1))} ms`,
  );
  context.report({ ...figure, metric: 'p50_ms', value: rank(0.5) });
  context.report({ ...figure, metric: 'p99_ms', value: rank(0.99), goal: GOAL_MS, direction: 'at-most' });
}

const at = (path: string, atMs: number): string =>
  `${path}${path.includes('?') ? '&' : '?'}at=${encodeURIComponent(new Date(atMs).toISOString())}`;

/** Asked for, received and read. @throws InvariantError when it is refused */
async function ask(url: string, headers: Record<string, string> | undefined): Promise<{ tookMs: number; body: unknown }> {
  const beginMs = performance.now();
  const response = await fetch(url, headers === undefined ? {} : { headers });
  const body: unknown = await response.json();
  const tookMs = performance.now() - beginMs;
  assert(response.status === 200, `${url} was refused: ${JSON.stringify(body)}`);
  return { tookMs, body };
}

/** The network as registered at the begin of the month, and the month. */
async function fill(url: string, span: { fromMs: number; untilMs: number }, context: BenchContext): Promise<void> {
  const database = openDatabase({ url, log: silentLog(), name: 'fill' });
  try {
    const beginMs = performance.now();
    const file = readNetworkFile(DEFAULT_NETWORK_FILE);
    await restoreCore({
      database,
      scope: 'live',
      networkFile: null,
      road: parseRoadProfile(corridorTexts().profileCsv),
      wallNowMs: () => span.fromMs,
      log: silentLog(),
      onRetry: () => undefined,
    });
    const swaps = await fillBusiness(database, file, span);
    const { rows } = await fillTelemetry(database, file, { span, swaps });
    await database.pool.query('vacuum analyze');
    context.say(`${rows.toLocaleString('en')} readings, ${swaps.length.toLocaleString('en')} swaps, ${await sizeOf(database)}`);
    context.report({ metric: 'fill_s', value: (performance.now() - beginMs) / 1_000, unit: 's' });
    context.report({ metric: 'rows', value: rows, unit: 'rows' });
  } finally {
    await database.close();
  }
}

async function sizeOf({ pool }: Database): Promise<string> {
  const { rows } = await pool.query<{ size: string }>('select pg_size_pretty(pg_database_size(current_database())) as size');
  return rows[0]?.size ?? '';
}

import { parseRoadProfile } from '@corridor/actors/road/road-profile';
import { Prng } from '@corridor/actors/time/prng';
import { assert } from '@corridor/protocols/assert';
import type { PastScene } from '@corridor/protocols/http/scene';
import { startTestTwin, type TestTwin } from '@corridor/testkit/test-twin';
import { type Database, openDatabase } from '@corridor/twin/db/db';
import { silentLog } from '@corridor/twin/log';
import { restoreCore } from '@corridor/twin/restore/restore-core';
import { corridorTexts, DEFAULT_NETWORK_FILE, readNetworkFile } from '@corridor/twin/seed/network-files';
import type { Bench, BenchContext } from '../metric.ts';
import { fillBusiness } from './fill-business.ts';
import { fillTelemetry } from './fill-telemetry.ts';

const DAY_MS = 86_400_000;
const WHOLE = { days: 30, scenes: 400, warmUp: 20 };
const SMOKE = { days: 0.1, scenes: 10, warmUp: 2 };
const GOAL_MS = 500;
/** A quarter of them as a party sees it, the rest as the platform. */
const CALLERS = ['PF', 'PF', 'PF', 'C1'] as const;

/** Scenes at random instants of a month, over HTTP, from a database that holds all of it. */
export const historyBench: Bench = {
  name: 'history',
  about: 'scene at a random instant of 30 days of 60 trucks (16 M rows), over HTTP',
  async run(context) {
    const size = context.smoke ? SMOKE : WHOLE;
    const untilMs = Date.now() - 60_000;
    const span = { fromMs: untilMs - size.days * DAY_MS, untilMs };
    await using platform = await startTestTwin({ prepare: async (url) => fill(url, span, context) });
    const random = new Prng(15_000_000);
    const instants = Array.from({ length: size.warmUp + size.scenes }, () => Math.round(random.uniform(span.fromMs, span.untilMs)));
    const tokens = new Map<string, string>();
    for (const caller of CALLERS) tokens.set(caller, await platform.token(caller));
    const tookMs: number[] = [];
    for (const [index, atMs] of instants.entries()) {
      const caller = CALLERS[index % CALLERS.length] ?? 'PF';
      const ms = await sceneMs(platform, atMs, tokens.get(caller) ?? '');
      if (index >= size.warmUp) tookMs.push(ms);
    }
    tookMs.sort((one, other) => one - other);
    const rank = (part: number): number => tookMs[Math.min(Math.ceil(part * tookMs.length), tookMs.length) - 1] ?? Number.NaN;
    context.say(`slowest of ${tookMs.length}: ${Math.round(rank(1))} ms`);
    context.report({ metric: 'p50_ms', value: rank(0.5), unit: 'ms' });
    context.report({ metric: 'p99_ms', value: rank(0.99), unit: 'ms', goal: GOAL_MS, direction: 'at-most' });
  },
};

/** Asked for, received and read. @throws InvariantError when it is not the whole scene */
async function sceneMs(platform: TestTwin, atMs: number, token: string): Promise<number> {
  const beginMs = performance.now();
  const response = await fetch(`${platform.twin.url}/api/v1/scene?at=${encodeURIComponent(new Date(atMs).toISOString())}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const scene = (await response.json()) as PastScene;
  const ms = performance.now() - beginMs;
  assert(response.status === 200, `a scene was refused: ${JSON.stringify(scene)}`);
  assert(scene.stations.length === 10 && scene.trucks.length > 0 && scene.books.accounts.length > 0, `the scene at ${atMs} is not whole`);
  return ms;
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
    const { rows } = await fillTelemetry(database, file, span);
    await database.pool.query('vacuum analyze');
    context.say(`${rows.toLocaleString('en')} readings, ${swaps.toLocaleString('en')} swaps, ${await sizeOf(database)}`);
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

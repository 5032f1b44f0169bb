import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { QueueView } from '@corridor/protocols/http/queue-view';
import type { PastScene, Scene, SceneEvent, SceneSpan } from '@corridor/protocols/http/scene';
import type { NetworkFile } from '@corridor/protocols/network-file';
import { startTraffic } from '@corridor/simulator/traffic/start-traffic';
import { temporaryFolder } from '@corridor/testkit/temporary-folder';
import { startTestTwin, type TestTwin } from '@corridor/testkit/test-twin';
import { until } from '@corridor/testkit/until';
import { silentLog } from '@corridor/twin/log';
import { DEFAULT_NETWORK_FILE, readNetworkFile } from '@corridor/twin/seed/network-files';
import { expect, it } from 'vitest';

const CALLERS = ['PF', 'SO1', 'BO1', 'C1', 'guest'] as const;
type Caller = (typeof CALLERS)[number];
interface Account {
  id: string;
  principalId: string | null;
  kind: string;
  balanceFen: string;
}
/** What a caller saw at a moment. */
interface Taken {
  readonly caller: Caller;
  readonly atMs: number;
  readonly things: ReadonlyMap<string, string>;
  /** Who stood in which queue, where and since when; of the platform. */
  readonly waiting: readonly string[];
}

const FACTOR = 20;
const upTo = (mostMs: number, stepMs: number): number[] => Array.from({ length: mostMs / stepMs + 1 }, (_, index) => index * stepMs);
const TRUCKS = 4;

/** The corridor with charged packs, and a few nearly empty trucks in front of its first station. */
function fewTrucks(): NetworkFile {
  const network = readNetworkFile(DEFAULT_NETWORK_FILE);
  const trucks = network.trucks
    .slice(0, TRUCKS)
    .map((truck, index) => ({ ...truck, initialChainageM: 40_900 - index * 50, initialDirection: 'WEST' as const }));
  const left = new Set(trucks.map(({ id }) => id));
  const packs = network.packs
    .filter(({ initial }) => initial.kind === 'SLOT' || left.has(initial.id))
    .map((pack) => ({ ...pack, initialSocPercent: pack.initial.kind === 'TRUCK' ? 20 : 94 }));
  return { ...network, trucks, packs };
}

const sceneAs = async (platform: TestTwin, caller: Caller): Promise<Scene> => (await platform.get('/api/v1/scene', caller)).body;

/** Telemetry is kept in single precision. */
function rounded(value: unknown): unknown {
  if (typeof value === 'number') return Number(value.toPrecision(5));
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, rounded(inner)]));
}

/** Everything on the screen by its name; what one may do belongs to now, and any message shows that a station lives. */
function thingsOf(scene: Scene | PastScene, accounts: readonly Account[]): Map<string, string> {
  const things = new Map<string, string>();
  const put = (kind: string, id: string, thing: unknown) => things.set(`${kind}/${id}`, JSON.stringify(rounded(thing)));
  // What stands of an asset comes from several reports, each with its own way to here: at no one instant need all of it be as it was seen.
  const putEach = (kind: string, { id, ...fields }: { id: string }) => {
    for (const [field, value] of Object.entries(fields)) put(kind, `${id} ${field}`, value);
  };
  for (const { bays, lastSeenAt: _, ...station } of scene.stations) {
    putEach('station', station);
    for (const bay of bays) putEach('bay', bay);
  }
  for (const kind of ['slots', 'packs', 'trucks'] as const) for (const view of scene[kind]) putEach(kind, view);
  for (const alarm of scene.alarms) put('alarm', alarm.id, { ...alarm, acts: [] });
  for (const order of scene.orders) put('order', order.id, order);
  for (const [name, value] of Object.entries(scene.kpis)) if (name !== 'scopeAt') put('kpi', name, value);
  for (const { id, principalId, kind, balanceFen } of accounts) put('account', id, { id, principalId, kind, balanceFen });
  return things;
}

async function waitingAt(platform: TestTwin, query = ''): Promise<string[]> {
  const { status, body } = await platform.get(`/api/v1/queues${query}`);
  expect(status).toBe(200);
  const { items } = body as { items: QueueView[] };
  return items.flatMap(({ stationId, waiting }) =>
    waiting.map((truck) => `${stationId} ${truck.position} ${truck.truckId} ${truck.since}`),
  );
}

async function takenAs(platform: TestTwin, caller: Caller): Promise<Taken> {
  const { body } = await platform.get('/api/v1/accounts?limit=200', caller);
  const waiting = caller === 'PF' ? await waitingAt(platform) : [];
  const scene = await sceneAs(platform, caller);
  return { caller, atMs: Date.parse(scene.scopeAt), waiting, things: thingsOf(scene, (body as { items: Account[] }).items) };
}

/** Runs real trucks and gateways, and takes what each caller sees live at some moments of it. */
async function takenFromRun(platform: TestTwin, { folder, networkPath }: { folder: string; networkPath: string }): Promise<Taken[]> {
  const token = await platform.token('PF');
  const failed: unknown[] = [];
  const traffic = await startTraffic(
    {
      networkPath,
      apiUrl: platform.twin.url,
      natsUrl: platform.nats.url,
      factor: FACTOR,
      seed: 7,
      dataDir: folder,
      scope: 'live',
      clockCreds: (await platform.nats.credentials.issueService('clock', 'clock')).creds,
      token: () => token,
      logLevel: 'silent',
      faults: false,
      pagePort: null,
    },
    { log: silentLog(), onFatal: (cause) => failed.push(cause) },
  );
  const reach = async (holds: (scene: Scene) => boolean): Promise<Scene> =>
    until('a moment of the run', 120_000, async () => {
      const scene = await sceneAs(platform, 'PF');
      return holds(scene) ? scene : null;
    });
  try {
    await traffic.started;
    const taken: Taken[] = [];
    for (const holds of MOMENTS) {
      await reach(holds);
      for (const caller of CALLERS) taken.push(await takenAs(platform, caller));
    }
    const lastMs = Math.max(...taken.map(({ atMs }) => atMs));
    await reach(({ scopeAt }) => Date.parse(scopeAt) > lastMs + Math.max(...OFFSETS_MS));
    expect(failed).toEqual([]);
    return taken;
  } finally {
    await traffic.stop();
  }
}

const HELD: ReadonlySet<string> = new Set(['HELD', 'IN_PROGRESS']);
const cleared = (scene: Scene): number => scene.orders.filter(({ state }) => state === 'CLEARED').length;
const MOMENTS: readonly ((scene: Scene) => boolean)[] = [
  ({ trucks, stations }) =>
    trucks.every(({ reportedAt }) => reportedAt !== null) && stations.every(({ readyPacks }) => readyPacks !== null),
  ({ orders }) => orders.some(({ state }) => HELD.has(state)),
  ({ stations }) => stations.some(({ bays }) => bays.some(({ step }) => step === 'TRANSFER_OUT' || step === 'SEATING')),
  (scene) => cleared(scene) === 1,
  (scene) => cleared(scene) >= 3,
];
/** A report needs some ms of wall time to be seen, seconds on a busy machine, which are many of scope time; what it says is of when it was made. */
const LATE_MS_MAX = 60_000;
const OFFSETS_MS = [...upTo(3_000, 250).map((ms) => 0 - ms), ...upTo(LATE_MS_MAX, 1_000).map((ms) => 0 - ms), ...upTo(3_000, 500)];
/** Numbers that change with what anything at all reports: at no one instant need all of them be as they were seen. */
const SUMS = /^kpi\//;

async function expectSamePast(platform: TestTwin, { caller, atMs, things }: Taken): Promise<PastScene> {
  const left = new Set(things.keys());
  let surplus: readonly string[] | null = null;
  let exact: PastScene | null = null;
  for (const offsetMs of OFFSETS_MS) {
    const at = new Date(atMs + offsetMs).toISOString();
    const { status, body } = await platform.get(`/api/v1/scene?at=${encodeURIComponent(at)}`, caller);
    if (offsetMs < 0 && status === 422) continue;
    expect(status).toBe(200);
    const past = body as PastScene;
    expect(past.scopeAt).toBe(at);
    if (offsetMs === 0) exact = past;
    const then = thingsOf(past, past.books.accounts);
    for (const name of left) if (then.get(name) === things.get(name)) left.delete(name);
    const more: readonly string[] = [...then.keys()].filter((name) => !things.has(name));
    surplus = surplus === null ? more : surplus.filter((name) => more.includes(name));
    if (surplus.length === 0 && [...left].every((name) => SUMS.test(name))) break;
  }
  const instant = `${caller} at ${new Date(atMs).toISOString()}`;
  expect(
    [...left].filter((name) => !SUMS.test(name)),
    `${instant}: seen live, and at no time about then`,
  ).toEqual([]);
  expect(surplus, `${instant}: there all the time, and not seen live`).toEqual([]);
  if (exact === null) throw new Error(`no scene of ${instant}`);
  return exact;
}

/** Queues are told like the scene: as they were seen about then. */
async function expectSameQueues(platform: TestTwin, { atMs, waiting }: Taken): Promise<number> {
  const seen: string[][] = [];
  for (const offsetMs of OFFSETS_MS) {
    const then = await waitingAt(platform, `?at=${new Date(atMs + offsetMs).toISOString()}`);
    if (then.join() === waiting.join()) return waiting.length;
    seen.push(then);
  }
  expect(seen, 'queues as they were seen live').toContainEqual(waiting);
  return 0;
}

/** What is held for orders is what the accounts for held money have. */
function expectHoldsInBooks({ books }: PastScene): number {
  const heldFen = books.accounts.filter(({ kind }) => kind === 'HELD').reduce((sum, { balanceFen }) => sum + BigInt(balanceFen), 0n);
  expect(books.holds.reduce((sum, { heldFen: fen }) => sum + BigInt(fen), 0n)).toBe(heldFen);
  return books.holds.length;
}

it('shows each moment of a run as it was seen live, by each role, with its books', async () => {
  using folder = temporaryFolder();
  const networkPath = join(folder.path, 'network.json');
  writeFileSync(networkPath, JSON.stringify(fewTrucks()));
  await using platform = await startTestTwin({ env: { NETWORK_FILE: networkPath } });
  const taken = await takenFromRun(platform, { folder: folder.path, networkPath });
  let open = 0;
  for (const moment of taken) {
    const past = await expectSamePast(platform, moment);
    if (moment.caller === 'PF' || moment.caller.startsWith('C')) open += expectHoldsInBooks(past);
  }
  let queued = 0;
  for (const moment of taken.filter(({ caller }) => caller === 'PF').slice(1)) queued += await expectSameQueues(platform, moment);
  expect(queued, 'trucks that waited at some moment').toBeGreaterThan(0);
  expect(await platform.get(`/api/v1/queues?at=${new Date(Date.now() + 1e9).toISOString()}`)).toMatchObject({ status: 422 });
  expect(open, 'holds that were open at some moment').toBeGreaterThan(0);
  // From the database alone it is the same.
  await platform.restart();
  for (const moment of taken.filter(({ caller }) => caller === 'PF')) await expectSamePast(platform, moment);

  const { items } = (await platform.get('/api/v1/scene/events?kind=SWAP')).body as { items: SceneEvent[] };
  expect(items.length).toBeGreaterThanOrEqual(3);
  expect(items.map(({ at }) => at)).toEqual(items.map(({ at }) => at).toSorted());
  const [first] = items;
  const later = (await platform.get(`/api/v1/scene/events?kind=SWAP&limit=1&from=${encodeURIComponent(first?.at ?? '')}`)).body as {
    items: SceneEvent[];
  };
  expect(later.items).toEqual(items.slice(1, 2));
  const newest = (await platform.get('/api/v1/scene/events?kind=SWAP&limit=1&order=desc')).body as { items: SceneEvent[] };
  expect(newest.items).toEqual(items.slice(-1));
});

it('says of an instant that has no scene why', async () => {
  await using platform = await startTestTwin();
  const { from, until: now } = (await platform.get('/api/v1/scene/span')).body as SceneSpan;
  expect(Date.parse(from)).toBeLessThanOrEqual(Date.parse(now));
  const at = (ms: number) => `/api/v1/scene?at=${encodeURIComponent(new Date(ms).toISOString())}`;
  expect(await platform.get(at(Date.parse(from) - 1))).toMatchObject({
    status: 422,
    body: { code: 'BEFORE_HISTORY', detail: `history begins at ${from}` },
  });
  expect(await platform.get(at(Date.parse(now) + 3_600_000))).toMatchObject({ status: 422, body: { code: 'INSTANT_AHEAD' } });
  for (const bad of ['yesterday', '2026-02-30T00:00:00Z', '2026-01-01', '', '0000-01-01T00:00:00Z%00', '2026-01-01T23:59:60Z']) {
    expect(await platform.get(`/api/v1/scene?at=${bad}`), bad).toMatchObject({ status: 400, body: { code: 'INPUT_INVALID' } });
  }
  expect(await platform.get('/api/v1/scene?at=0000-01-01T00:00:00Z')).toMatchObject({ status: 422, body: { code: 'BEFORE_HISTORY' } });
  expect(await platform.get('/api/v1/scene/events?from=2026-01-02T00:00:00Z&until=2026-01-01T00:00:00Z')).toMatchObject({
    status: 400,
    body: { code: 'SPAN_INVALID' },
  });
  // A driver is bound to a truck for the day.
  await platform.db.query(`update ownership set valid_from = valid_from - interval '3 days'`);
  const twoDaysAgo = at(Date.parse(now) - 2 * 86_400_000);
  expect(await platform.get(twoDaysAgo)).toMatchObject({ status: 200 });
  expect(await platform.get(twoDaysAgo, 'D001')).toMatchObject({ status: 403, body: { code: 'HISTORY_OF_TODAY_ONLY' } });
});

it('tells alarms that were over and began anew as they were each time', async () => {
  await using platform = await startTestTwin();
  const { from } = (await platform.get('/api/v1/scene/span')).body as SceneSpan;
  const beginMs = Date.parse(from);
  await platform.db.query(`update ownership set valid_from = valid_from - interval '1 day'`);
  const text = (hoursAgo: number) => new Date(beginMs - hoursAgo * 3_600_000).toISOString();
  const raise = (at: string) =>
    platform.db.query(
      `insert into alarm (platform_id, alarm_id, code, level, scope, scope_id, detail, raised_at) values ('PF', 'A-again', 'GATEWAY_OFFLINE', 2, 'station', 'HH1', 'x', $1)
       on conflict (platform_id, alarm_id) do update set raised_at = excluded.raised_at, cleared_at = null, acknowledged_at = null, acknowledged_by = null`,
      [at],
    );
  await raise(text(10));
  await platform.db.query(`update alarm set acknowledged_at = $1, acknowledged_by = 'u' where alarm_id = 'A-again'`, [text(9)]);
  await platform.db.query(`update alarm set cleared_at = $1 where alarm_id = 'A-again'`, [text(8)]);
  await raise(text(6));
  const stateAt = async (hoursAgo: number, caller = 'PF') => {
    const { body } = await platform.get(`/api/v1/scene?at=${encodeURIComponent(text(hoursAgo))}`, caller);
    return (body as PastScene).alarms.filter(({ id }) => id === 'A-again').map(({ state, raisedAt, acts }) => ({ state, raisedAt, acts }));
  };
  expect(await stateAt(11)).toEqual([]);
  expect(await stateAt(9.5)).toEqual([{ state: 'UNACKNOWLEDGED', raisedAt: text(10), acts: [] }]);
  expect(await stateAt(8.5)).toEqual([{ state: 'ACKNOWLEDGED', raisedAt: text(10), acts: [] }]);
  expect(await stateAt(7)).toEqual([]);
  expect(await stateAt(5)).toEqual([{ state: 'UNACKNOWLEDGED', raisedAt: text(6), acts: [] }]);
  expect(await stateAt(5, 'SO2')).toEqual([]);
  const { items } = (await platform.get('/api/v1/scene/events?kind=ALARM', 'SO1')).body as { items: SceneEvent[] };
  expect(items.filter(({ id }) => id === 'A-again').map(({ at }) => at)).toEqual([text(10), text(6)]);
});

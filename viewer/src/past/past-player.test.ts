import type { PastScene } from '@corridor/protocols/http/scene';
import { expect, it } from 'vitest';
import { ApiError } from '../feed/api-client.ts';
import { type EventsAsked, PastApi } from '../feed/past-api.ts';
import { SceneClock } from '../store/scene-clock.ts';
import { SceneStore } from '../store/scene-store.ts';
import { PastPlayer } from './past-player.ts';

const SPAN = { fromMs: 1_000_000, untilMs: 9_000_000 };

function sceneOf(atMs: number): PastScene {
  const scopeAt = new Date(atMs).toISOString();
  const kpis = { scopeAt, stationsOnline: 1 } as PastScene['kpis'];
  const lists = { stations: [], slots: [], packs: [], trucks: [], orders: [], alarms: [] };
  return {
    scopeAt,
    factor: 0,
    ...lists,
    kpis,
    books: { accounts: [{ id: 'a', principalId: null, kind: 'PREPAID', balanceFen: String(atMs) }], holds: [] },
  };
}

/** A twin whose answers are given by hand, so that a test says in which order things happen. */
function heldTwin() {
  const asked: { path: string; answer: (body: unknown) => void; fail: (cause: unknown) => void }[] = [];
  const request = async <T>(_method: string, path: string): Promise<T> =>
    new Promise<T>((resolve, reject) => asked.push({ path, answer: (body) => resolve(body as T), fail: reject }));
  return { asked, api: new PastApi({ request }) };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function playerAt(atMs: number) {
  const twin = heldTwin();
  const store = new SceneStore();
  const clock = new SceneClock();
  const player = new PastPlayer({ api: twin.api, store, clock, span: SPAN, wallMs: () => 0 }, atMs);
  const give = async (sceneMs: number): Promise<void> => {
    twin.asked.shift()?.answer(sceneOf(sceneMs));
    await settled();
  };
  return { ...twin, store, clock, player, give };
}

it('shows what belongs to one instant, and of several asked for meanwhile only the last', async () => {
  const { asked, player, store, clock, give } = playerAt(2_000_000.4);
  expect(player.isThere).toBe(false);
  await give(2_000_000);
  expect(player.isThere).toBe(true);
  player.seek(3_000_000);
  player.seek(4_000_000);
  player.seek(5_000_000);
  expect(asked).toHaveLength(1);
  // What was shown stays, all of it of its instant.
  expect([player.atMs.value, store.kpis.value?.scopeAt, player.books.value?.accounts[0]?.balanceFen]).toEqual([
    2_000_000,
    new Date(2_000_000).toISOString(),
    '2000000',
  ]);
  await give(3_000_000);
  expect(asked.map(({ path }) => decodeURIComponent(path))).toEqual([`/api/v1/scene?at=${new Date(5_000_000).toISOString()}`]);
  await give(5_000_000);
  expect([player.atMs.value, store.kpis.value?.scopeAt, player.books.value?.accounts[0]?.balanceFen, clock.nowMs(0)]).toEqual([
    5_000_000,
    new Date(5_000_000).toISOString(),
    '5000000',
    5_000_000,
  ]);
  expect(asked).toEqual([]);
});

it('keeps to what there is, and says why something is not shown', async () => {
  const { asked, player, give } = playerAt(2_000_000);
  await give(2_000_000);
  player.seek(0);
  expect(player.wantedMs.value).toBe(SPAN.fromMs);
  asked.shift()?.fail(new ApiError(422, 'BEFORE_HISTORY', 'history begins later'));
  await settled();
  expect(player.problem.value).toEqual({ code: 'BEFORE_HISTORY', detail: 'history begins later' });
  expect([player.atMs.value, player.wantedMs.value, player.playing.value]).toEqual([2_000_000, 2_000_000, false]);
  player.seek(SPAN.untilMs * 2);
  await give(SPAN.untilMs);
  expect(player.problem.value).toBe(null);
  expect(player.atMs.value).toBe(SPAN.untilMs);
});

it('jumps to the event before or after where it stands, and stays where there is none', async () => {
  const { asked, player, give } = playerAt(2_000_000);
  await give(2_000_000);
  const next = player.jump('ALARM', false);
  const query = new URLSearchParams(asked[0]?.path.split('?')[1]);
  const expected: Partial<Record<keyof EventsAsked | 'from' | 'until', string>> = {
    from: new Date(2_000_000).toISOString(),
    order: 'asc',
    limit: '1',
    kind: 'ALARM',
  };
  expect(Object.fromEntries(query)).toMatchObject(expected);
  asked.shift()?.answer({
    items: [{ at: new Date(2_500_000).toISOString(), kind: 'ALARM', id: 'A', code: 'X', scope: 'station', scopeId: 'HH1', level: 2 }],
  });
  expect((await next)?.id).toBe('A');
  await give(2_500_000);
  expect(player.atMs.value).toBe(2_500_000);
  const before = player.jump(null, true);
  asked.shift()?.answer({ items: [] });
  expect(await before).toBe(null);
  expect(player.atMs.value).toBe(2_500_000);
});

it('shows nothing any more once it is closed', async () => {
  const { player, store, give } = playerAt(2_000_000);
  player.close();
  await give(2_000_000);
  expect(store.loaded.value).toBe(false);
});

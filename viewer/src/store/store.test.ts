import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FIXTURE_START_MS, sceneAt } from '../../test/fixture-scene.ts';
import { KpiHistory } from './kpi-history.ts';
import { NameStore } from './name-store.ts';
import { SceneClock } from './scene-clock.ts';
import { type SceneChange, SceneStore } from './scene-store.ts';
import { hashOfSelection, SelectionStore, selectionFromHash } from './selection.ts';

const scene = sceneAt(FIXTURE_START_MS, 10);
const truck = (id: string, socPercent: number): (typeof scene.trucks)[number] => {
  const template = scene.trucks[0];
  if (template === undefined) throw new Error('the fixture has no truck');
  return { ...template, id, socPercent };
};

describe('scene store', () => {
  it('takes a snapshot, and a second one removes what is gone', () => {
    const store = new SceneStore();
    const changes: SceneChange[] = [];
    store.onChange((change) => changes.push(change));
    store.apply({ type: 'snapshot', seq: 1, scene });
    expect(store.records.trucks.size).toBe(60);
    store.apply({ type: 'snapshot', seq: 2, scene: { ...scene, trucks: scene.trucks.slice(1) } });
    expect(store.records.trucks.size).toBe(59);
    expect(changes[1]?.reset).toBe(true);
    expect(changes[1]?.removed.trucks).toEqual([scene.trucks[0]?.id]);
    store.dispose();
  });

  it('keeps the racks that it knows until the rest of a large snapshot is whole', () => {
    const store = new SceneStore();
    const changes: SceneChange[] = [];
    store.onChange((change) => changes.push(change));
    const { slots, packs } = scene;
    const tell = (seq: number, parts: readonly (typeof slots)[]): void => {
      let left = parts.flat().length + packs.length;
      store.apply({ type: 'snapshot', seq, left, scene: { ...scene, slots: [], packs: [] } });
      for (const part of parts) store.apply({ type: 'rest', seq, left: (left -= part.length), slots: part, packs: [] });
      store.apply({ type: 'rest', seq, left: 0, slots: [], packs });
    };
    store.apply({ type: 'snapshot', seq: 1, left: slots.length + packs.length, scene: { ...scene, slots: [], packs: [] } });
    expect([store.loaded.value, store.records.trucks.size, store.records.slots.size]).toEqual([false, 60, 0]);
    tell(2, [slots.slice(0, 5), slots.slice(5)]);
    expect([store.loaded.value, store.records.slots.size, store.records.packs.size]).toEqual([true, slots.length, packs.length]);
    changes.length = 0;
    tell(3, [slots.slice(1)]);
    // The second snapshot, and once what follows it; what it does not have is gone.
    expect(changes.map(({ removed }) => removed.slots)).toEqual([[], [slots[0]?.id]]);
    expect([...store.records.slots.keys()]).toEqual(slots.slice(1).map(({ id }) => id));
    store.dispose();
  });

  it('lists the slots of a station in order, also after a snapshot with others', () => {
    const store = new SceneStore();
    store.apply({ type: 'snapshot', seq: 1, scene: { ...scene, slots: scene.slots.toReversed() } });
    expect(store.slotsAt('BD1').map(({ evseId }) => evseId)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    store.apply({ type: 'snapshot', seq: 2, scene: { ...scene, slots: scene.slots.filter(({ stationId }) => stationId !== 'BD1') } });
    expect(store.slotsAt('BD1')).toEqual([]);
    store.dispose();
  });

  it('replaces whole views, names what changed, and keeps the rest', () => {
    const store = new SceneStore();
    store.apply({ type: 'snapshot', seq: 1, scene });
    const changes: SceneChange[] = [];
    store.onChange((change) => changes.push(change));
    store.apply({
      type: 'diff',
      seq: 2,
      scopeAt: scene.scopeAt,
      factor: 10,
      upsert: { trucks: [truck('T001', 12)] },
      remove: { orders: ['O-1001', 'no-such'] },
    });
    expect(store.records.trucks.get('T001')?.socPercent).toBe(12);
    expect(store.records.orders.has('O-1001')).toBe(false);
    expect(changes[0]?.upserted.trucks).toEqual(['T001']);
    expect(changes[0]?.removed.orders).toEqual(['O-1001']);
    expect(changes[0]?.upserted.stations).toEqual([]);
    store.dispose();
  });

  it('ends with the same records as a snapshot of the end, whatever the diffs between', () => {
    const ids = ['A', 'B', 'C', 'D'];
    const step = fc.record({ id: fc.constantFrom(...ids), soc: fc.integer({ min: 0, max: 100 }), remove: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const store = new SceneStore();
        store.apply({ type: 'snapshot', seq: 1, scene: { ...scene, trucks: [] } });
        const expected = new Map<string, number>();
        for (const [i, { id, soc, remove }] of steps.entries()) {
          if (remove) expected.delete(id);
          else expected.set(id, soc);
          const upsert = remove ? {} : { trucks: [truck(id, soc)] };
          store.apply({ type: 'diff', seq: i + 2, scopeAt: scene.scopeAt, factor: 1, upsert, remove: remove ? { trucks: [id] } : {} });
        }
        store.dispose();
        expect(Object.fromEntries([...store.records.trucks].map(([id, { socPercent }]) => [id, socPercent]))).toEqual(
          Object.fromEntries(expected),
        );
      }),
    );
  });
});

describe('scene clock', () => {
  it('runs on at the factor between messages', () => {
    const clock = new SceneClock();
    expect(Number.isNaN(clock.nowMs(0))).toBe(true);
    clock.observe(1_000_000, 10, 5_000);
    expect(clock.nowMs(5_100)).toBe(1_001_000);
  });

  it('slews small errors and takes large ones at once', () => {
    const clock = new SceneClock();
    clock.observe(0, 10, 0);
    clock.observe(10_500, 10, 1_000);
    expect(clock.nowMs(1_000)).toBe(10_000);
    expect(clock.nowMs(2_500)).toBeGreaterThan(25_000);
    expect(clock.nowMs(4_000)).toBe(40_500);
    clock.observe(3_600_000, 10, 5_000);
    expect(clock.nowMs(5_000)).toBe(3_600_000);
  });

  it('neither jumps nor runs back, for any jitter of the network', () => {
    const message = fc.record({ afterMs: fc.integer({ min: 1, max: 2_000 }), lateMs: fc.integer({ min: 0, max: 700 }) });
    fc.assert(
      fc.property(fc.array(message, { minLength: 2, maxLength: 40 }), (messages) => {
        const clock = new SceneClock();
        clock.observe(0, 20, 0);
        let [wallMs, before] = [0, 0];
        for (const { afterMs, lateMs } of messages) {
          for (let at = wallMs; at <= wallMs + afterMs; at += 16) {
            expect(clock.nowMs(at)).toBeGreaterThanOrEqual(before);
            expect(clock.nowMs(at) - before).toBeLessThanOrEqual(16 * 20 * 1.5 + 1e-6);
            before = clock.nowMs(at);
          }
          wallMs += afterMs;
          before = clock.nowMs(wallMs);
          clock.observe((wallMs - lateMs) * 20, 20, wallMs);
          expect(clock.nowMs(wallMs)).toBeCloseTo(before, 6);
        }
      }),
    );
  });

  it('takes a new factor at once and ignores nonsense', () => {
    const clock = new SceneClock();
    clock.observe(0, 10, 0);
    clock.observe(1_000, 1, 100);
    expect(clock.nowMs(1_100)).toBe(2_000);
    clock.observe(Number.NaN, 1, 200);
    clock.observe(0, 0, 200);
    expect(clock.nowMs(1_100)).toBe(2_000);
  });

  it('never runs backwards over jittering messages', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 120 }), { minLength: 5, maxLength: 60 }), (delays) => {
        const clock = new SceneClock();
        let last = Number.NEGATIVE_INFINITY;
        for (const [i, delayMs] of delays.entries()) {
          const wallMs = i * 200 + delayMs;
          clock.observe(i * 200 * 10, 10, wallMs);
          const next = clock.nowMs(wallMs + 150);
          expect(next).toBeGreaterThanOrEqual(last);
          last = next;
        }
      }),
    );
  });
});

describe('selection', () => {
  it('survives its way through the address', () => {
    expect(selectionFromHash(hashOfSelection({ kind: 'truck', id: 'T001' }))).toEqual({ kind: 'truck', id: 'T001' });
    expect(selectionFromHash(hashOfSelection({ kind: 'bay', id: 'HH1-B1' }))).toEqual({ kind: 'bay', id: 'HH1-B1' });
    expect(selectionFromHash('#actor/bay:HH1-B1')).toEqual({ kind: 'bay', id: 'HH1-B1' });
    expect(selectionFromHash('#actor/swap:HH1-5')).toEqual({ kind: 'actor', id: 'swap:HH1-5' });
    // What hangs at a bay for drivers' phones is no selection.
    expect(selectionFromHash('#/bay/HH1-B1')).toBeNull();
    for (const bad of ['', '#', '#truck', '#planet/X', '#truck/a b', '#truck/<x>']) expect(selectionFromHash(bad)).toBeNull();
  });

  it('goes back the way it came, and stops following', () => {
    const selection = new SelectionStore();
    selection.select({ kind: 'truck', id: 'T001' });
    selection.following.value = true;
    selection.select({ kind: 'pack', id: 'P1' });
    expect(selection.following.value).toBe(false);
    selection.back();
    expect(selection.current.value).toEqual({ kind: 'truck', id: 'T001' });
    expect(selection.canGoBack).toBe(false);
  });
});

describe('key figures and names', () => {
  it('keeps a bounded curve that still spans all the time', () => {
    const history = new KpiHistory(100);
    for (let i = 0; i < 1_000; i++) history.add({ ...scene.kpis, scopeAt: new Date(FIXTURE_START_MS + i * 1000).toISOString() });
    expect(history.atMs.length).toBeLessThanOrEqual(100);
    expect(history.atMs[0]).toBe(FIXTURE_START_MS);
    expect(history.atMs.at(-1)).toBe(FIXTURE_START_MS + 999_000);
    expect(history.values.gridPowerW.length).toBe(history.atMs.length);
  });

  it('forgets what is later than the instant that is gone back to', () => {
    const history = new KpiHistory();
    for (let i = 0; i < 10; i++) history.add({ ...scene.kpis, scopeAt: new Date(FIXTURE_START_MS + i * 1000).toISOString() });
    history.rewind(FIXTURE_START_MS + 4_500);
    expect(history.atMs.at(-1)).toBe(FIXTURE_START_MS + 4_000);
    expect(history.values.trucksOnRoad.length).toBe(5);
    history.rewind(FIXTURE_START_MS + 9_000);
    expect(history.atMs.length).toBe(5);
  });

  it('reads a page or a list of principals and lets an unknown id stand for itself', () => {
    const names = new NameStore();
    names.take({ items: [{ id: 'SO1', name: 'Bohai', nameZh: '渤海' }, { id: 3 }, null] });
    expect(names.nameOf('SO1', true)).toBe('渤海');
    expect(names.nameOf('SO9', false)).toBe('SO9');
    names.take('nonsense');
    expect(names.nameOf('SO1', false)).toBe('SO1');
  });
});

import { describe, expect, it } from 'vitest';
import { FIXTURE_START_MS, sceneAt } from '../../test/fixture-scene.ts';
import { SceneStore } from '../store/scene-store.ts';
import { layOut } from './chart-layout.ts';
import { chartTreeOf, isCurrent, parseMermaid } from './chart-model.ts';
import { holdOrder, listAlarms, listOrders, listStations, listTrucks, normaliseSearch } from './rail-lists.ts';
import { timelineOf, transitionsOf } from './timeline.ts';

describe('lists', () => {
  const store = new SceneStore();
  store.apply({ type: 'snapshot', seq: 1, scene: sceneAt(FIXTURE_START_MS, 10) });
  const { records } = store;

  it('mirror every object, stations from the port westwards', () => {
    expect(listStations(records, '').map(({ id }) => id)).toEqual(['HH1', 'HJ1', 'HJ2', 'BD1', 'BD2', 'FP1', 'FX1', 'FX2', 'RC1', 'YP1']);
    expect(listTrucks(records, '')).toHaveLength(60);
  });

  it('find by id, plate and Chinese name', () => {
    expect(listStations(records, normaliseSearch(' 保定 ')).map(({ id }) => id)).toEqual(['BD1', 'BD2']);
    expect(listTrucks(records, normaliseSearch('冀j10042')).map(({ id }) => id)).toEqual(['T042']);
  });

  it('show the newest order and the gravest open alarm first', () => {
    const created = listOrders(records, '').map(({ createdAt }) => createdAt);
    expect(created).toEqual([...created].sort().reverse());
    expect(listAlarms(records, '')[0]?.level).toBe(3);
  });

  it('hold their order under the pointer: new ones at the end, gone ones gone', () => {
    const items = ['n', 'a', 'c'].map((id) => ({ id }));
    expect(holdOrder(items, ['a', 'b', 'c']).map(({ id }) => id)).toEqual(['a', 'c', 'n']);
  });
});

describe('chart of a machine', () => {
  const mermaid =
    'stateDiagram-v2\n  [*] --> idle\n  idle --> busy: job.came\n  idle --> busy: job.forced\n  busy --> busy: tick\n  busy --> [*]\n  alone';

  it('is read from Mermaid text', () => {
    expect(parseMermaid(mermaid)).toEqual({
      states: ['idle', 'busy', 'alone'],
      arrows: [
        { from: 'idle', to: 'busy', event: 'job.came' },
        { from: 'idle', to: 'busy', event: 'job.forced' },
        { from: 'busy', to: 'busy', event: 'tick' },
      ],
    });
  });

  it('joins arrows of one pair and leaves loops out', () => {
    expect(chartTreeOf({ machine: 'm', mermaid }, () => true).arrows).toEqual([
      { from: 'idle', to: 'busy', event: 'job.came\njob.forced' },
    ]);
  });

  it('prefers lists of states and transitions in any of their spellings, and survives nonsense', () => {
    const tree = chartTreeOf(
      {
        machine: 'm',
        states: ['a', { id: 'b' }, 7],
        transitions: [{ source: 'a', target: 'b', event: 'go' }, null, { from: 'b' }],
      },
      () => true,
    );
    expect(tree.states.map(({ path, inside }) => [path, inside])).toEqual([
      ['a', null],
      ['b', null],
    ]);
    expect(tree.arrows).toEqual([{ from: 'a', to: 'b', event: 'go' }]);
    expect(chartTreeOf({ machine: 'm', states: 3, transitions: 'x' }, () => true)).toEqual({ states: [], arrows: [] });
  });

  const nested = {
    machine: 'm',
    states: ['a', 'a.one', 'a.two', 'b', 'b.x', 'b.y'],
    parallel: ['b'],
    transitions: [
      { from: 'a.one', to: 'a.two', event: 'next' },
      { from: 'a.two', to: 'b', event: 'go' },
      { from: 'a', to: 'b.x', event: 'leap' },
      { from: 'b.x', to: 'b', event: 'again' },
      { from: '*', to: 'a', event: 'reset' },
    ],
  };

  it('draws what is inside of a state in its frame, and arrows between frames between the outermost', () => {
    const tree = chartTreeOf(nested, () => true);
    expect(tree.states.map(({ path, isParallel }) => [path, isParallel])).toEqual([
      ['a', false],
      ['b', true],
    ]);
    expect(tree.arrows).toEqual([{ from: 'a', to: 'b', event: 'go\nleap' }]);
    const [a] = tree.states;
    expect(a?.fromAny).toBe('reset');
    expect(a?.inside?.states.map(({ name }) => name)).toEqual(['one', 'two']);
    expect(a?.inside?.arrows).toEqual([{ from: 'a.one', to: 'a.two', event: 'next' }]);
  });

  it('shows the inside of open states only, and no arrows of a state that everything leads to', () => {
    expect(chartTreeOf(nested, (path) => path === 'b').states.map(({ inside }) => inside?.states.length ?? 0)).toEqual([0, 2]);
    const sources = Array.from({ length: 18 }, (_, i) => `s${i}`);
    const transitions = [...sources.map((from) => ({ from, to: 'failed', event: 'x' })), { from: 's1', to: 's2', event: 'go' }];
    const tree = chartTreeOf({ machine: 'm', transitions }, () => false);
    expect(tree.states.filter(({ isHub }) => isHub).map(({ path }) => path)).toEqual(['failed']);
    expect(tree.arrows).toEqual([{ from: 's1', to: 's2', event: 'go' }]);
  });

  it('is laid out with frames around what is in them', () => {
    const drawn = layOut(
      chartTreeOf(nested, () => true),
      { wordOf: (name) => name, rule: (from, to, event) => `${from} ${to} ${event}` },
      'TB',
    );
    const box = (path: string) => drawn.states.find((state) => state.path === path);
    const [frame, inner] = [box('a'), box('a.two')];
    if (frame === undefined || inner === undefined) throw new Error('a state is missing');
    expect(frame.isFrame && !inner.isFrame).toBe(true);
    expect(inner.x).toBeGreaterThan(frame.x);
    expect(inner.x + inner.width).toBeLessThan(frame.x + frame.width);
    expect(inner.y + inner.height).toBeLessThan(frame.y + frame.height);
    expect(frame.x + frame.width).toBeLessThanOrEqual(drawn.width);
    expect(drawn.arrows).toHaveLength(2);
  });

  it('lights the current state, also inside of another', () => {
    expect(isCurrent('IN_PROGRESS', 'in_progress')).toBe(true);
    expect(isCurrent('serving', 'serving.swapping')).toBe(true);
    expect(isCurrent('serv', 'serving')).toBe(false);
    // Regions side by side, of the whole and of an inner state.
    expect(['link.online', 'service', 'service.open', 'service.shut'].map((path) => isCurrent(path, 'link.online|service.open'))).toEqual([
      true,
      true,
      true,
      false,
    ]);
    expect(isCurrent('b.y.two', 'b.x.one|y.two')).toBe(true);
  });
});

describe('histories', () => {
  it('are read from a page or a list, newest transition first', () => {
    const page = { items: [{ at: '2026-01-01T00:00:00Z', from: 'a', to: 'b', event: 'x' }, { at: '2026-01-02T00:00:00Z', to: 'c' }, 5] };
    expect(transitionsOf(page).map(({ to }) => to)).toEqual(['c', 'b']);
    expect(timelineOf([{ event: 'arrived', at: '2026-01-01T00:00:00Z' }, {}])).toHaveLength(1);
    const happened = [
      { kind: 'order', event: 'order.asked', to: 'CREATED.begun' },
      { kind: 'order', event: 'truck.found', to: 'CREATED.truck' },
      { kind: 'event', event: 'evs.v1.live.station.HH1.evt.swap.lifted' },
      { kind: 'swap', event: 'swap.lifted', to: 'TRANSFER_IN' },
      { kind: 'swap', event: 'interlock', to: 'SUSPENDED' },
    ];
    expect(timelineOf(happened).map(({ name }) => name)).toEqual(['CREATED', 'lifted', 'SUSPENDED']);
    expect(transitionsOf(null)).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { FIXTURE_START_MS, sceneAt } from '../../test/fixture-scene.ts';
import { SceneStore } from '../store/scene-store.ts';
import { chartModelOf, isCurrent, parseMermaid } from './chart-model.ts';
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
      initial: 'idle',
      arrows: [
        { from: 'idle', to: 'busy', event: 'job.came' },
        { from: 'idle', to: 'busy', event: 'job.forced' },
        { from: 'busy', to: 'busy', event: 'tick' },
      ],
    });
  });

  it('joins arrows of one pair and leaves loops out', () => {
    expect(chartModelOf({ machine: 'm', mermaid }).arrows).toEqual([{ from: 'idle', to: 'busy', event: 'job.came\njob.forced' }]);
  });

  it('prefers lists of states and transitions in any of their spellings, and survives nonsense', () => {
    const model = chartModelOf({
      machine: 'm',
      states: ['a', { id: 'b' }, 7],
      transitions: [{ source: 'a', target: 'b', event: 'go' }, null, { from: 'b' }],
    });
    expect(model).toEqual({ states: ['a', 'b'], initial: null, arrows: [{ from: 'a', to: 'b', event: 'go' }], hubs: [] });
    expect(chartModelOf({ machine: 'm', states: 3, transitions: 'x' }).states).toEqual([]);
  });

  it('draws nested states as their outermost one, and no arrows of a state that everything leads to', () => {
    const sources = Array.from({ length: 18 }, (_, i) => (i < 2 ? ['a', 'b'][i] : `s${i}`));
    const transitions = [
      ...sources.map((from) => ({ from, to: 'failed', event: 'x' })),
      { from: 'a.one', to: 'b.two', event: 'go' },
      { from: '*', to: 'a', event: 'reset' },
    ];
    const model = chartModelOf({ machine: 'm', states: ['a', 'a.one', 'b', 'b.two'], transitions });
    expect(model.hubs).toEqual(['failed']);
    expect(model.arrows).toEqual([{ from: 'a', to: 'b', event: 'go' }]);
    expect(model.states).not.toContain('*');
    expect(model.states).not.toContain('a.one');
  });

  it('lights the current state, also inside of another', () => {
    expect(isCurrent('IN_PROGRESS', 'in_progress')).toBe(true);
    expect(isCurrent('serving', 'serving.swapping')).toBe(true);
    expect(isCurrent('serv', 'serving')).toBe(false);
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

import { describe, expect, it } from 'vitest';
import { corridorGeometry } from '../../test/fixture-geometry.ts';
import { FIXTURE_START_MS, sceneAt } from '../../test/fixture-scene.ts';
import { SceneStore } from '../store/scene-store.ts';
import { type FindIn, FOUND_MAX, findEverything } from './find-everything.ts';

function within(chinese = false): FindIn {
  const store = new SceneStore();
  store.apply({ type: 'snapshot', seq: 1, scene: sceneAt(FIXTURE_START_MS, 1) });
  return {
    records: store.records,
    sites: corridorGeometry().sites,
    views: [{ name: 'Baoding by night', address: '?layer=power#station/BD1' }],
    layers: [{ layer: 'power', name: 'Grid power' }],
    chinese,
  };
}
const keysOf = (text: string): string[] => findEverything(text, within()).map(({ key }) => key);

describe('the search over everything', () => {
  it('has what is meant first', () => {
    expect(keysOf('bd1')[0]).toBe('station/BD1');
    expect(keysOf('T007')[0]).toBe('truck/T007');
    expect(keysOf('冀j10042d')).toEqual(['truck/T042']);
    expect(keysOf(' BD1-3 ')[0]).toBe('slot/BD1-3');
    expect(keysOf('bd1-b1')[0]).toBe('bay/BD1-B1');
    expect(keysOf('o-1001')[0]).toBe('order/O-1001');
  });

  it('finds places, kept views and layers too', () => {
    expect(keysOf('gaoyang').some((key) => key.startsWith('place/'))).toBe(true);
    expect(keysOf('by night')).toEqual(['view/Baoding by night']);
    expect(keysOf('grid')).toEqual(['layer/power']);
    expect(findEverything('保定西', within(true))[0]?.name).toBe('保定西行站');
  });

  it('shows some of each kind, and nothing for nothing', () => {
    const found = findEverything('1', within());
    expect(found.length).toBeLessThanOrEqual(FOUND_MAX);
    expect(new Set(found.map(({ key }) => key.split('/')[0])).size).toBeGreaterThan(2);
    expect([findEverything('  ', within()), findEverything('no such thing', within())]).toEqual([[], []]);
  });
});

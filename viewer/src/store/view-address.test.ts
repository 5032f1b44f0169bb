import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HEAT_LAYERS } from '../scene/heat-scale.ts';
import { SavedViews, VIEWS_MAX } from './saved-views.ts';
import { searchWithView, type ViewAddress, viewFromSearch } from './view-address.ts';

const PLAIN: ViewAddress = { camera: null, layer: 'none', grade: false, relief: null, following: false };
const round = (value: number, decimals: number): number => Number(value.toFixed(decimals)) + 0;
const number = (min: number, max: number, decimals: number) => fc.double({ min, max, noNaN: true }).map((value) => round(value, decimals));
const views = fc.record({
  camera: fc.option(
    fc.record({
      latDeg: number(-85, 85, 5),
      lonDeg: number(-180, 180, 5),
      distanceKm: number(0.02, 1_100, 3),
      bearingDeg: number(-180, 180, 1),
      tiltDeg: number(0, 80, 1),
    }),
  ),
  layer: fc.constantFrom(...HEAT_LAYERS),
  grade: fc.boolean(),
  relief: fc.option(number(1, 15, 1)),
  following: fc.boolean(),
});

describe('the address of a view', () => {
  it('says the whole view again, and leaves the rest of the address', () => {
    fc.assert(
      fc.property(views, (view) => {
        const search = searchWithView('?at=2026-11-22T06:00:00.000Z', view);
        expect(new URLSearchParams(search).get('at')).toBe('2026-11-22T06:00:00.000Z');
        expect(viewFromSearch(search)).toEqual({ view, wrong: [] });
      }),
    );
  });

  it('is nothing for the plain picture', () => {
    expect(searchWithView('?cam=38.78570,115.45858,0.260,12.0,54.0&layer=wait&grade=1&relief=2&follow=1', PLAIN)).toBe('');
    expect(viewFromSearch('')).toEqual({ view: PLAIN, wrong: [] });
  });

  it.each([
    ['?cam=north', ['cam']],
    ['?cam=38,115,1,0', ['cam']],
    ['?cam=38,115,1,0,NaN', ['cam']],
    ['?cam=98,115,1,0,40', ['cam']],
    ['?cam=38,115,0,0,40', ['cam']],
    ['?cam=38,115,1e9,0,40', ['cam']],
    ['?layer=%3Cscript%3E', ['layer']],
    ['?relief=0', ['relief']],
    ['?relief=x&layer=y', ['layer', 'relief']],
  ])('names what says nothing, and takes the rest: %s', (search, wrong) => {
    expect(viewFromSearch(`${search}&follow=1`)).toEqual({ view: { ...PLAIN, following: true }, wrong });
  });
});

/** A browser's storage. */
class Memory implements Storage {
  readonly #map = new Map<string, string>();
  get length(): number {
    return this.#map.size;
  }
  clear = (): void => this.#map.clear();
  getItem = (key: string): string | null => this.#map.get(key) ?? null;
  key = (index: number): string | null => [...this.#map.keys()][index] ?? null;
  removeItem = (key: string): void => void this.#map.delete(key);
  setItem = (key: string, value: string): void => void this.#map.set(key, value);
}

describe('kept views', () => {
  it('are there again, the newest first, one of each name', () => {
    const memory = new Memory();
    const kept = new SavedViews(memory);
    expect([kept.save(' Tunnels ', '?layer=wait'), kept.save('Port', '#station/HH1'), kept.save('Tunnels', '?layer=soc')]).toEqual([
      true,
      true,
      true,
    ]);
    expect(new SavedViews(memory).all.value).toEqual([
      { name: 'Tunnels', address: '?layer=soc' },
      { name: 'Port', address: '#station/HH1' },
    ]);
    kept.remove('Port');
    expect(new SavedViews(memory).all.value.map(({ name }) => name)).toEqual(['Tunnels']);
  });

  it('have a name, and are not more than can be looked through', () => {
    const kept = new SavedViews(new Memory());
    expect(kept.save('  ', '')).toBe(false);
    for (let i = 0; i < VIEWS_MAX; i++) expect(kept.save(`view ${i}`, '')).toBe(true);
    expect([kept.save('one more', ''), kept.save('view 3', '?layer=soc')]).toEqual([false, true]);
  });

  it.each(['{', '5', '[{"name":1,"address":"?"}]', '[{"name":"x","address":"https://elsewhere"}]', '[null]'])(
    'are none where the storage holds something else: %s',
    (text) => {
      const memory = new Memory();
      memory.setItem('corridor.views', text);
      expect(new SavedViews(memory).all.value).toEqual([]);
    },
  );
});

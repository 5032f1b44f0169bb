import { describe, expect, it } from 'vitest';
import { FIXTURE_START_MS, sceneAt } from '../../test/fixture-scene.ts';
import {
  HEAT_LAYERS,
  type HeatKind,
  heatColour,
  heatOf,
  meanSocByStation,
  PERIODS_BY_PRICE,
  shareOfPeriod,
  WAIT_FULL_MS,
} from './heat-scale.ts';

const [station] = sceneAt(FIXTURE_START_MS, 1).stations;
if (station === undefined) throw new Error('a scene without stations');
const KINDS = HEAT_LAYERS.filter((name): name is HeatKind => name !== 'none');
const lightnessOf = (kind: HeatKind, share: number, theme: 'light' | 'dark'): number => {
  const { r, g, b } = heatColour(kind, share, theme);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};

describe('a layer over the stations', () => {
  it('tells value and place on its scale', () => {
    expect(heatOf('soc', station, 62)).toEqual({ value: 62, share: 0.62 });
    expect(heatOf('wait', { ...station, estWaitMs: WAIT_FULL_MS / 2 }, null)).toEqual({ value: WAIT_FULL_MS / 2, share: 0.5 });
    expect(heatOf('wait', { ...station, estWaitMs: WAIT_FULL_MS * 3 }, null).share).toBe(1);
    expect(heatOf('power', { ...station, gridPowerW: 500_000, gridLimitW: 2_000_000 }, null)).toEqual({ value: 500_000, share: 0.25 });
    expect(heatOf('price', { ...station, priceNanoYuanPerKwh: '850000000', tariffPeriod: 'FLAT' }, null)).toEqual({
      value: 850_000_000,
      share: 0.5,
    });
  });

  it('takes nothing unknown for 0, and has no share where the scale is unknown', () => {
    expect(heatOf('soc', station, null)).toEqual({ value: null, share: null });
    expect(heatOf('wait', { ...station, estWaitMs: null }, 50)).toEqual({ value: null, share: null });
    expect(heatOf('power', { ...station, gridPowerW: null }, 50)).toEqual({ value: null, share: null });
    expect(heatOf('power', { ...station, gridPowerW: 1_000, gridLimitW: null }, 50)).toEqual({ value: 1_000, share: null });
    expect(heatOf('price', { ...station, tariffPeriod: null, priceNanoYuanPerKwh: null }, 50)).toEqual({ value: null, share: null });
  });

  it('means the packs that are in the rack and known', () => {
    const { slots } = sceneAt(FIXTURE_START_MS, 1);
    const [slot] = slots;
    if (slot === undefined) throw new Error('a scene without slots');
    const of = (id: string, packId: string | null, socPercent: number | null) => ({ ...slot, stationId: id, packId, socPercent });
    const means = meanSocByStation([of('A', 'P1', 20), of('A', 'P2', 60), of('A', null, null), of('A', 'P3', null), of('B', null, null)]);
    expect([...means]).toEqual([['A', 40]]);
  });

  it.each(KINDS)('has colours that order also without hue: %s', (kind) => {
    const shares = [0, 0.25, 0.5, 0.75, 1];
    const inLight = shares.map((share) => lightnessOf(kind, share, 'light'));
    const inDark = shares.map((share) => lightnessOf(kind, share, 'dark'));
    const rising = (values: number[]): boolean => values.every((value, at) => at === 0 || value > (values[at - 1] ?? 0));
    expect(rising(inDark)).toBe(true);
    // The charge has one ramp in both themes.
    expect(rising(kind === 'soc' ? inLight : inLight.toReversed())).toBe(true);
    expect(heatColour(kind, null, 'light')).toEqual(heatColour('soc', null, 'light'));
  });

  it('orders periods from the cheapest to the dearest', () => {
    expect(PERIODS_BY_PRICE.map(shareOfPeriod)).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(PERIODS_BY_PRICE.at(-1)).toBe('SHARP');
  });
});

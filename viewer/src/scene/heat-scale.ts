import type { SlotView, StationView } from '@corridor/protocols/http/scene';
import { TARIFF_PERIODS } from '@corridor/protocols/tariff-period';
import type { ThemeName } from '../theme/scene-palette.ts';
import { cssColour, oklabToSrgb, type Rgb, socColour, UNKNOWN_COLOUR } from './soc-ramp.ts';

/** What stations are coloured by, one at a time; `none`: by nothing but their state. */
export const HEAT_LAYERS = ['none', 'soc', 'wait', 'power', 'price'] as const;
export type HeatLayerName = (typeof HEAT_LAYERS)[number];
export type HeatKind = Exclude<HeatLayerName, 'none'>;

/** Whoever waits longer has the same full colour: by then somebody has to act. */
export const WAIT_FULL_MS = 30 * 60_000;

/** What a layer says of one station. */
export interface Heat {
  /** In the layer's own unit: % of charge, ms of wait, W from the grid, nano-yuan/kWh. null: unknown, or not for the caller to see. */
  value: number | null;
  /** 0..1 of the layer's scale; null: it has no place on it. */
  share: number | null;
}

const UNKNOWN: Heat = { value: null, share: null };

/** @param meanSocPercent of the packs in its rack; null: it has none, or they are not seen */
export function heatOf(kind: HeatKind, station: StationView, meanSocPercent: number | null): Heat {
  switch (kind) {
    case 'soc':
      return meanSocPercent === null ? UNKNOWN : { value: meanSocPercent, share: within(meanSocPercent / 100) };
    case 'wait':
      return station.estWaitMs === null ? UNKNOWN : { value: station.estWaitMs, share: within(station.estWaitMs / WAIT_FULL_MS) };
    case 'power': {
      const { gridPowerW, gridLimitW } = station;
      if (gridPowerW === null) return UNKNOWN;
      return { value: gridPowerW, share: gridLimitW === null || gridLimitW <= 0 ? null : within(gridPowerW / gridLimitW) };
    }
    case 'price':
      return {
        value: station.priceNanoYuanPerKwh === null ? null : Number(station.priceNanoYuanPerKwh),
        share: station.tariffPeriod === null ? null : shareOfPeriod(station.tariffPeriod),
      };
  }
}

/** From the cheapest period to the dearest. */
export const PERIODS_BY_PRICE = [...TARIFF_PERIODS].reverse();

export function shareOfPeriod(period: NonNullable<StationView['tariffPeriod']>): number {
  return PERIODS_BY_PRICE.indexOf(period) / (PERIODS_BY_PRICE.length - 1);
}

/** Mean charge of the packs in each rack, %; a station whose packs say nothing is not in it. */
export function meanSocByStation(slots: Iterable<SlotView>): Map<string, number> {
  const sums = new Map<string, { sum: number; count: number }>();
  for (const { stationId, packId, socPercent } of slots) {
    if (packId === null || socPercent === null) continue;
    const of = sums.get(stationId);
    if (of === undefined) sums.set(stationId, { sum: socPercent, count: 1 });
    else {
      of.sum += socPercent;
      of.count += 1;
    }
  }
  return new Map([...sums].map(([id, { sum, count }]) => [id, sum / count]));
}

/** From grey where there is little to the hue of what it means, further from the ground by even steps, so that the order survives in grey. */
const HUES: Record<Exclude<HeatKind, 'soc'>, { hueDeg: number; chroma: readonly [number, number] }> = {
  wait: { hueDeg: 76, chroma: [0.03, 0.135] },
  power: { hueDeg: 174, chroma: [0.025, 0.105] },
  price: { hueDeg: 300, chroma: [0.03, 0.14] },
};
const LIGHTNESS: Record<ThemeName, readonly [number, number]> = { light: [0.87, 0.52], dark: [0.42, 0.82] };

/** @param share 0..1; null: unknown, grey */
export function heatColour(kind: HeatKind, share: number | null, theme: ThemeName): Rgb {
  if (share === null) return UNKNOWN_COLOUR;
  return kind === 'soc' ? socColour(share * 100) : rampColour(HUES[kind], share, theme);
}

/** @param share 0..1 of a ramp with this hue, whose chroma goes from the first to the second number */
export function rampColour(
  { hueDeg, chroma }: { hueDeg: number; chroma: readonly [number, number] },
  share: number,
  theme: ThemeName,
): Rgb {
  const lightness = LIGHTNESS[theme];
  const part = within(share);
  const amount = chroma[0] + (chroma[1] - chroma[0]) * part;
  const hueRad = (hueDeg * Math.PI) / 180;
  return oklabToSrgb(lightness[0] + (lightness[1] - lightness[0]) * part, amount * Math.cos(hueRad), amount * Math.sin(hueRad));
}

function within(share: number): number {
  return Math.min(Math.max(share, 0), 1);
}

/** A layer's ramp as a CSS gradient from little (left) to much. */
export function heatGradient(kind: HeatKind, theme: ThemeName): string {
  const stops = Array.from({ length: 11 }, (_, i) => `${cssColour(heatColour(kind, i / 10, theme))} ${i * 10}%`);
  return `linear-gradient(90deg, ${stops.join(', ')})`;
}

import type { KpiIntervals } from '../planner/result.ts';
import type { StationPlan } from '../scenario/scenario.schema.ts';
import { type Words, words } from './words.ts';

/** What a station runs out of first. */
export interface Bottleneck {
  /** Share of the time that it is taken, 0..1. */
  busyRatio: number;
  what: Words;
}

/** Chargers that no pack is there for are no bottleneck: packs are. */
export function bottleneckOf({ chargers, packs }: StationPlan, kpis: KpiIntervals): Bottleneck {
  const bays = kpis['bayBusyRatio']?.mean ?? 0;
  const charging = ((kpis['chargerBusyRatio']?.mean ?? 0) * chargers) / Math.min(chargers, packs);
  if (bays >= charging) return { busyRatio: bays, what: words('bays', '换电位') };
  return { busyRatio: charging, what: packs < chargers ? words('packs', '电池') : words('chargers', '充电机') };
}

/** Grey until it matters; red where it grows without bound. */
export function bottleneckFill({ busyRatio }: Bottleneck): string {
  if (busyRatio >= 0.95) return 'var(--alarm)';
  const share = Math.round(100 * Math.min(1, Math.max(0, (busyRatio - 0.3) / 0.5)));
  return `color-mix(in oklab,var(--wait) ${share}%,var(--idle))`;
}

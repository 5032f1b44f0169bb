import type { Result } from '../planner/result.ts';
import type { StationPlan } from '../scenario/scenario.schema.ts';
import { sharedPowerW } from '../scenario/station-physics.ts';
import { type Words, words } from '../scenario/words.ts';
import { shown } from './shown-number.ts';

/** What a station runs out of first. */
export interface Bottleneck {
  /** Share of the time that it is taken, 0..1; null: no run tells. */
  busyRatio: number | null;
  /** false: its queue grows without bound. */
  isStable: boolean;
  what: Words;
}

const AT_LIMIT_RATIO = 0.98;

/** Chargers that no pack is there for are no bottleneck: packs are. */
export function bottleneckOf(station: StationPlan, result: Result['stations'][number] | undefined): Bottleneck {
  const { chargers, packs, chargerPowerW, gridLimitW } = station;
  const bays = result?.kpis['bayBusyRatio']?.mean ?? null;
  const chargerBusyRatio = result?.kpis['chargerBusyRatio']?.mean ?? null;
  const charging = chargerBusyRatio === null ? null : (chargerBusyRatio * chargers) / Math.min(chargers, packs);
  const isStable = result?.isStable ?? true;
  if (charging === null || (bays !== null && bays >= charging)) return { busyRatio: bays, isStable, what: words('bays', '换电位') };
  // Chargers that share a connection at its limit are busy because of it.
  const isLimited = sharedPowerW(station) < chargerPowerW && (result?.kpis['gridPowerWPeak']?.mean ?? 0) > gridLimitW * AT_LIMIT_RATIO;
  if (isLimited) return { busyRatio: charging, isStable, what: words('connection', '电网接入') };
  return { busyRatio: charging, isStable, what: packs < chargers ? words('packs', '电池') : words('chargers', '充电机') };
}

/** Grey until it matters; red where it grows without bound. */
export function bottleneckFill({ busyRatio, isStable }: Bottleneck): string {
  if (!isStable) return 'var(--alarm)';
  const share = Math.round(100 * Math.min(1, Math.max(0, ((busyRatio ?? 0) - 0.3) / 0.5)));
  return `color-mix(in oklab,var(--wait) ${share}%,var(--idle))`;
}

export const busyText = ({ busyRatio }: Bottleneck): string => (busyRatio === null ? '—' : `${shown(busyRatio * 100)} %`);

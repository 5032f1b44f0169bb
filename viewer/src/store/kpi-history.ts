import type { Kpis } from '@corridor/protocols/http/scene';

export const KPI_KEYS = [
  'trucksOnRoad',
  'trucksWaiting',
  'stationsOnline',
  'packsReady',
  'swapsToday',
  'billedTodayFen',
  'energyTodayWh',
  'gridPowerW',
  'pvPowerW',
  'meanWaitMs',
  'ordersAbnormal',
] as const satisfies readonly (keyof Kpis)[];
export type KpiKey = (typeof KPI_KEYS)[number];

/** Curves of the key figures since the page was opened: bounded, thinned by halves when full. */
export class KpiHistory {
  readonly atMs: number[] = [];
  readonly values: { readonly [K in KpiKey]: (number | null)[] } = {
    trucksOnRoad: [],
    trucksWaiting: [],
    stationsOnline: [],
    packsReady: [],
    swapsToday: [],
    billedTodayFen: [],
    energyTodayWh: [],
    gridPowerW: [],
    pvPowerW: [],
    meanWaitMs: [],
    ordersAbnormal: [],
  };
  private readonly samplesMax: number;

  constructor(samplesMax = 1_200) {
    this.samplesMax = samplesMax;
  }

  /** Samples that do not move scope time forward are dropped. */
  add(kpis: Kpis): void {
    const atMs = Date.parse(kpis.scopeAt);
    const last = this.atMs.at(-1);
    if (!Number.isFinite(atMs) || (last !== undefined && atMs <= last)) return;
    if (this.atMs.length >= this.samplesMax) this.thin();
    this.atMs.push(atMs);
    for (const key of KPI_KEYS) {
      const value = kpis[key];
      this.values[key].push(value === null ? null : Number(value));
    }
  }

  /** Goes back: forgets what is later than an instant, because what is shown is of then. @param atMs scope time */
  rewind(atMs: number): void {
    const kept = this.atMs.findIndex((each) => each > atMs);
    if (kept < 0) return;
    this.atMs.length = kept;
    for (const key of KPI_KEYS) this.values[key].length = kept;
  }

  /** Forgets all: what comes next is of another time. */
  clear(): void {
    this.atMs.length = 0;
    for (const key of KPI_KEYS) this.values[key].length = 0;
  }

  private thin(): void {
    const keepEven = (_: unknown, i: number): boolean => i % 2 === 0;
    const atMs = this.atMs.filter(keepEven);
    this.atMs.length = 0;
    this.atMs.push(...atMs);
    for (const key of KPI_KEYS) {
      const kept = this.values[key].filter(keepEven);
      this.values[key].length = 0;
      this.values[key].push(...kept);
    }
  }
}

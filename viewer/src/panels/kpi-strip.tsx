import type { Kpis } from '@corridor/protocols/http/scene';
import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { lazy, Suspense } from 'preact/compat';
import { yuan } from '../format/money.ts';
import { duration, energy, power, type Quantity, quantity, UNKNOWN } from '../format/quantity.ts';
import type { KpiKey } from '../store/kpi-history.ts';
import { useApp, useWords } from './app-context.ts';
import { Figure } from './figures.tsx';

const KpiCurve = lazy(() => import('./kpi-curve.tsx').then((module) => ({ default: module.KpiCurve })));

/** Order is by how often one looks; narrow windows show the first ones and scroll. */
export const SHOWN_KPIS = [
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
] as const satisfies readonly KpiKey[];

export function kpiQuantity(key: KpiKey, kpis: Kpis): Quantity {
  switch (key) {
    case 'billedTodayFen':
      return { figure: yuan(kpis.billedTodayFen), unit: '' };
    case 'energyTodayWh':
      return energy(kpis.energyTodayWh);
    case 'gridPowerW':
      return power(kpis.gridPowerW);
    case 'pvPowerW':
      return power(kpis.pvPowerW);
    case 'meanWaitMs':
      return duration(kpis.meanWaitMs);
    case 'trucksOnRoad':
    case 'trucksWaiting':
    case 'stationsOnline':
    case 'packsReady':
    case 'swapsToday':
    case 'ordersAbnormal':
      return quantity(kpis[key], '');
  }
}

/** The key figures; each opens its curve. */
export function KpiStrip(): VNode {
  const { store } = useApp();
  const words = useWords();
  const open = useSignal<KpiKey | null>(null);
  const kpis = store.kpis.value;
  const stations = store.version.stations.value < 0 ? 0 : store.records.stations.size;
  return (
    <div class="kpis">
      <div class="kpi-row">
        {SHOWN_KPIS.map((key) => (
          <button
            key={key}
            type="button"
            class={`kpi${open.value === key ? ' open' : ''}`}
            data-kpi={key}
            aria-expanded={open.value === key}
            onClick={() => (open.value = open.value === key ? null : key)}
          >
            <span class="kpi-name">{words.kpi[key]}</span>
            <span class="kpi-value">
              {kpis === null ? UNKNOWN : <Figure of={kpiQuantity(key, kpis)} />}
              {key === 'stationsOnline' && kpis !== null && <small>/{stations}</small>}
            </span>
          </button>
        ))}
      </div>
      {open.value !== null && (
        <Suspense fallback={null}>
          <KpiCurve name={open.value} onClose={() => (open.value = null)} />
        </Suspense>
      )}
    </div>
  );
}

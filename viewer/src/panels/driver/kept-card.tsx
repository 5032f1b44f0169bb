import type { OrderSummary, TruckView } from '@corridor/protocols/http/scene';
import { ScanLine } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { yuan } from '../../format/money.ts';
import { useApp, useWords } from '../app-context.ts';
import { Icon } from '../icon.tsx';
import { KeptUntil } from './kept-until.tsx';
import { NavigateLinks } from './navigate-links.tsx';
import { ActOutcome } from './refusal.tsx';
import { useStation } from './station-name.ts';
import { TripMap } from './trip-map.tsx';
import { useOrderDetail } from './use-order-detail.ts';
import { useSteadyAct } from './use-steady-act.ts';

/** A pack is kept: the way there, the code at the bay, or giving it back. */
export function KeptCard({ order, truck, scan }: { order: OrderSummary; truck: TruckView; scan: () => void }): VNode {
  const { orderApi } = useApp();
  const words = useWords();
  const act = useSteadyAct();
  const { station, name } = useStation(order.stationId);
  const [isGivenBack, setGivenBack] = useState(false);
  const giveBack = async (): Promise<void> => setGivenBack((await act.run(() => orderApi.cancel(order.id, null))) === 'DONE');
  return (
    <section class="driver-card" data-driver-part="kept" data-order={order.id}>
      <h2>{words.driver.kept}</h2>
      <b class="driver-station">{name}</b>
      <KeptUntil detail={useOrderDetail(order)} word={words.driver.packUntil} />
      <p class="driver-note">{truck.vehicleState === 'QUEUEING' ? words.driver.step.QUEUED : words.driver.keptNote}</p>
      {station !== undefined && <TripMap truck={truck} station={station} />}
      {station !== undefined && <NavigateLinks station={station} name={name} />}
      <button type="button" class="button primary" data-action="scan" onClick={scan}>
        <Icon node={ScanLine} size={24} />
        {words.driver.scan}
      </button>
      <div class="driver-line">
        <span>{words.driver.held}</span>
        <b class="driver-figure figure">{yuan(order.heldFen ?? order.quotedFen)}</b>
      </div>
      <button
        type="button"
        class="button"
        data-action="give-back"
        disabled={act.state !== 'idle' || isGivenBack}
        onClick={() => void giveBack()}
      >
        {words.driver.cancel}
      </button>
      <ActOutcome act={act} />
    </section>
  );
}

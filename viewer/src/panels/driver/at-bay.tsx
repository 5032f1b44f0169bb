import type { OrderSummary, TruckView } from '@corridor/protocols/http/scene';
import { X } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { newRequestKey } from '../../feed/request-key.ts';
import type { BayCode } from '../../store/bay-code.ts';
import { useApp, useWords } from '../app-context.ts';
import { IconButton } from '../icon-button.tsx';
import { ActOutcome } from './refusal.tsx';
import { standAt } from './stand-at.ts';
import { useStation } from './station-name.ts';
import { useSteadyAct } from './use-steady-act.ts';

/** Whose code was scanned, and what that means for the order that stands; null: none does. */
export function AtBay({ bay, truck, order }: { bay: BayCode; truck: TruckView; order: OrderSummary | null }): VNode | null {
  const app = useApp();
  const words = useWords();
  const here = useStation(bay.stationId);
  if (!app.store.loaded.value) return null;
  const isRight = order?.stationId === bay.stationId;
  return (
    <section class="driver-card driver-scanned" data-driver-part="at-bay" data-bay={bay.bayId}>
      <div class="driver-line">
        <h2>
          {here.station === undefined
            ? words.driver.scanUnknown(bay.stationId)
            : words.driver.atBay(here.name, bay.bayId.slice(bay.stationId.length + 2))}
        </h2>
        <IconButton action="forget-bay" icon={X} size={24} name={words.driver.scanClose} onClick={() => standAt(app, null)} />
      </div>
      {here.station !== undefined && isRight && <p data-bay-says="right">{words.driver.rightBay}</p>}
      {here.station !== undefined && !isRight && <SwapHere stationId={bay.stationId} truckId={truck.id} order={order} />}
    </section>
  );
}

function SwapHere({ stationId, truckId, order }: { stationId: string; truckId: string; order: OrderSummary | null }): VNode {
  const app = useApp();
  const { orderApi } = app;
  const words = useWords();
  const act = useSteadyAct();
  const [key, renew] = useState(newRequestKey);
  const here = useStation(stationId).name;
  const there = useStation(order?.stationId ?? stationId).name;
  const swap = async (): Promise<void> => {
    // One act, so that nothing else is asked in between; each part of it is done once.
    const outcome = await act.run(async () => {
      if (order !== null) await orderApi.cancel(order.id, null);
      await orderApi.quote({ stationId, truckId, key });
    });
    if (outcome !== 'UNREACHED') renew(newRequestKey());
  };
  return (
    <>
      {order !== null && <p data-bay-says="other">{words.driver.otherBay(here, there)}</p>}
      <button
        type="button"
        class={order === null ? 'button primary' : 'button'}
        data-action="swap-here"
        disabled={act.state !== 'idle'}
        onClick={() => void swap()}
      >
        {order === null ? words.driver.swapHere : words.driver.otherBayHere}
      </button>
      {order !== null && (
        <button type="button" class="button primary" data-action="drive-on" onClick={() => standAt(app, null)}>
          {words.driver.otherBayKeep}
        </button>
      )}
      <ActOutcome act={act} />
    </>
  );
}

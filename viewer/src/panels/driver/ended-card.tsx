import type { OrderSummary } from '@corridor/protocols/http/scene';
import { CircleCheck } from 'lucide';
import type { VNode } from 'preact';
import { yuan } from '../../format/money.ts';
import type { Stage } from '../../store/driver-trip.ts';
import { useApp, useWords } from '../app-context.ts';
import { Icon } from '../icon.tsx';
import { OrderBill } from './driver-bills.tsx';
import { Refusal } from './refusal.tsx';
import { useStation } from './station-name.ts';

/** How a swap ended: its bill, or why there is none and what to do; until the driver has seen it. */
export function EndedCard({ order, stage, close }: { order: OrderSummary; stage: Stage; close: () => void }): VNode {
  const { language } = useApp();
  const words = useWords();
  const { name } = useStation(order.stationId);
  const title = { DONE: words.driver.done, ABNORMAL: words.driver.abnormal, CALLED_OFF: words.driver.calledOff }[stage as string];
  return (
    <section class="driver-card" data-driver-part="ended" data-order={order.id} data-stage={stage}>
      <h2 class={stage === 'DONE' ? 'driver-done' : ''}>
        {stage === 'DONE' && <Icon node={CircleCheck} size={24} />}
        {title ?? words.driver.refusedTitle}
      </h2>
      <b class="driver-station">{name}</b>
      {stage === 'DONE' && (
        <>
          <b class="driver-price figure">{yuan(order.payableFen)}</b>
          <OrderBill order={order} />
          <p class="driver-note">{words.driver.doneNote}</p>
        </>
      )}
      {stage === 'ABNORMAL' && (
        <p>
          {order.reason !== null && <b>{language.codeWord(order.reason)}. </b>}
          {words.driver.abnormalNote}
        </p>
      )}
      {(stage === 'REFUSED' || stage === 'CALLED_OFF') && <Refusal code={order.reason ?? 'OTHER'} amountFen={order.quotedFen} />}
      <button type="button" class="button primary" data-action="close" onClick={close}>
        {stage === 'REFUSED' || stage === 'CALLED_OFF' ? words.driver.elsewhere : words.driver.closeCard}
      </button>
    </section>
  );
}

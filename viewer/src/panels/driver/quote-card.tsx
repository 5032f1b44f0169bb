import type { QuotedSoc } from '@corridor/protocols/http/order-detail';
import type { OrderSummary } from '@corridor/protocols/http/scene';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { yuan } from '../../format/money.ts';
import { figure } from '../../format/quantity.ts';
import { useApp, useWords } from '../app-context.ts';
import { KeptUntil } from './kept-until.tsx';
import { ActOutcome } from './refusal.tsx';
import { useStation } from './station-name.ts';
import { useOrderDetail } from './use-order-detail.ts';
import { useSteadyAct } from './use-steady-act.ts';

/** What a swap costs here, taken or left. */
export function QuoteCard({ order }: { order: OrderSummary }): VNode {
  const { orderApi, names, language, session } = useApp();
  const words = useWords();
  const act = useSteadyAct();
  const detail = useOrderDetail(order);
  const { name } = useStation(order.stationId);
  // What was given back may still be shown for a moment: it is not given back twice.
  const [isGivenBack, setGivenBack] = useState(false);
  const giveBack = async (): Promise<void> => setGivenBack((await act.run(() => orderApi.cancel(order.id, null))) === 'DONE');
  const isBusy = act.state !== 'idle' || isGivenBack || order.state === 'CREATED';
  const carrierId = session.person?.principalId;
  return (
    <section class="driver-card" data-driver-part="quote" data-order={order.id}>
      <h2>{words.driver.quoted}</h2>
      <b class="driver-station">{name}</b>
      <b class="driver-price figure">{yuan(order.quotedFen)}</b>
      <KeptUntil detail={detail} word={words.driver.priceUntil} />
      {detail !== null && <QuotedBy soc={detail.quotedSoc} />}
      <p class="driver-note">{words.driver.quotedNote}</p>
      {carrierId !== null && carrierId !== undefined && (
        <p class="driver-note">{words.driver.paidFrom(names.nameOf(carrierId, language.chinese))}</p>
      )}
      <button
        type="button"
        class="button primary"
        data-action="take"
        disabled={isBusy}
        onClick={() => void act.run(() => orderApi.confirm(order.id, null))}
      >
        {words.driver.take}
      </button>
      <button type="button" class="button" data-action="give-back" disabled={isBusy} onClick={() => void giveBack()}>
        {words.driver.notNow}
      </button>
      <ActOutcome act={act} amountFen={order.quotedFen} />
    </section>
  );
}

/** With how full a pack on arrival the price was reckoned, or that it was with the one of now. */
function QuotedBy({ soc }: { soc: QuotedSoc | null }): VNode {
  const words = useWords();
  return (
    <p class="driver-note" data-quoted-by={soc?.basis}>
      {soc?.basis === 'ARRIVAL' ? words.driver.quotedByArrival(figure(soc.percent), figure(soc.reportedPercent)) : words.driver.quotedBy}
    </p>
  );
}

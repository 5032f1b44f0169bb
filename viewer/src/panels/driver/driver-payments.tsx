import type { VNode } from 'preact';
import { yuan } from '../../format/money.ts';
import { useApp, useWords } from '../app-context.ts';
import { DayTime } from '../figures.tsx';
import { usePaged } from '../money/paged.ts';

/** What this driver paid in, newest first. */
export function DriverPayments(): VNode | null {
  const { moneyApi } = useApp();
  const words = useWords();
  const list = usePaged('driver-payments', (cursor) => moneyApi.payments({}, cursor));
  if (list.items === null || list.items.length === 0) return null;
  return (
    <section class="driver-card" data-driver-part="payments">
      <h2>{words.driver.payments}</h2>
      {list.items.map((payment) => (
        <div key={payment.id} class="driver-line" data-paid={payment.id}>
          <span>
            <DayTime at={payment.requestedAt} />
            <small> {words.money.payment[payment.state] ?? payment.state}</small>
          </span>
          <b class="figure">{yuan(payment.amountFen)}</b>
        </div>
      ))}
      {list.more && (
        <button type="button" class="button" disabled={list.state === 'loading'} onClick={list.loadMore}>
          {words.money.more}
        </button>
      )}
    </section>
  );
}

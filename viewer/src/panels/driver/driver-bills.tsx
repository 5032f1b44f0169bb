import type { Bill, OrderSummary } from '@corridor/protocols/http/scene';
import { ChevronRight } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { yuan } from '../../format/money.ts';
import { energyExact } from '../../format/quantity.ts';
import { aboveQuoteFen, billInThree } from '../../store/driver-trip.ts';
import { useApp, useWords } from '../app-context.ts';
import { BILLED_STATES } from '../bill-panel.tsx';
import { useFetched } from '../fetched.ts';
import { DayTime, Figure } from '../figures.tsx';
import { Icon } from '../icon.tsx';
import { ListFoot } from '../money/list-tools.tsx';
import { usePaged } from '../money/paged.ts';
import { NotFetched } from '../not-fetched.tsx';

/** What swaps cost: the last one open, the earlier ones to open. */
export function DriverBills(): VNode {
  const { moneyApi, store } = useApp();
  const words = useWords();
  // Asked for again when another order is billed.
  const billed = store.version.orders.value < 0 ? [] : [...store.records.orders.values()].filter(({ state }) => BILLED_STATES.has(state));
  const list = usePaged(`driver/${billed.length}`, (cursor) => moneyApi.orders({}, cursor));
  const orders = (list.items ?? []).filter(({ state }) => BILLED_STATES.has(state));
  const [last, ...earlier] = orders;
  return (
    <>
      <section class="driver-card" data-driver-part="bill">
        <h2>{words.driver.lastBill}</h2>
        {last === undefined && list.items !== null && <p>{words.driver.noBill}</p>}
        {last !== undefined && <BilledOrder key={last.id} order={last} isOpen />}
        {list.items === null && <ListFoot list={list} />}
      </section>
      {earlier.length > 0 && (
        <section class="driver-card" data-driver-part="earlier">
          <h2>{words.driver.earlier}</h2>
          {earlier.map((order) => (
            <BilledOrder key={order.id} order={order} />
          ))}
          {list.more && (
            <button type="button" class="button" data-action="more" disabled={list.state === 'loading'} onClick={list.loadMore}>
              {words.money.more}
            </button>
          )}
        </section>
      )}
    </>
  );
}

function BilledOrder({ order, isOpen = false }: { order: OrderSummary; isOpen?: boolean }): VNode {
  const { store, language } = useApp();
  const [open, setOpen] = useState(isOpen);
  const station = store.version.stations.value < 0 ? undefined : store.records.stations.get(order.stationId);
  const name = (language.chinese ? station?.nameZh : station?.name) ?? order.stationId;
  return (
    <div data-bill={order.id}>
      <button type="button" class="driver-fold" aria-expanded={open} onClick={() => setOpen(!open)}>
        <Icon node={ChevronRight} size={20} />
        <span>
          {name}
          <small>
            <DayTime at={order.createdAt} />
          </small>
        </span>
        <b class="figure">{yuan(order.payableFen)}</b>
      </button>
      {open && <OrderBill order={order} />}
    </div>
  );
}

export function OrderBill({ order }: { order: OrderSummary }): VNode {
  const { api } = useApp();
  const { value, state, retry } = useFetched(order.id, () => api.bill(order.id, null), order.state);
  if (value === null) return <NotFetched state={state} retry={retry} look="button" />;
  return <BillTable bill={value} />;
}

/** Three lines that sum to what is paid; each line of the bill behind them. */
function BillTable({ bill }: { bill: Bill }): VNode {
  const { language } = useApp();
  const words = useWords();
  const aboveFen = aboveQuoteFen(bill);
  return (
    <>
      <table class="driver-bill">
        <tbody>
          {billInThree(bill).map(({ part, amountFen }) => (
            <tr key={part} data-bill-part={part}>
              <th scope="row">{words.driver.part[part]}</th>
              <td class="figure">{yuan(amountFen)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{words.field.payable}</th>
            <td class="figure">{yuan(bill.payableFen)}</td>
          </tr>
        </tfoot>
      </table>
      {aboveFen !== null && (
        <p class="driver-note" data-above-quote={aboveFen}>
          {words.driver.billedOtherwise(yuan(bill.quotedFen), `${aboveFen.startsWith('-') ? '' : '+'}${yuan(aboveFen)}`)}
        </p>
      )}
      <details class="driver-lines">
        <summary>{words.driver.eachLine}</summary>
        <table class="driver-bill">
          <tbody>
            {bill.lines.map((line) => (
              <tr key={line.lineNo}>
                <th scope="row">
                  {language.codeWord(line.component)}
                  {line.unit === 'Wh' && (
                    <small>
                      <Figure of={energyExact(Number(line.quantity))} />
                    </small>
                  )}
                </th>
                <td class="figure">{yuan(line.amountFen)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </>
  );
}

import type { OrderSummary } from '@corridor/protocols/http/scene';
import type { VNode } from 'preact';
import { saveCsv, yuanCell } from '../../format/csv.ts';
import { yuan } from '../../format/money.ts';
import { dayAndTime, instantOfDay } from '../../format/time.ts';
import { orderCondition } from '../../store/condition.ts';
import { localDay, oneOf, openedRows } from '../../store/place-query.ts';
import { useApp, useWords } from '../app-context.ts';
import { BILLED_STATES, BillPanel } from '../bill-panel.tsx';
import { Chip, DayTime } from '../figures.tsx';
import { Link } from '../link.tsx';
import { useInstant } from '../past/instant.ts';
import { openedIn, PagedNotice, usePlace } from '../use-place.tsx';
import { FoldRow, type KeptFold } from './fold-row.tsx';
import { ListTable } from './list-table.tsx';
import { Choice, DayEntry, ListFoot, ListHead } from './list-tools.tsx';
import { usePaged } from './paged.ts';
import { RaiseDispute } from './raise-dispute.tsx';

const STATES = [
  'QUOTED',
  'HELD',
  'IN_PROGRESS',
  'MEASURED',
  'BILLED',
  'CLEARED',
  'SETTLED',
  'ABNORMAL',
  'REPAIRED',
  'WRITTEN_OFF',
  'CANCELLED',
  'REJECTED',
];
const FIELDS = { state: oneOf(['', ...STATES], ''), from: localDay, until: localDay, open: openedRows };
const COLUMNS = 5;
/** Roles that see what an order costs in all. */
const PAYING = ['PLATFORM_OPERATOR', 'CARRIER', 'DRIVER'];

/** The orders one may see, newest first; each opens to its bill with the derivation of every line. */
export function MoneyOrders(): VNode {
  const { moneyApi, language, session } = useApp();
  const words = useWords();
  const place = usePlace(FIELDS);
  const { state, from, until, open } = place.asked;
  const keptOf = openedIn(place);
  const at = useInstant();
  const filter = { state, from: instantOfDay(from), until: instantOfDay(until, 1), at: at ?? '' };
  const list = usePaged(JSON.stringify(filter), (cursor) => moneyApi.orders(filter, cursor));
  const { items } = list;
  // What a carrier pays in all is not for the owners of the packs and stations.
  const seesPayable = PAYING.some((role) => session.person?.roles.includes(role) === true);
  return (
    <section class="money-part" data-part="orders">
      <ListHead refresh={list.refresh} saveCsv={items === null ? null : () => saveCsv('orders.csv', csvRows(items))}>
        <Choice
          name="state"
          label={words.field.state}
          value={state}
          choose={(chosen) => place.narrow({ state: chosen, open: '' })}
          options={[['', words.money.allStates], ...STATES.map((one) => [one, language.codeWord(one)] as const)]}
        />
        <DayEntry name="from" label={words.money.from} value={from} choose={(day) => place.narrow({ from: day, open: '' })} />
        <DayEntry name="until" label={words.money.until} value={until} choose={(day) => place.narrow({ until: day, open: '' })} />
      </ListHead>
      <PagedNotice wrong={place.wrong} open={open} list={list} keyOf={keyOf} />
      <ListTable
        list={list}
        columns={[
          { word: words.money.order },
          { word: words.field.station, look: 'aside' },
          { word: words.field.truck, look: 'aside' },
          { word: words.field.state },
          ...(seesPayable ? [{ word: words.field.payable, look: 'amount' as const }] : []),
        ]}
        row={(order) => <OrderRow key={order.id} order={order} seesPayable={seesPayable} kept={keptOf(order.id)} />}
      />
      <ListFoot list={list} />
    </section>
  );
}

const keyOf = ({ id }: OrderSummary): string => id;

function OrderRow({ order, seesPayable, kept }: { order: OrderSummary; seesPayable: boolean; kept: KeptFold }): VNode {
  const { language, past } = useApp();
  const words = useWords();
  const isNow = past.value === null;
  const billed = BILLED_STATES.has(order.state);
  return (
    <FoldRow
      name="order"
      kept={kept}
      id={order.id}
      head={<DayTime at={order.createdAt} />}
      below={order.id}
      columns={COLUMNS}
      billed={billed}
      cells={
        <>
          <td class="aside">
            <Link kind="station" id={order.stationId} />
          </td>
          <td class="aside">{order.truckId === null ? '—' : <Link kind="truck" id={order.truckId} />}</td>
          <td>
            <Chip condition={orderCondition(order.state)}>{language.codeWord(order.state)}</Chip>
          </td>
          {seesPayable && <td class="amount">{yuan(order.payableFen)}</td>}
        </>
      }
      inside={() => (
        <>
          {billed ? <BillPanel orderId={order.id} state={order.state} /> : <p class="nothing">{words.money.notBilled}</p>}
          {billed && isNow && <RaiseDispute bill={{ orderId: order.id, chargeId: null }} />}
          <Link kind="order" id={order.id}>
            {words.money.openOrder}
          </Link>
        </>
      )}
    />
  );
}

/** Codes and plain figures: a file is read by programs too. */
function csvRows(items: readonly OrderSummary[]): string[][] {
  const head = ['order', 'created_asia_shanghai', 'state', 'station', 'truck', 'carrier', 'returned_pack', 'issued_pack'];
  return [
    [...head, 'quoted_yuan', 'held_yuan', 'payable_yuan'],
    ...items.map((order) => [
      order.id,
      dayAndTime(order.createdAt),
      order.state,
      order.stationId,
      order.truckId ?? '',
      order.carrierId ?? '',
      order.returnPackId ?? '',
      order.issuePackId ?? '',
      yuanCell(order.quotedFen),
      yuanCell(order.heldFen),
      yuanCell(order.payableFen),
    ]),
  ];
}

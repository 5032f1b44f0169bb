import type { OrderSummary } from '@corridor/protocols/http/scene';
import type { VNode } from 'preact';
import { saveCsv } from '../../format/csv.ts';
import { yuan } from '../../format/money.ts';
import { percent } from '../../format/quantity.ts';
import { dayAndTime } from '../../format/time.ts';
import { useApp, useWords } from '../app-context.ts';
import { useFetched } from '../fetched.ts';
import { Chip, DayTime, Figure } from '../figures.tsx';
import { Link } from '../link.tsx';
import { NotFetched } from '../not-fetched.tsx';
import { useInstant } from '../past/instant.ts';
import { Person } from '../person.tsx';
import { DataTable } from './data-table.tsx';
import { FoldRow } from './fold-row.tsx';
import { ListTable } from './list-table.tsx';
import { ListFoot, ListHead } from './list-tools.tsx';
import { usePaged } from './paged.ts';
import { RepairForm } from './repair-form.tsx';

const COLUMNS = 4;

/** Orders that the rules could not end: cause, evidence, and how a person ends them. */
export function AbnormalOrders(): VNode {
  const { moneyApi } = useApp();
  const words = useWords();
  const at = useInstant();
  const filter = { state: 'ABNORMAL', at: at ?? '' };
  const list = usePaged(JSON.stringify(filter), (cursor) => moneyApi.orders(filter, cursor));
  const { items } = list;
  return (
    <section class="money-part" data-part="abnormal">
      <ListHead refresh={list.refresh} saveCsv={items === null ? null : () => saveCsv('abnormal-orders.csv', csvRows(items))}>
        {null}
      </ListHead>
      <ListTable
        list={list}
        columns={[
          { word: words.money.order },
          { word: words.field.station, look: 'aside' },
          { word: words.field.truck, look: 'aside' },
          { word: words.money.reason },
        ]}
        row={(order) => <AbnormalRow key={order.id} order={order} changed={list.refresh} />}
      />
      <ListFoot list={list} none={words.money.noAbnormal} />
    </section>
  );
}

function AbnormalRow({ order, changed }: { order: OrderSummary; changed: () => void }): VNode {
  const { language, past } = useApp();
  const words = useWords();
  const isNow = past.value === null;
  return (
    <FoldRow
      name="abnormal"
      id={order.id}
      head={<DayTime at={order.createdAt} />}
      below={order.id}
      columns={COLUMNS}
      cells={
        <>
          <td class="aside">
            <Link kind="station" id={order.stationId} />
          </td>
          <td class="aside">{order.truckId === null ? '—' : <Link kind="truck" id={order.truckId} />}</td>
          <td>
            <Chip condition="alarm">{language.codeWord(order.reason ?? order.state)}</Chip>
          </td>
        </>
      }
      // Evidence and repair are of now.
      inside={() =>
        isNow ? (
          <AbnormalInside order={order} changed={changed} />
        ) : (
          <Link kind="order" id={order.id}>
            {words.money.openOrder}
          </Link>
        )
      }
    />
  );
}

export function AbnormalInside({ order, changed }: { order: OrderSummary; changed: () => void }): VNode {
  const { settlementApi, language } = useApp();
  const words = useWords();
  const { value, state, retry } = useFetched(order.id, () => settlementApi.abnormal(order.id));
  if (value === null) return <NotFetched state={state} retry={retry} />;
  return (
    <>
      <p class="prose">{language.chinese ? value.causeZh : value.cause}</p>
      <p class="prose remedy">
        <b>{words.money.remedy}</b> {language.chinese ? value.remedyZh : value.remedy}
      </p>
      <RepairForm order={order} changed={changed} />
      <DataTable
        caption={words.money.movements}
        columns={[{ word: words.money.time }, { word: words.money.type }, { word: words.money.amount, look: 'amount' }]}
        rows={value.transfers.map((each) => ({
          key: each.key,
          cells: [<DayTime at={each.at} />, words.money.movementKind[each.kind] ?? each.kind, yuan(each.amountFen)],
        }))}
      />
      <DataTable
        caption={words.money.readings}
        columns={[{ word: words.money.time }, { word: words.field.pack }, { word: words.money.place }, { word: 'SOC', look: 'amount' }]}
        rows={value.packReadings.map((each) => ({
          key: `${each.at}/${each.packId}`,
          cells: [
            <DayTime at={each.at} />,
            <Link kind="pack" id={each.packId} />,
            placeText(each.place, words.location),
            <Figure of={percent(each.socPercent, 1)} />,
          ],
        }))}
      />
      <DataTable
        caption={words.money.acts}
        columns={[{ word: words.money.time }, { word: words.money.person }, { word: words.money.type }]}
        rows={value.acts.map((each) => ({
          key: `${each.at}/${each.action}`,
          cells: [<DayTime at={each.at} />, <Person id={each.by} />, words.money.orderAct[each.action] ?? each.action],
        }))}
      />
      <Link kind="order" id={order.id}>
        {words.money.openOrder}
      </Link>
    </>
  );
}

/** `SLOT HH1-3` by the word of its kind. */
function placeText(place: string, kinds: Readonly<Record<string, string>>): string {
  const [kind = '', ...id] = place.split(' ');
  return `${kinds[kind] ?? kind} ${id.join(' ')}`;
}

function csvRows(items: readonly OrderSummary[]): string[][] {
  return [
    ['order', 'created_asia_shanghai', 'reason', 'station', 'truck', 'carrier'],
    ...items.map((order) => [
      order.id,
      dayAndTime(order.createdAt),
      order.reason ?? '',
      order.stationId,
      order.truckId ?? '',
      order.carrierId ?? '',
    ]),
  ];
}

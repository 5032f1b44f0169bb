import { ArrowLeft, Download, Printer } from 'lucide';
import type { VNode } from 'preact';
import type { FullStatement, StatementContent } from '../../feed/settlement-api.ts';
import { saveCsv, yuanCell } from '../../format/csv.ts';
import { yuan } from '../../format/money.ts';
import { figure } from '../../format/quantity.ts';
import { day, dayAndTime, period } from '../../format/time.ts';
import { derivationText } from '../../i18n/derivation.ts';
import { useApp, useWords } from '../app-context.ts';
import { useFetched } from '../fetched.ts';
import { DayTime, Field } from '../figures.tsx';
import { Icon } from '../icon.tsx';
import { NotFetched } from '../not-fetched.tsx';
import { type Column, DataTable, type Row } from './data-table.tsx';

/** One statement as a sheet: read here, and printed as it stands, without what surrounds it. */
export function StatementSheet({ statementId, close }: { statementId: string; close: () => void }): VNode {
  const { settlementApi } = useApp();
  const words = useWords();
  const { value, state, retry } = useFetched(statementId, () => settlementApi.statement(statementId));
  return (
    <section class="money-part" data-part="statement">
      <div class="list-head no-print">
        <button type="button" class="button" data-action="close-statement" onClick={close}>
          <Icon node={ArrowLeft} size={14} />
          {words.money.allStatements}
        </button>
        <div class="list-actions">
          <button
            type="button"
            class="button"
            data-action="csv"
            disabled={value === null}
            onClick={() => value !== null && saveOrders(value)}
          >
            <Icon node={Download} size={14} />
            CSV
          </button>
          <button type="button" class="button primary" data-action="print" disabled={value === null} onClick={() => window.print()}>
            <Icon node={Printer} size={14} />
            {words.money.print}
          </button>
        </div>
      </div>
      {value === null ? <NotFetched state={state} retry={retry} tall /> : <Sheet statement={value} />}
    </section>
  );
}

function saveOrders({ id, content }: FullStatement): void {
  saveCsv(`statement-${id}-orders.csv`, [
    ['order', 'time_asia_shanghai', 'station', 'role', 'gross_yuan', 'commission_yuan', 'net_yuan'],
    ...content.orders.map((order) => [
      order.orderId,
      dayAndTime(order.at),
      order.stationId,
      order.role,
      yuanCell(order.grossFen),
      yuanCell(order.commissionFen),
      yuanCell(order.netFen),
    ]),
  ]);
}

function Sheet({ statement }: { statement: FullStatement }): VNode {
  const { names, language } = useApp();
  const words = useWords();
  const { content } = statement;
  return (
    <article class="sheet">
      <h2>
        {words.money.statement} <span class="figure">{statement.id}</span>
      </h2>
      <dl class="fields padded">
        <Field label={words.money.party}>{names.nameOf(statement.principalId, language.chinese)}</Field>
        <Field label={words.field.period}>
          <span class="figure">{period(statement.from, statement.until)}</span>
        </Field>
        <Field label={words.money.payableFrom}>
          <span class="figure">{day(statement.payableAt)}</span>
        </Field>
        <Field label={words.field.state}>{words.money.statementState[statement.state] ?? statement.state}</Field>
      </dl>
      <Totals totals={content.totals} />
      <Orders orders={content.orders} />
      <Movements content={content} />
      <Partners content={content} />
      <DataTable
        caption={words.money.taxes}
        columns={[
          { word: words.money.component },
          { word: words.field.tax },
          { word: words.money.amount, look: 'amount' },
          { word: words.money.taxContained, look: 'amount' },
        ]}
        rows={content.taxes.map((tax) => ({
          key: `${tax.component}/${tax.rateBasisPoints}`,
          cells: [language.codeWord(tax.component), `${figure(tax.rateBasisPoints / 100)} %`, yuan(tax.amountFen), yuan(tax.taxFen)],
        }))}
      />
      <p class="hash">
        <small>SHA-256 {statement.contentHash}</small>
      </p>
    </article>
  );
}

function Totals({ totals }: { totals: StatementContent['totals'] }): VNode {
  const words = useWords();
  const taken = totals.splitsFen === '0' ? '0' : (0n - BigInt(totals.splitsFen)).toString();
  const parts: readonly (readonly [word: string, fen: string])[] = [
    [words.money.tab.orders, totals.ordersFen],
    [words.money.corrections, totals.correctionsFen],
    [words.money.otherMovements, totals.othersFen],
    [words.money.splits, taken],
    [words.money.received, totals.receivedFen],
    [words.money.carriedIn, totals.carriedInFen],
  ];
  return (
    <table class="bill statement-totals">
      <tbody>
        {parts
          .filter(([, fen]) => fen !== '0')
          .map(([word, fen]) => (
            <tr key={word}>
              <th scope="row">{word}</th>
              <td class="amount">{yuan(fen)}</td>
            </tr>
          ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">{words.money.total}</th>
          <td class="amount">{yuan(totals.totalFen)}</td>
        </tr>
      </tfoot>
    </table>
  );
}

const time = (at: string): VNode => <DayTime at={at} />;

function Orders({ orders }: { orders: StatementContent['orders'] }): VNode | null {
  const { language } = useApp();
  const words = useWords();
  const columns: Column[] = [
    { word: words.money.order },
    { word: words.money.time, look: 'aside' },
    { word: words.field.station, look: 'aside' },
    { word: words.money.type, look: 'aside' },
    { word: words.field.gross, look: 'amount' },
    { word: words.field.commission, look: 'amount' },
    { word: words.field.net, look: 'amount' },
  ];
  const rows = orders.map((order): Row => {
    const amounts = [yuan(order.grossFen), yuan(order.commissionFen), yuan(order.netFen)];
    return {
      key: `${order.orderId}/${order.role}`,
      cells: [order.orderId, time(order.at), order.stationId, language.codeWord(order.role), ...amounts],
    };
  });
  return <DataTable caption={words.money.tab.orders} columns={columns} rows={rows} />;
}

/** A reason is a person's words, or the code of what the platform found by itself. */
const CODE = /^[A-Z]+(?:_[A-Z]+)*$/;

function Movements({ content }: { content: StatementContent }): VNode {
  const { language } = useApp();
  const words = useWords();
  const net: Column = { word: words.money.amount, look: 'amount' };
  return (
    <>
      <DataTable
        caption={words.money.corrections}
        columns={[{ word: words.money.order }, { word: words.money.time, look: 'aside' }, { word: words.money.reason }, net]}
        rows={content.corrections.map((each) => ({
          key: each.correctionId,
          cells: [
            each.orderId ?? each.chargeId,
            time(each.at),
            `${words.money.correctionCause[each.cause] ?? each.cause} · ${CODE.test(each.reason) ? language.codeWord(each.reason) : each.reason}`,
            yuan(each.netFen),
          ],
        }))}
      />
      <DataTable
        caption={words.money.otherMovements}
        columns={[{ word: words.money.type }, { word: words.money.time, look: 'aside' }, net]}
        rows={content.others.map((each) => ({
          key: each.key,
          cells: [words.money.movementKind[each.kind] ?? each.kind, time(each.at), yuan(each.amountFen)],
        }))}
      />
    </>
  );
}

function Partners({ content }: { content: StatementContent }): VNode {
  const { names, language } = useApp();
  const words = useWords();
  const columns: Column[] = [
    { word: words.money.party },
    { word: words.field.derivation, look: 'aside' },
    { word: words.money.amount, look: 'amount' },
  ];
  return (
    <>
      <DataTable
        caption={words.money.splits}
        columns={columns}
        rows={content.splits.map((each) => ({
          key: `${each.ruleNo}/${each.partnerId}`,
          cells: [names.nameOf(each.partnerId, language.chinese), derivationText(each.derivation, language), yuan(each.amountFen)],
        }))}
      />
      <DataTable
        caption={words.money.received}
        columns={columns}
        rows={content.received.map((each) => ({
          key: `${each.statementId}/${each.ruleNo}`,
          cells: [names.nameOf(each.principalId, language.chinese), derivationText(each.derivation, language), yuan(each.amountFen)],
        }))}
      />
    </>
  );
}

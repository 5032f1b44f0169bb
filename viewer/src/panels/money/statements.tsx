import { Download, ExternalLink } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { Payment, Statement, StatementForm } from '../../feed/money-api.ts';
import { saveFile } from '../../format/csv.ts';
import { yuan } from '../../format/money.ts';
import { period } from '../../format/time.ts';
import { useApp, useWords } from '../app-context.ts';
import { Chip } from '../figures.tsx';
import { Icon } from '../icon.tsx';
import { type Act, useAct } from '../use-act.ts';
import { ListTable } from './list-table.tsx';
import { ListFoot } from './list-tools.tsx';
import { usePaged } from './paged.ts';
import { cashierOf, PaymentCard } from './payment-card.tsx';
import { StatementSheet } from './statement-sheet.tsx';

const FORMS: readonly (readonly [form: StatementForm, ending: string])[] = [
  ['page', 'html'],
  ['csv', 'csv'],
  ['json', 'json'],
];

type Save = (statement: Statement, form: StatementForm, ending: string) => Promise<void>;

/** Statements of closed periods, newest first, each to keep as a page to print, CSV or JSON with its hash. */
export function Statements(): VNode {
  const { moneyApi, moneyItem, language } = useApp();
  const words = useWords();
  const [failed, setFailed] = useState(false);
  const list = usePaged('statements', (cursor) => moneyApi.statements(cursor));
  const save: Save = async (statement, form, ending) => {
    try {
      saveFile(`statement-${statement.id}.${ending}`, await moneyApi.statementFile(statement.id, form, language.chinese ? 'zh' : 'en'));
      setFailed(false);
    } catch {
      // A lost session was dealt with by the client; anything else is said above the list.
      setFailed(true);
    }
  };
  const [paying, setPaying] = useState<Payment | null>(null);
  const act = useAct();
  const collect = (statement: Statement): Promise<boolean> =>
    act.run(async () => {
      const payment = await moneyApi.collect(statement.id);
      const cashier = cashierOf(payment);
      if (payment.state === 'REQUESTED' && cashier !== null) window.open(cashier, '_blank', 'noopener');
      setPaying(payment);
    });
  const closePayment = (): void => {
    setPaying(null);
    list.refresh();
  };
  if (paying !== null)
    return (
      <section class="money-part top-up" data-part="collection">
        <PaymentCard payment={paying} follow={setPaying} close={closePayment} closeWord={words.money.allStatements} />
      </section>
    );
  if (moneyItem.value !== null) return <StatementSheet statementId={moneyItem.value} close={() => (moneyItem.value = null)} />;
  return (
    <section class="money-part" data-part="statements">
      {failed && (
        <p class="alarm-text" role="alert">
          {words.notAvailable}
        </p>
      )}
      <p class="alarm-text" role="alert">
        {act.problem}
      </p>
      <ListTable
        list={list}
        columns={[
          { word: words.field.period },
          { word: words.money.party, look: 'aside' },
          { word: words.field.state },
          { word: words.money.amount, look: 'amount' },
        ]}
        row={(statement) => (
          <StatementRow
            key={statement.id}
            statement={statement}
            save={save}
            open={() => (moneyItem.value = statement.id)}
            act={act}
            collect={() => void collect(statement)}
          />
        )}
      />
      <ListFoot list={list} none={words.money.noStatements} />
    </section>
  );
}

function StatementRow(props: { statement: Statement; save: Save; open: () => void; act: Act; collect: () => void }): VNode {
  const { statement, save, open, act, collect } = props;
  const { names, language, session } = useApp();
  const words = useWords();
  return (
    <tr data-statement={statement.id}>
      <td title={statement.contentHash}>
        <button type="button" class="link figure period-link" data-action="open-statement" onClick={open}>
          {period(statement.from, statement.until)}
        </button>
        <br />
        {FORMS.map(([form, ending]) => (
          <button key={form} type="button" class="link file-link" data-form={form} onClick={() => void save(statement, form, ending)}>
            <Icon node={Download} size={12} />
            {ending.toUpperCase()}
          </button>
        ))}
      </td>
      <td class="aside">{names.nameOf(statement.principalId, language.chinese)}</td>
      <td>
        <Chip condition={statement.state === 'FROZEN' || statement.state === 'DUE' ? 'wait' : 'normal'}>
          {words.money.statementState[statement.state] ?? statement.state}
        </Chip>
        {statement.state === 'DUE' && session.person?.principalId === statement.principalId && (
          <div class="act-buttons">
            <button type="button" class="button primary" data-action="collect" disabled={act.sending} onClick={collect}>
              <Icon node={ExternalLink} size={14} />
              {words.money.collect}
            </button>
          </div>
        )}
      </td>
      <td class="amount">{yuan(statement.totalFen)}</td>
    </tr>
  );
}

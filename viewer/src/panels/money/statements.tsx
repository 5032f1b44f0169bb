import { Download } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { Statement, StatementForm } from '../../feed/money-api.ts';
import { saveFile } from '../../format/csv.ts';
import { yuan } from '../../format/money.ts';
import { period } from '../../format/time.ts';
import { useApp, useWords } from '../app-context.ts';
import { Chip } from '../figures.tsx';
import { Icon } from '../icon.tsx';
import { ListTable } from './list-table.tsx';
import { ListFoot } from './list-tools.tsx';
import { usePaged } from './paged.ts';
import { StatementSheet } from './statement-sheet.tsx';

const FORMS: readonly (readonly [form: StatementForm, ending: string])[] = [
  ['page', 'html'],
  ['csv', 'csv'],
  ['json', 'json'],
];

type Save = (statement: Statement, form: StatementForm, ending: string) => Promise<void>;

/** Statements of closed periods, newest first, each to keep as a page to print, CSV or JSON with its hash. */
export function Statements(): VNode {
  const { moneyApi, language } = useApp();
  const words = useWords();
  const [failed, setFailed] = useState(false);
  const list = usePaged('statements', (cursor) => moneyApi.statements(cursor));
  const [opened, setOpened] = useState<string | null>(null);
  const save: Save = async (statement, form, ending) => {
    try {
      saveFile(`statement-${statement.id}.${ending}`, await moneyApi.statementFile(statement.id, form, language.chinese ? 'zh' : 'en'));
      setFailed(false);
    } catch {
      // A lost session was dealt with by the client; anything else is said above the list.
      setFailed(true);
    }
  };
  if (opened !== null) return <StatementSheet statementId={opened} close={() => setOpened(null)} />;
  return (
    <section class="money-part" data-part="statements">
      {failed && (
        <p class="alarm-text" role="alert">
          {words.notAvailable}
        </p>
      )}
      <ListTable
        list={list}
        columns={[
          { word: words.field.period },
          { word: words.money.party, look: 'aside' },
          { word: words.field.state },
          { word: words.money.amount, look: 'amount' },
        ]}
        row={(statement) => <StatementRow key={statement.id} statement={statement} save={save} open={() => setOpened(statement.id)} />}
      />
      <ListFoot list={list} none={words.money.noStatements} />
    </section>
  );
}

function StatementRow({ statement, save, open }: { statement: Statement; save: Save; open: () => void }): VNode {
  const { names, language } = useApp();
  const words = useWords();
  return (
    <tr data-statement={statement.id}>
      <td title={statement.contentHash}>
        <button type="button" class="link figure" data-action="open-statement" onClick={open}>
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
        <Chip condition={statement.state === 'FROZEN' ? 'wait' : 'normal'}>
          {words.money.statementState[statement.state] ?? statement.state}
        </Chip>
      </td>
      <td class="amount">{yuan(statement.totalFen)}</td>
    </tr>
  );
}

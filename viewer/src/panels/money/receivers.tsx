import { Landmark } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { ApiError } from '../../feed/api-client.ts';
import type { MoneyApi, Receiver } from '../../feed/money-api.ts';
import { useApp, useWords } from '../app-context.ts';
import { useFetched } from '../fetched.ts';
import { Icon } from '../icon.tsx';
import { NotFetched } from '../not-fetched.tsx';
import { useAct } from '../use-act.ts';
import { TableHead } from './data-table.tsx';
import { Choice } from './list-tools.tsx';
import { ReceiverDraft } from './receiver-draft.tsx';

/** Where parties are paid out: drafted by one person of the platform, approved by another, refused also by whose it is. */
export function Receivers(): VNode {
  const { moneyApi, session, approvals } = useApp();
  const words = useWords();
  const { value, state, retry } = useFetched('receivers', () => receiversOf(moneyApi), approvals.waiting.value.length);
  const receivers = Array.isArray(value) ? value : [];
  const isPlatform = session.person?.roles.includes('PLATFORM_OPERATOR') === true;
  return (
    <section class="money-part" data-part="receivers">
      <h2>{words.receiver.title}</h2>
      {value === null && <NotFetched state={state} retry={retry} />}
      {value === 'NO_RAIL' && <p class="nothing">{words.receiver.noRail}</p>}
      {receivers.length === 0 && Array.isArray(value) && <p class="nothing">{words.receiver.none}</p>}
      {receivers.length > 0 && (
        <table class="money-table stacked">
          <TableHead columns={[{ word: words.money.party }, { word: words.receiver.inForce }, { word: words.receiver.draft }]} />
          <tbody>
            {receivers.map((receiver) => (
              <ReceiverRow key={receiver.principalId} receiver={receiver} changed={retry} />
            ))}
          </tbody>
        </table>
      )}
      {isPlatform && Array.isArray(value) && <DraftForm drafted={retry} />}
    </section>
  );
}

/** Without a payment provider there are none, which asking again does not change. */
async function receiversOf(moneyApi: MoneyApi): Promise<readonly Receiver[] | 'NO_RAIL'> {
  try {
    return await moneyApi.receivers();
  } catch (error) {
    if (error instanceof ApiError && error.problemCode === 'RAIL_NOT_CONFIGURED') return 'NO_RAIL';
    throw error;
  }
}

function ReceiverRow({ receiver, changed }: { receiver: Receiver; changed: () => void }): VNode {
  const { principalId, inForce, draft } = receiver;
  const { names, language } = useApp();
  return (
    <tr data-receiver={principalId}>
      <td class="wrap">{names.nameOf(principalId, language.chinese)}</td>
      <td class="wrap">
        {inForce === null ? '—' : <span class="figure">{inForce.account}</span>}
        {inForce !== null && <small class="under">{inForce.name}</small>}
      </td>
      <td class="wrap">{draft === null ? '—' : <ReceiverDraft principalId={principalId} draft={draft} changed={changed} />}</td>
    </tr>
  );
}

function DraftForm({ drafted }: { drafted: () => void }): VNode {
  const { moneyApi, names, language } = useApp();
  const words = useWords();
  const [principalId, setPrincipal] = useState(names.ids()[0] ?? '');
  const [account, setAccount] = useState('');
  const [name, setName] = useState('');
  const act = useAct();
  const send = async (): Promise<void> => {
    if (!ACCOUNT.test(account.trim()) || name.trim() === '') return act.object(words.receiver.invalid);
    if (!(await act.run(() => moneyApi.draftReceiver({ principalId, account: account.trim(), name: name.trim() })))) return;
    setAccount('');
    setName('');
    drafted();
  };
  return (
    <form
      noValidate
      data-form="receiver"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <div class="list-head">
        <Choice
          name="receiver-party"
          label={words.money.party}
          value={principalId}
          choose={setPrincipal}
          options={names.ids().map((id) => [id, names.nameOf(id, language.chinese)] as const)}
        />
        <label class="entry">
          <span>{words.receiver.account}</span>
          <input
            name="receiver-account"
            class="figure"
            maxLength={64}
            autocomplete="off"
            value={account}
            onInput={(event) => setAccount(event.currentTarget.value)}
          />
        </label>
        <label class="entry">
          <span>{words.receiver.name}</span>
          <input
            name="receiver-name"
            maxLength={128}
            autocomplete="off"
            value={name}
            onInput={(event) => setName(event.currentTarget.value)}
          />
        </label>
        <button type="submit" class="button" data-action="draft-receiver" disabled={act.sending}>
          <Icon node={Landmark} size={14} />
          {words.agreement.draft}
        </button>
      </div>
      <p class="alarm-text" role="alert">
        {act.problem}
      </p>
      <p class="nothing">{words.receiver.note}</p>
    </form>
  );
}

const ACCOUNT = /^[\w-]{1,64}$/;

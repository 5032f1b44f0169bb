import { Landmark } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { Receiver } from '../../feed/money-api.ts';
import { dayAndTime } from '../../format/time.ts';
import { useApp, useWords } from '../app-context.ts';
import { useFetched } from '../fetched.ts';
import { Icon } from '../icon.tsx';
import { useAct } from '../use-act.ts';
import { TableHead } from './data-table.tsx';
import { Choice } from './list-tools.tsx';

/** Where parties are paid out: drafted by one person of the platform, approved by another, refused also by whose it is. */
export function Receivers(): VNode {
  const { moneyApi, session } = useApp();
  const words = useWords();
  const { value, state, retry } = useFetched('receivers', () => moneyApi.receivers());
  const isPlatform = session.person?.roles.includes('PLATFORM_OPERATOR') === true;
  return (
    <section class="money-part" data-part="receivers">
      <h2>{words.receiver.title}</h2>
      {value === null && state !== 'failed' && <div class="skeleton" aria-busy="true" />}
      {value === null && state === 'failed' && <p class="nothing">{words.receiver.noRail}</p>}
      {value?.length === 0 && <p class="nothing">{words.receiver.none}</p>}
      {value !== null && value.length > 0 && (
        <table class="money-table">
          <TableHead columns={[{ word: words.money.party }, { word: words.receiver.inForce }, { word: words.receiver.draft }]} />
          <tbody>
            {value.map((receiver) => (
              <ReceiverRow key={receiver.principalId} receiver={receiver} changed={retry} isPlatform={isPlatform} />
            ))}
          </tbody>
        </table>
      )}
      {isPlatform && value !== null && <DraftForm drafted={retry} />}
    </section>
  );
}

function ReceiverRow(props: { receiver: Receiver; changed: () => void; isPlatform: boolean }): VNode {
  const { principalId, inForce, draft } = props.receiver;
  const { moneyApi, session, names, language } = useApp();
  const words = useWords();
  const act = useAct();
  const decide = async (ask: () => Promise<unknown>): Promise<void> => {
    if (await act.run(ask)) props.changed();
  };
  const isDrafter = draft?.draftedBy === session.person?.userId;
  return (
    <tr data-receiver={principalId}>
      <td class="wrap">{names.nameOf(principalId, language.chinese)}</td>
      <td class="wrap">
        {inForce === null ? '—' : <span class="figure">{inForce.account}</span>}
        {inForce !== null && <small class="under">{inForce.name}</small>}
      </td>
      <td class="wrap">
        {draft === null ? '—' : <span class="figure">{draft.account}</span>}
        {draft !== null && (
          <>
            <small class="under">
              {draft.name} · {words.agreement.draftedBy} {draft.draftedBy}
            </small>
            {draft.inForceFrom !== null && (
              <small class="under">
                {words.agreement.beginsOn} {dayAndTime(draft.inForceFrom)} ({words.receiver.wallClock})
              </small>
            )}
            {draft.inForceFrom === null && isDrafter && <small class="under">{words.receiver.secondPerson}</small>}
            <div class="act-buttons">
              {props.isPlatform && draft.inForceFrom === null && !isDrafter && (
                <button
                  type="button"
                  class="button primary"
                  data-action="approve-receiver"
                  disabled={act.sending}
                  onClick={() => void decide(() => moneyApi.approveReceiver(principalId, draft.account))}
                >
                  {words.agreement.approve}
                </button>
              )}
              <button
                type="button"
                class="button"
                data-action="refuse-receiver"
                disabled={act.sending}
                onClick={() => void decide(() => moneyApi.refuseReceiver(principalId))}
              >
                {words.money.refusePayment}
              </button>
            </div>
          </>
        )}
        <p class="alarm-text" role="alert">
          {act.problem}
        </p>
      </td>
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

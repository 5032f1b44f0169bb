import { Undo2 } from 'lucide';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { newRequestKey } from '../../feed/request-key.ts';
import { fenOfEntry } from '../../format/amount-entry.ts';
import { yuan } from '../../format/money.ts';
import { useApp, useWords } from '../app-context.ts';
import { useFetched } from '../fetched.ts';
import { Icon } from '../icon.tsx';
import { useAct } from '../use-act.ts';
import { Choice } from './list-tools.tsx';

/** Balance back to the carrier, by the way it was paid in: held at once, gone when the provider has paid it. */
export function Withdraw({ done }: { done: () => void }): VNode | null {
  const { moneyApi, session, names, language } = useApp();
  const words = useWords();
  const { value: accounts, retry } = useFetched('withdraw', () => moneyApi.accounts());
  const [chosen, setChosen] = useState<string | null>(null);
  const [entry, setEntry] = useState('');
  const [key, setKey] = useState(newRequestKey);
  const act = useAct();
  const balances = (accounts ?? []).filter(({ kind, principalId }) => kind === 'PREPAID' && principalId !== null);
  const own = session.person?.principalId ?? null;
  const balance = balances.find(({ principalId }) => principalId === (chosen ?? own)) ?? balances[0];
  if (balance?.principalId === undefined || balance.principalId === null) return null;
  const carrierId = balance.principalId;
  const amountFen = fenOfEntry(entry);
  // Another amount is another request; the same one sent again after a lost answer stays one.
  const change = (take: () => void): void => {
    take();
    setKey(newRequestKey());
  };
  const send = async (): Promise<void> => {
    if (amountFen === null) return act.object(words.money.amountInvalid);
    if (!(await act.run(() => moneyApi.withdraw({ carrierId, amountFen, key })))) return;
    change(() => setEntry(''));
    retry();
    done();
  };
  return (
    <section class="money-part" data-part="withdraw">
      <h2>{words.money.withdrawBalance}</h2>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <div class="list-head">
          {balances.length > 1 && (
            <Choice
              name="withdrawing-carrier"
              label={words.money.carrier}
              value={carrierId}
              choose={(id) => change(() => setChosen(id))}
              options={balances.map(({ principalId }) => [principalId ?? '', names.nameOf(principalId ?? '', language.chinese)] as const)}
            />
          )}
          <Amount entry={entry} enter={(text) => change(() => setEntry(text))} balanceFen={balance.balanceFen} />
          <button type="submit" class="button" data-action="withdraw" disabled={act.sending}>
            <Icon node={Undo2} size={14} />
            {words.money.withdrawNow}
          </button>
        </div>
        <p class="alarm-text" role="alert">
          {act.problem}
        </p>
        <p class="nothing">{words.money.withdrawNote}</p>
      </form>
    </section>
  );
}

function Amount({ entry, enter, balanceFen }: { entry: string; enter: (text: string) => void; balanceFen: string }): VNode {
  const words = useWords();
  return (
    <label class="entry">
      <span>{words.money.amountYuan}</span>
      <input
        name="withdraw-amount"
        class="figure"
        inputMode="decimal"
        autocomplete="off"
        placeholder={yuan(balanceFen)}
        value={entry}
        onInput={(event) => enter(event.currentTarget.value)}
      />
    </label>
  );
}

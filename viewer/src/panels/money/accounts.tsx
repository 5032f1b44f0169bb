import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { Account } from '../../feed/money-api.ts';
import { yuan } from '../../format/money.ts';
import { useApp, useWords } from '../app-context.ts';
import { useFetched } from '../fetched.ts';
import { NotFetched } from '../not-fetched.tsx';
import { Choice } from './list-tools.tsx';
import { Movements } from './movements.tsx';

/** Balances are asked for again this often while one looks at them. */
const REFRESH_S = 15;
/** What one may spend comes first, then what is tied up. */
const KINDS = ['PREPAID', 'HELD', 'DEPOSIT', 'PACKAGE', 'INCOME', 'CLEARING', 'RAIL'];
const RAILS = '';

/** Accounts of one principal with their balances, and the movements of the one that is chosen. */
export function Accounts(): VNode {
  const { moneyApi, session, second, names, language, topUp } = useApp();
  const words = useWords();
  const turn = `${Math.floor(second.value / REFRESH_S)}/${topUp.value?.state ?? ''}`;
  const { value, state, retry } = useFetched('accounts', () => moneyApi.accounts(), turn);
  const [chosenOwner, setOwner] = useState<string | null>(null);
  const [chosenId, setChosenId] = useState<string | null>(null);
  if (value === null) return <NotFetched state={state} retry={retry} tall />;
  const owners = [...new Set(value.map(ownerOf))];
  const own = session.person?.principalId ?? null;
  const owner = chosenOwner ?? owners.find((id) => id === own) ?? owners[0];
  const accounts = value.filter((account) => ownerOf(account) === owner).sort(byKind);
  const chosen = accounts.find(({ id }) => id === chosenId) ?? accounts[0];
  if (chosen === undefined) return <p class="nothing">{words.money.noAccounts}</p>;
  return (
    <>
      {owners.length > 1 && (
        <Choice
          name="owner"
          label={words.money.whose}
          value={owner ?? ''}
          choose={setOwner}
          options={owners.map((id) => [id, id === RAILS ? words.money.rails : names.nameOf(id, language.chinese)] as const)}
        />
      )}
      <ul class="accounts">
        {accounts.map((account) => (
          <li key={account.id}>
            <AccountCard account={account} chosen={account === chosen} choose={() => setChosenId(account.id)} />
          </li>
        ))}
      </ul>
      <Movements key={chosen.id} account={chosen} />
    </>
  );
}

const ownerOf = (account: Account): string => account.principalId ?? RAILS;
const byKind = (a: Account, b: Account): number => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || a.id.localeCompare(b.id);

function AccountCard({ account, chosen, choose }: { account: Account; chosen: boolean; choose: () => void }): VNode {
  const words = useWords();
  return (
    <button type="button" class="account" data-account={account.id} aria-pressed={chosen} onClick={choose}>
      <span>{words.money.accountKind[account.kind] ?? account.kind}</span>
      <b class="figure">{yuan(account.balanceFen)}</b>
      <small>{account.id}</small>
    </button>
  );
}
